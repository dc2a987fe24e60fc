//! What a shorter way to a value rests on, and whether it still is so.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

/// That an attribute of an object is a certain value; where that is a list, that it is empty.
pub(crate) struct Premise {
    pub(crate) object: Py<PyAny>,
    pub(crate) attribute: Py<PyString>,
    pub(crate) value: Py<PyAny>,
}

impl Premise {
    /// Whether it is still so.
    pub(super) fn holds(&self, py: Python<'_>) -> bool {
        self.object.bind(py).getattr(&self.attribute).is_ok_and(|found| {
            found.is(&self.value) && found.cast::<PyList>().map_or(true, |list| list.is_empty())
        })
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.object)?;
        visit.call(&self.value)
    }
}
