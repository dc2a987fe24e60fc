//! An execution that graphql-core's own executor has prepared, to be carried out by the engine.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::prepared::Prepared;

/// What graphql-core's executor holds, and how it differs from the usual one
/// (`_executor.Preparation`).
#[derive(FromPyObject)]
pub(crate) struct Preparation<'py> {
    /// The `FragmentDefinitionNode`s by name.
    pub(crate) fragments: Bound<'py, PyDict>,
    /// The root value.
    pub(crate) root_value: Bound<'py, PyAny>,
    /// The coerced values of the variables.
    pub(crate) variable_values: Bound<'py, PyAny>,
    /// The class of `info`.
    pub(crate) info_class: Bound<'py, PyType>,
    /// The part of `info` that is the same for all fields.
    pub(crate) info_tail: Bound<'py, PyTuple>,
    /// What resolves fields without a resolver, if it is not graphql-core's.
    pub(crate) field_resolver: Option<Bound<'py, PyAny>>,
    /// What tells the types of interfaces and unions without code of their own apart, if it is not
    /// graphql-core's.
    pub(crate) type_resolver: Option<Bound<'py, PyAny>>,
    /// `(resolver) -> resolver`: puts middleware around a resolver.
    pub(crate) middleware: Option<Bound<'py, PyAny>>,
    /// Whether errors tell nothing of what else there is in the schema.
    pub(crate) hide_suggestions: bool,
    /// Whether a null where none may stand becomes the null of the place around it.
    pub(crate) errors_propagate: bool,
    /// Whether the fields of the root wait for each other.
    pub(crate) is_serial: bool,
    /// How awaitables are told and completed; `None` where nothing is taken for awaitable.
    pub(crate) awaiting: Option<Awaiting<'py>>,
}

/// How awaitables are told from values, and completed once they are there (`_handover.Awaiting`).
#[derive(FromPyObject)]
pub(crate) struct Awaiting<'py> {
    /// `(value) -> bool`.
    pub(crate) is_awaitable: Bound<'py, PyAny>,
    /// Whether the answer of `is_awaitable` is the same for all instances of a class.
    pub(crate) goes_by_class: bool,
    /// `(value) -> bool`: whether a value is a list that comes item by item; `None` if none is.
    pub(crate) is_async_iterable: Option<Bound<'py, PyAny>>,
    /// Whether a single value of an object or list is awaited as several are, a turn later.
    pub(crate) gathers_one: bool,
    /// Whether what is beside a value that failed is cancelled.
    pub(crate) cancels: bool,
    /// Whether what one field of the root awaits is begun when the one before is there.
    pub(crate) is_one_by_one: bool,
    /// `(awaitable) -> coroutine`: awaits what is no coroutine.
    pub(crate) wrap: Bound<'py, PyAny>,
    /// Whether coroutines are given to that, too.
    pub(crate) wraps_coroutines: bool,
    /// `(value, type, lists, info, path, fragment variables) -> coroutine`: gives a list that comes
    /// item by item, within so many lists of the field's type, as the response has it, and the errors
    /// in it.
    pub(crate) complete_items: Bound<'py, PyAny>,
    /// `(awaitables) -> None`: what becomes of those that the response has no place for.
    pub(crate) settle: Bound<'py, PyAny>,
    /// `(data, errors) -> result`: makes what the caller is given; `None` if it is given what the
    /// engine answers.
    pub(crate) respond: Option<Bound<'py, PyAny>>,
    /// `() -> Stepping`: the running loop.
    pub(crate) stepping: Bound<'py, PyAny>,
}

impl Preparation<'_> {
    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.fragments.as_unbound())?;
        visit.call(self.root_value.as_unbound())?;
        visit.call(self.variable_values.as_unbound())?;
        visit.call(self.info_class.as_unbound())?;
        visit.call(self.info_tail.as_unbound())?;
        visit.call(self.field_resolver.as_ref().map(Bound::as_unbound))?;
        visit.call(self.type_resolver.as_ref().map(Bound::as_unbound))?;
        visit.call(self.middleware.as_ref().map(Bound::as_unbound))
    }
}

impl Awaiting<'_> {
    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.is_awaitable.as_unbound())?;
        visit.call(self.is_async_iterable.as_ref().map(Bound::as_unbound))?;
        visit.call(self.wrap.as_unbound())?;
        visit.call(self.complete_items.as_unbound())?;
        visit.call(self.settle.as_unbound())?;
        visit.call(self.respond.as_ref().map(Bound::as_unbound))?;
        visit.call(self.stepping.as_unbound())
    }
}

/// An operation made ready, kept by Python for as long as its node lives.
#[pyclass(frozen, module = "onecross._core")]
pub(crate) struct PreparedOperation {
    pub(super) prepared: Arc<Prepared>,
}
