//! Objects that SQLite does not know, made into ones that it does, in the strict face.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBool;

/// What stands for a parameter in a database; itself, if nobody says otherwise.
#[cold]
pub(super) fn adapt<'py>(object: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if object.is_exact_instance_of::<PyBool>() {
        return Ok(object);
    }
    let py = object.py();
    let adapters = py.import(intern!(py, "onecross.sql._adapters"))?;
    adapters.getattr(intern!(py, "adapt"))?.call1((object,))
}
