//! A Python function that allows or denies what statements would do.

use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Action, action_codes};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::callable::Callable;
use super::values::name_or_none;
use crate::cpython::{new_integer, small_integer};
use crate::errors::new_error;
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::errors;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Sets what allows or denies each thing that a statement would do; None allows all.
    ///
    /// Args:
    ///     authorizer_callback: Called with one of SQLite's action codes, two names that depend on
    ///         it, the name of the database, and that of the innermost trigger or view; returns
    ///         `SQLITE_OK`, `SQLITE_DENY`, which is an error, or `SQLITE_IGNORE`, which makes a
    ///         column NULL. It must leave the connection alone. An exception denies.
    #[pyo3(signature = (authorizer_callback))]
    fn set_authorizer(
        slf: &Bound<'_, Self>,
        authorizer_callback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let session = slf.get().enter(py)?;
            let authorizer =
                (!authorizer_callback.is_none()).then(|| authorizer(&session, authorizer_callback));
            let set = session.database.set_authorizer(authorizer);
            set.map_err(|error| session.error(py, &error))
        })
    }
}

fn authorizer(session: &Arc<Session>, callback: &Bound<'_, PyAny>) -> sqlite::Authorizer {
    let callable = Callable::registered(session, callback);
    Box::new(move |action| {
        let answer = callable.call(|session, callback| {
            let answer = ask(callback, action)?;
            understood(&answer, session.rules.is_strict)
        });
        Ok(answer.unwrap_or(action_codes::DENY))
    })
}

fn ask<'py>(callback: &Bound<'py, PyAny>, action: &Action<'_>) -> PyResult<Bound<'py, PyAny>> {
    let py = callback.py();
    callback.call1((
        new_integer(py, action.code.into()),
        name_or_none(py, action.first)?,
        name_or_none(py, action.second)?,
        name_or_none(py, action.database)?,
        name_or_none(py, action.source)?,
    ))
}

/// The drop-in takes what is no int for a denial.
fn understood(answer: &Bound<'_, PyAny>, is_strict: bool) -> PyResult<i32> {
    let py = answer.py();
    let Ok(number) = answer.cast::<PyInt>() else {
        if !is_strict {
            return Ok(action_codes::DENY);
        }
        let given = errors::class_name(answer)?;
        let message = format!(
            "an authorizer must return SQLITE_OK, SQLITE_DENY or SQLITE_IGNORE, not {given}"
        );
        return Err(new_error::<PyTypeError>(py, &message));
    };
    small_integer(number)
        .and_then(|value| i32::try_from(value).ok())
        .ok_or_else(|| new_error::<PyOverflowError>(py, "Python int too large to convert to C int"))
}
