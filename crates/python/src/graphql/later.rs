//! Values that are awaited: told from those that are there, and what comes of them.

use onecross_graphql::execute::{Awaited, Came, Link, Place};
use onecross_graphql::schema::{Shape, TypeId};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::executor::Awaiting;
use super::handles::PythonHandles;
use super::host::{PythonHost, PythonPath, dispose, handle, path_object};
use crate::cpython::{is_coroutine, is_generator};
use crate::meter::Tally;

/// A place in the response, as the rules make it for this host.
pub(super) type PythonPlace<'a, 'py> =
    Place<'a, PythonHandles, Bound<'py, PyAny>, Bound<'py, PyAny>>;

/// What is awaited at a place of the response.
pub(crate) enum Awaitable<'py> {
    /// The value.
    Value(Bound<'py, PyAny>),
    /// The name of the type of a value.
    TypeName { value: Bound<'py, PyAny>, awaited: Bound<'py, PyAny> },
    /// Whether a value is of a type.
    IsTypeOf { value: Bound<'py, PyAny>, id: TypeId, awaited: Bound<'py, PyAny> },
    /// What the response has there, if it has anything, with the errors in it.
    Response(Bound<'py, PyAny>),
}

impl<'py> Awaitable<'py> {
    /// What is to be awaited.
    pub(super) fn awaited(&self) -> &Bound<'py, PyAny> {
        match self {
            Self::Value(awaited)
            | Self::TypeName { awaited, .. }
            | Self::IsTypeOf { awaited, .. }
            | Self::Response(awaited) => awaited,
        }
    }

    /// Gives up what will never be awaited.
    pub(super) fn dispose(&self) {
        dispose(self.awaited());
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Self::TypeName { value, .. } | Self::IsTypeOf { value, .. } = self {
            visit.call(value.as_unbound())?;
        }
        visit.call(self.awaited().as_unbound())
    }
}

/// What came of something that was awaited, as the rules take it from this host.
type PythonCame<'py> = Came<Bound<'py, PyAny>, Awaitable<'py>>;

/// A list as the response has it, the errors in it, and the one for which there is no list
/// (`_awaiting.Items`).
type PythonItems<'py> = (Bound<'py, PyAny>, Vec<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// Whether a value is of a class that everybody knows not to be awaitable.
#[inline]
fn is_plain(value: &Bound<'_, PyAny>) -> bool {
    value.is_none()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyList>()
        || value.is_exact_instance_of::<PyDict>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyTuple>()
}

impl<'a, 'py, T: Tally> PythonHost<'a, 'py, T> {
    /// Tells a value that is there from one still awaited.
    pub(super) fn tell(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<Awaited<Bound<'py, PyAny>, Awaitable<'py>>> {
        if self.is_awaitable(&value)? {
            return Ok(Awaited::Pending(Awaitable::Value(value)));
        }
        match self.items_later(place, &value)? {
            Some(awaitable) => Ok(Awaited::Pending(awaitable)),
            None => Ok(Awaited::Ready(value)),
        }
    }

    /// Tells what came of something that was awaited.
    pub(super) fn take(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        awaitable: Awaitable<'py>,
        outcome: Bound<'py, PyAny>,
    ) -> PyResult<PythonCame<'py>> {
        match awaitable {
            Awaitable::Value(_) => Ok(match self.items_later(place, &outcome)? {
                Some(awaitable) => Came::Pending(awaitable),
                None => Came::Value(outcome),
            }),
            Awaitable::TypeName { value, .. } => {
                let Shape::Abstract(id) = &place.position.shape else {
                    unreachable!("only values of abstract types have types with names");
                };
                let interface_or_union = self.plan.schema().abstract_type(*id);
                let id = self.named_type(place.call, interface_or_union, &value, outcome)?;
                Ok(Came::Typed(value, id))
            }
            Awaitable::IsTypeOf { value, id, .. } => {
                if self.is_true(&outcome)? {
                    return Ok(Came::Checked(value, id));
                }
                Err(self.wrong_object(place.call, id, &value)?)
            }
            Awaitable::Response(_) => {
                let (response, errors, failure): PythonItems<'py> = outcome.extract()?;
                self.told_before.extend(errors.into_iter().map(PyErr::from_value));
                match failure {
                    Some(failure) => Err(PyErr::from_value(failure)),
                    None => Ok(Came::Response(response)),
                }
            }
        }
    }

    /// Whether a value is awaitable, as the executor sees it.
    #[inline]
    pub(super) fn is_awaitable(&mut self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Some(awaiting) = self.awaiting else { return Ok(false) };
        if awaiting.goes_by_class {
            if is_coroutine(value) {
                return Ok(true);
            }
            if is_plain(value) {
                return Ok(false);
            }
            if let Some(class) = &self.known.never_awaitable
                && class.as_type_ptr() == value.get_type_ptr()
            {
                return Ok(false);
            }
        }
        let answer = self.tally.call(|| awaiting.is_awaitable.call1((value,)))?;
        let is_awaitable = self.is_true(&answer)?;
        if !is_awaitable && awaiting.goes_by_class && !is_generator(value) {
            self.known.never_awaitable = Some(value.get_type());
        }
        Ok(is_awaitable)
    }

    /// How awaitables are told.
    pub(super) fn awaiting(&self) -> &'a Awaiting<'py> {
        self.awaiting.expect("only who awaits finds awaitables")
    }

    fn is_async_iterable(&mut self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Some(awaiting) = self.awaiting else { return Ok(false) };
        let Some(predicate) = &awaiting.is_async_iterable else { return Ok(false) };
        if awaiting.goes_by_class && is_plain(value) {
            return Ok(false);
        }
        let answer = self.tally.call(|| predicate.call1((value,)))?;
        self.is_true(&answer)
    }

    /// What completes a list that comes item by item: graphql-core does. `None` if the value is
    /// no such list.
    fn items_later(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Awaitable<'py>>> {
        let is_list = matches!(place.position.shape, Shape::List(_));
        if !is_list || !self.is_async_iterable(value)? {
            return Ok(None);
        }
        let py = self.py;
        let info = self.info(place.call)?;
        let path = path_object(self.runtime, self.plan, place.path, py)?;
        let type_ = handle(place.call.field).output.bind(py);
        let scopes = self.scopes_of(place.call.field)?;
        let arguments = (value, type_, lists_around(place.path), info, path, scopes);
        let complete = &self.awaiting().complete_items;
        self.tally.call(|| complete.call1(arguments)).map(|made| Some(Awaitable::Response(made)))
    }
}

/// How many lists of its field a place is in.
fn lists_around(path: &PythonPath<'_, '_>) -> usize {
    let (mut place, mut lists) = (path, 0);
    while let Link::Item(parent, _) = place.link() {
        place = parent;
        lists += 1;
    }
    if let Link::Resumed(resumed) = place.link() {
        lists += resumed.lists();
    }
    lists
}
