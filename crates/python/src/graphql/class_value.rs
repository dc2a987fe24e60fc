//! Fields that say no more than of which class their object is, as the kind of a type does.

use pyo3::prelude::*;
use pyo3::types::PyType;
use pyo3::{PyTraverseError, PyVisit};

use super::host::{PythonCall, PythonHost};
use crate::meter::Tally;

/// What the field is for the exact instances of each class.
pub(crate) struct ClassValues {
    pub(crate) known: Vec<(Py<PyType>, Py<PyAny>)>,
}

impl ClassValues {
    /// What it is for an object; `None` where only the resolver knows.
    fn of<'py>(&self, object: &Bound<'py, PyAny>) -> Option<&Bound<'py, PyAny>> {
        let class = object.get_type_ptr();
        let mut known = self.known.iter();
        let (_, value) = known.find(|(known, _)| known.as_ptr() == class.cast())?;
        Some(value.bind(object.py()))
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.known.iter().try_for_each(|(class, value)| {
            visit.call(class)?;
            visit.call(value)
        })
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// What the class of an object tells, or the resolver where it tells nothing.
    pub(super) fn class_value(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        (values, resolver): (&ClassValues, &Py<PyAny>),
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(value) = values.of(source) {
            self.tally.read(1);
            return Ok(value.clone());
        }
        let arguments = self.arguments(call.field)?;
        self.call_with_info(resolver.bind(self.py), Some(source), call, &arguments)
    }
}
