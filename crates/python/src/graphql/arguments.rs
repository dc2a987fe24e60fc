//! The arguments of fields, coerced by graphql-core, once where sharing them cannot be noticed.

use std::rc::Rc;

use onecross_graphql::plan::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::handles::PythonHandles;
use super::host::{PythonHost, handle};
use super::leaf::{is_atom, is_enum_member};
use crate::cpython::tuple_of;
use crate::meter::Tally;

/// What is known of a field's arguments in one execution.
#[derive(Default)]
pub(crate) enum Arguments {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// The same for every object.
    Shared(Rc<Keywords>),
    /// To be made anew for every object.
    Fresh,
}

/// Named arguments that no resolver can change: texts, numbers, members of enums and the like.
pub(crate) struct Keywords {
    /// The names; `None` when there are none.
    pub(super) names: Option<Py<PyTuple>>,
    /// The values of the first names.
    pub(super) values: Vec<Py<PyAny>>,
}

/// The named arguments of one call.
pub(super) enum Coerced<'py> {
    Shared(Rc<Keywords>),
    Fresh(Bound<'py, PyDict>),
    /// The field takes none.
    Absent,
}

impl Keywords {
    /// The arguments, if sharing them cannot be noticed.
    pub(super) fn shared(arguments: &Bound<'_, PyDict>) -> PyResult<Option<Self>> {
        let mut names = Vec::with_capacity(arguments.len());
        let mut values = Vec::with_capacity(arguments.len());
        for (name, value) in arguments {
            let is_shareable = is_atom(&value) || is_enum_member(&value)?;
            if !is_shareable || !name.is_exact_instance_of::<PyString>() {
                return Ok(None);
            }
            names.push(name);
            values.push(value.unbind());
        }
        Ok(Some(Self { names: names_of(arguments.py(), names)?, values }))
    }

    /// Adds names whose values come with each call.
    pub(super) fn expect<'a>(
        &mut self,
        py: Python<'_>,
        names: impl Iterator<Item = &'a Py<PyString>>,
    ) -> PyResult<()> {
        let mut all: Vec<_> = match &self.names {
            Some(names) => names.bind(py).iter().collect(),
            None => Vec::new(),
        };
        all.extend(names.map(|name| name.bind(py).clone().into_any()));
        self.names = names_of(py, all)?;
        Ok(())
    }
}

/// The names as a call takes them.
fn names_of<'py>(py: Python<'py>, names: Vec<Bound<'py, PyAny>>) -> PyResult<Option<Py<PyTuple>>> {
    if names.is_empty() { Ok(None) } else { Ok(Some(tuple_of(py, names)?.unbind())) }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The named arguments of a resolver.
    pub(super) fn arguments(&mut self, field: &Field<PythonHandles>) -> PyResult<Coerced<'py>> {
        if !handle(field).has_arguments {
            return Ok(Coerced::Absent);
        }
        if self.known.arguments.len() <= field.number {
            self.known.arguments.resize_with(field.number + 1, Arguments::default);
        }
        if let Arguments::Shared(keywords) = &self.known.arguments[field.number] {
            return Ok(Coerced::Shared(Rc::clone(keywords)));
        }
        let coerced = self.coerce(field)?;
        if matches!(self.known.arguments[field.number], Arguments::Unknown) {
            let is_stable = handle(field).arguments_are_stable;
            let keywords = if is_stable { Keywords::shared(&coerced)? } else { None };
            self.known.arguments[field.number] =
                keywords.map_or(Arguments::Fresh, |keywords| Arguments::Shared(Rc::new(keywords)));
        }
        Ok(Coerced::Fresh(coerced))
    }

    /// The arguments as graphql-core makes them of what the document and the variables say.
    pub(super) fn coerce(&mut self, field: &Field<PythonHandles>) -> PyResult<Bound<'py, PyDict>> {
        let node = field.nodes(self.plan.document()).next().expect("a field has a node");
        let definition = &handle(field).definition;
        let variables = self.operation.variables(self.py, self.runtime, self.tally)?;
        let within = self.fragment_variables(field.scope())?;
        let hides = self.operation.hides_suggestions();
        let function = self.runtime.argument_values.bind(self.py);
        let coerced =
            self.tally.call(|| function.call1((definition, node, variables, within, hides)))?;
        Ok(coerced.cast_into()?)
    }
}
