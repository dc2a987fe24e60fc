//! Template strings: their values become parameters, so that none is ever read as SQL.
//!
//! Reference: PEP 750.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::cursor::{Cursor, text_of};
use super::{errors, execute};
use crate::errors::new_error;

/// Runs what is no str, which must be a template string, and only in the strict face.
#[cold]
pub(super) fn execute<'py>(
    cursor: &Bound<'py, Cursor>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let py = cursor.py();
    let connection = cursor.get().usable(py)?;
    if !connection.get().is_strict(py) {
        return text_of(sql, "execute() argument 1").map(drop);
    }
    if sql.getattr_opt(intern!(py, "interpolations"))?.is_none() {
        let given = errors::class_name(sql)?;
        let message = format!("a statement must be a str or a template string, not {given}");
        return Err(new_error::<PyTypeError>(py, &message));
    }
    let take_apart =
        py.import(intern!(py, "onecross.sql._template"))?.getattr(intern!(py, "take_apart"))?;
    let parts = take_apart.call1((sql,))?.cast_into::<PyTuple>()?;
    if parameters.is_some() {
        let message = "the values of a template string are its parameters: give no others";
        return Err(new_error::<PyTypeError>(py, message));
    }
    let (text, values) = (parts.get_item(0)?.cast_into::<PyString>()?, parts.get_item(1)?);
    execute::execute(cursor, text.as_any(), Some(&values))
}
