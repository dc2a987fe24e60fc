//! How large the things may be that a connection works with.

use std::ffi::c_int;

use pyo3::prelude::*;

use super::connection::Connection;
use super::errors;
use crate::cpython::{c_int, new_integer};
use crate::gate;

#[pymethods]
impl Connection {
    /// Sets the limit of a category, one of `SQLITE_LIMIT_*`, and returns the one before.
    #[pyo3(signature = (category, limit, /))]
    fn setlimit<'py>(
        slf: &Bound<'py, Self>,
        category: &Bound<'py, PyAny>,
        limit: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| set(slf, c_int(category)?, c_int(limit)?))
    }

    /// The limit of a category, one of `SQLITE_LIMIT_*`.
    #[pyo3(signature = (category, /))]
    fn getlimit<'py>(
        slf: &Bound<'py, Self>,
        category: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| set(slf, c_int(category)?, -1))
    }
}

/// Sets a limit, unless it is negative, and returns the one before.
fn set<'py>(
    connection: &Bound<'py, Connection>,
    category: c_int,
    limit: c_int,
) -> PyResult<Bound<'py, PyAny>> {
    let py = connection.py();
    match connection.get().enter(py)?.database.set_limit(category, limit) {
        Some(before) => Ok(new_integer(py, i64::from(before))),
        None => Err(errors::programming(py, "'category' is out of bounds")),
    }
}
