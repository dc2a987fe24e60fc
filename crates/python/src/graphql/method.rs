//! Functions of the user's, called as a framework's wrappers around them would, without these.

use std::rc::Rc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::arguments::Keywords;
use super::host::{PythonCall, PythonHost, handle};
use super::own_info::OwnInfo;
use super::premise::Premise;
use super::resolution::name_of;
use crate::cpython::{CallArguments, new_dict, tuple_of};
use crate::meter::Tally;

/// A function of the user's, and how it wants to be called.
pub(crate) struct Method {
    pub(crate) function: Py<PyAny>,
    /// The type whose field it is.
    pub(crate) owner: String,
    /// Whether the object comes first, by position.
    pub(crate) object_first: bool,
    /// The names under which the object is passed.
    pub(crate) object_names: Vec<Py<PyString>>,
    /// Makes the framework's own `info`, where that can be noticed.
    pub(crate) own_info: Option<OwnInfo>,
    /// The name under which `info` is passed.
    pub(crate) info_name: Option<Py<PyString>>,
    /// `(arguments, info) -> arguments`, by the names that the function has for them.
    pub(crate) convert: Option<Py<PyAny>>,
    /// What must still be so for the wrappers to be needless.
    pub(crate) premises: Vec<Premise>,
}

/// How one execution calls the method of a field.
#[derive(Default)]
pub(crate) enum MethodCalls {
    /// Not found out yet.
    #[default]
    Unknown,
    /// With the same arguments for every object.
    Alike(Rc<Keywords>),
    /// With arguments made anew for every object.
    Anew,
    /// By the framework: what the method rests on has changed.
    ByResolver,
}

impl Method {
    /// How it is got, in a few words.
    pub(super) fn how(&self, py: Python<'_>) -> String {
        let name = name_of(self.function.bind(py));
        let name = name.rsplit('.').next().unwrap_or_default();
        if self.object_first || !self.object_names.is_empty() {
            format!("method {name} of {}", self.owner)
        } else {
            format!("function {name}")
        }
    }

    /// How many crossings each value costs.
    pub(super) fn crossings(&self) -> usize {
        1 + self.own_info.as_ref().map_or(0, OwnInfo::crossings)
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)?;
        self.own_info.as_ref().map_or(Ok(()), |own| own.traverse(visit))?;
        visit.call(&self.convert)?;
        self.premises.iter().try_for_each(|premise| premise.traverse(visit))
    }

    /// The names of the arguments that come behind those of the field.
    fn further_names(&self) -> impl Iterator<Item = &Py<PyString>> {
        self.object_names.iter().chain(&self.info_name)
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// What the user's function gives.
    #[inline]
    pub(super) fn method(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        (method, resolver): (&Method, &Py<PyAny>),
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(MethodCalls::Alike(keywords)) = self.known.methods.get(call.field.number) {
            let keywords = Rc::clone(keywords);
            return self.call_alike(call, source, method, &keywords);
        }
        if self.rests(call, method) {
            return self.call_anew(call, source, method);
        }
        let arguments = self.arguments(call.field)?;
        self.call_with_info(resolver.bind(self.py), Some(source), call, &arguments)
    }

    /// Whether the method may be called without its wrappers, as was found out by its first call.
    fn rests(&mut self, call: &PythonCall<'_, 'py>, method: &Method) -> bool {
        let number = call.field.number;
        if self.known.methods.len() <= number {
            self.known.methods.resize_with(number + 1, MethodCalls::default);
        }
        if matches!(self.known.methods[number], MethodCalls::Unknown) {
            self.tally.read(method.premises.len());
            let holds = method.premises.iter().all(|premise| premise.holds(self.py));
            self.known.methods[number] =
                if holds { MethodCalls::Anew } else { MethodCalls::ByResolver };
        }
        matches!(self.known.methods[number], MethodCalls::Anew)
    }

    #[inline]
    fn call_alike(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        method: &Method,
        keywords: &Keywords,
    ) -> PyResult<Bound<'py, PyAny>> {
        let info = self.own_info(call, method)?;
        let mut arguments = CallArguments::new();
        if method.object_first {
            arguments.push(source);
        }
        for value in &keywords.values {
            arguments.push(value.bind(self.py));
        }
        for _ in &method.object_names {
            arguments.push(source);
        }
        if let (Some(info), Some(_)) = (&info, &method.info_name) {
            arguments.push(info);
        }
        let names = keywords.names.as_ref().map(|names| names.bind(self.py));
        self.passage.note_call();
        self.tally.call(|| arguments.call(method.function.bind(self.py), names))
    }

    #[inline(never)]
    fn call_anew(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        method: &Method,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        let coerced = match &method.convert {
            Some(_) => self.coerce(call.field)?,
            None => new_dict(py)?,
        };
        let info = self.own_info(call, method)?;
        let mut arguments = coerced.clone();
        if let Some(convert) = &method.convert {
            let converted = self.tally.call(|| convert.bind(py).call1((&coerced, &info)))?;
            arguments = converted.cast_into::<PyDict>()?;
        }
        if handle(call.field).arguments_are_stable
            && Keywords::shared(&coerced)?.is_some()
            && let Some(mut keywords) = Keywords::shared(&arguments)?
        {
            keywords.expect(py, method.further_names())?;
            self.known.methods[call.field.number] = MethodCalls::Alike(Rc::new(keywords));
        }
        for name in &method.object_names {
            arguments.set_item(name, source)?;
        }
        if let (Some(info), Some(name)) = (&info, &method.info_name) {
            arguments.set_item(name, info)?;
        }
        let object = tuple_of(py, method.object_first.then(|| source.clone()))?;
        self.passage.note_call();
        self.tally.call(|| method.function.bind(py).call(object, Some(&arguments)))
    }

    /// The `info` of the framework's own making, if anybody can tell that it was made.
    fn own_info(
        &mut self,
        call: &PythonCall<'_, 'py>,
        method: &Method,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(own) = &method.own_info else { return Ok(None) };
        let info = self.info(call)?;
        own.make(&info, self.tally).map(Some)
    }
}
