//! What differs between the two faces: the drop-in for sqlite3, and onecross.sql itself.

use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors::new_error;
use crate::gate;

/// How a connection behaves where PEP 249 and Python's sqlite3 differ.
#[pyclass(frozen, from_py_object, module = "onecross._core")]
#[derive(Clone, Copy, Default)]
pub(crate) struct Rules {
    /// PEP 249 to the letter: an error when nothing was selected, types in descriptions.
    pub(super) is_strict: bool,
    /// How long one call may work within SQLite.
    pub(super) deadline: Option<Duration>,
    /// Whether the database is only to be read.
    pub(super) is_read_only: bool,
}

#[pymethods]
impl Rules {
    #[new]
    #[pyo3(signature = (*, strict, deadline=None, read_only=false))]
    fn new(py: Python<'_>, strict: bool, deadline: Option<f64>, read_only: bool) -> PyResult<Self> {
        gate::guard(|| {
            let deadline = deadline.map(Duration::try_from_secs_f64).transpose();
            let deadline = deadline.map_err(|_| {
                new_error::<PyValueError>(py, "deadline must be a number of seconds from 0 on")
            })?;
            Ok(Self { is_strict: strict, deadline, is_read_only: read_only })
        })
    }
}
