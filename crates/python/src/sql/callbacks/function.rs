//! Python functions that SQL calls for each row.

use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Signature, function_flags};
use pyo3::prelude::*;

use super::callable::Callable;
use super::values::{answer_with, call_with, name_of};
use crate::errors::new_error;
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::errors;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Makes a function of SQL that calls one of Python; None removes it.
    ///
    /// Args:
    ///     name: Its name in SQL.
    ///     narg: How many arguments it takes; any number of them, for -1.
    ///     func: Called with a value for each argument; what it returns is the function's value.
    ///     deterministic: Whether it answers the same for the same arguments.
    ///
    /// Raises:
    ///     OperationalError: SQLite takes no such function, or statements run that might use it.
    #[pyo3(
        signature = (name, narg, func, *, deterministic=None),
        text_signature = "($self, name, narg, func, *, deterministic=False)"
    )]
    fn create_function(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        narg: i32,
        func: &Bound<'_, PyAny>,
        deterministic: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let name = name_of(name, "create_function")?;
            let is_deterministic =
                deterministic.map_or(Ok(false), |deterministic| deterministic.is_truthy())?;
            let session = slf.get().enter(py)?;
            let flags = if is_deterministic { function_flags::DETERMINISTIC } else { 0 };
            let signature = Signature { name: &name, arguments: narg, flags };
            let created = define(&session, &signature, func, |callable| {
                session.database.create_scalar(&signature, scalar(callable))
            });
            created.map_err(|error| refused(py, &session, &error, "Error creating function"))
        })
    }
}

/// Makes a function of SQL of an object, or removes it where the object is None.
pub(super) fn define(
    session: &Arc<Session>,
    signature: &Signature<'_>,
    object: &Bound<'_, PyAny>,
    create: impl FnOnce(Arc<Callable>) -> Result<(), sqlite::Error>,
) -> Result<(), sqlite::Error> {
    if object.is_none() {
        return session.database.remove_function(signature);
    }
    create(Callable::registered(session, object))
}

fn scalar(callable: Arc<Callable>) -> sqlite::Scalar {
    Box::new(move |arguments, answer| {
        let called = callable.call_in_time(|_, function| {
            let value = call_with(function, arguments)?;
            answer_with(answer, &value)
        });
        if let Err(failure) = called {
            failure.answer(answer, "user-defined function raised exception");
        }
    })
}

/// The error for a function that SQLite does not take: the drop-in's has a message of its own.
pub(super) fn refused(
    py: Python<'_>,
    session: &Session,
    error: &sqlite::Error,
    message: &str,
) -> PyErr {
    if session.rules.is_strict {
        session.error(py, error)
    } else {
        new_error::<errors::OperationalError>(py, message)
    }
}
