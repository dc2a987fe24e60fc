//! SQLite's constants, as Python has them.

use onecross_sqlite as sqlite;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::cpython::new_dict;

/// Every constant by its name in C.
pub(super) fn constants(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let constants = new_dict(py)?;
    let known = [sqlite::ACTIONS, sqlite::LIMITS, sqlite::RESULT_CODES, sqlite::SWITCHES];
    for (name, value) in known.into_iter().flatten() {
        constants.set_item(name, value)?;
    }
    Ok(constants)
}
