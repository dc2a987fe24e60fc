//! What becomes of an exception in a callback: `onecross.sql` raises it when SQLite has returned,
//! and the drop-in does with it what Python's `sqlite3` does.

use std::cell::Cell;

use onecross_sqlite::Answer;
use pyo3::exceptions::{PyAttributeError, PyMemoryError, PyOverflowError};
use pyo3::prelude::*;

use crate::cpython::Held;
use crate::gate;
use crate::sql::session::Session;

/// Whether the drop-in shows the exceptions that it does not raise.
static SHOWS_TRACEBACKS: Held<Cell<bool>> = Held::new(Cell::new(false));

/// Shows the exceptions that SQLite's errors stand for, by `sys.unraisablehook`, or not.
#[pyfunction]
#[pyo3(signature = (enable, /))]
pub(crate) fn enable_callback_tracebacks(py: Python<'_>, enable: i32) -> PyResult<()> {
    gate::guard(|| {
        SHOWS_TRACEBACKS.get(py).set(enable != 0);
        Ok(())
    })
}

/// Of which kind an exception was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Memory ran out.
    Memory,
    /// A number was too large.
    Overflow,
    /// An attribute was missing.
    Attribute,
    /// There was none: the call is to end.
    Stopped,
    /// Any other.
    Other,
}

impl Failure {
    /// Ends the statement with the error that the failure of a function is.
    pub(super) fn answer(self, answer: &mut Answer<'_>, message: &str) {
        match self {
            Self::Memory => answer.no_memory(),
            Self::Overflow => answer.too_big(),
            Self::Stopped => answer.interrupted(),
            Self::Attribute | Self::Other => answer.error(message),
        }
    }
}

/// Keeps an exception to be raised later, shows it, or drops it. Tells of which kind it was.
#[cold]
pub(super) fn report(session: &Session, callback: &Bound<'_, PyAny>, error: PyErr) -> Failure {
    let py = callback.py();
    let failure = if error.is_instance_of::<PyMemoryError>(py) {
        Failure::Memory
    } else if error.is_instance_of::<PyOverflowError>(py) {
        Failure::Overflow
    } else if error.is_instance_of::<PyAttributeError>(py) {
        Failure::Attribute
    } else {
        Failure::Other
    };
    if session.rules.is_strict {
        session.raise_later(py, error);
    } else {
        show(callback, error);
    }
    failure
}

/// Shows an exception of the drop-in's, if that is wished for.
pub(super) fn show(callback: &Bound<'_, PyAny>, error: PyErr) {
    if SHOWS_TRACEBACKS.get(callback.py()).get() {
        error.write_unraisable(callback.py(), Some(callback));
    }
}
