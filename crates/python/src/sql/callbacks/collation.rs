//! Python functions that order texts for SQL.

use std::cmp::Ordering;
use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Failed};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::callable::Callable;
use super::values::name_of;
use crate::cpython::{decoded, new_integer, small_integer};
use crate::errors::new_error;
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Makes a collation of SQL; None removes it.
    ///
    /// Args:
    ///     name: Its name in SQL.
    ///     callback: Called with two texts; returns a negative number, 0 or a positive one, as the
    ///         first is before, beside or behind the second. An exception ends the statement and
    ///         is raised there.
    ///
    /// Raises:
    ///     OperationalError: Statements run that might use the collation.
    #[pyo3(signature = (name, callback, /))]
    fn create_collation(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        callback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let name = name_of(name, "create_collation")?;
            if !callback.is_none() && !callback.is_callable() {
                return Err(new_error::<PyTypeError>(py, "parameter must be callable"));
            }
            let session = slf.get().enter(py)?;
            let created = if callback.is_none() {
                session.database.remove_collation(&name)
            } else {
                session.database.create_collation(&name, collation(&session, callback))
            };
            created.map_err(|error| session.error(py, &error))
        })
    }
}

/// Unlike other exceptions of callbacks, those of collations are raised by `sqlite3`, too.
fn collation(session: &Arc<Session>, callback: &Bound<'_, PyAny>) -> sqlite::Collation {
    let callable = Callable::registered(session, callback);
    Box::new(move |left, right| {
        let compared = callable.call_or_keep(|session, callback| {
            let py = callback.py();
            let compared = compare(callback, left, right, session.rules.is_strict);
            Ok(compared.map_err(|error| session.raise_later(py, error)))
        });
        compared.unwrap_or(Err(())).map_err(|()| Failed)
    })
}

fn compare(
    callback: &Bound<'_, PyAny>,
    left: &[u8],
    right: &[u8],
    is_strict: bool,
) -> PyResult<Ordering> {
    let py = callback.py();
    let compared = callback.call1((decoded(py, left)?, decoded(py, right)?))?;
    match order(&compared) {
        Err(error) if is_strict => Err(error),
        order => Ok(order.unwrap_or(Ordering::Equal)),
    }
}

/// The order that a number stands for, however large.
fn order(number: &Bound<'_, PyAny>) -> PyResult<Ordering> {
    let py = number.py();
    let index = match number.cast::<PyInt>() {
        Ok(_) => number.clone(),
        Err(_) => number.call_method0(intern!(py, "__index__"))?,
    };
    match small_integer(index.cast::<PyInt>()?) {
        Some(value) => Ok(value.cmp(&0)),
        None => index.compare(new_integer(py, 0)),
    }
}
