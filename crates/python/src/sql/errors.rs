//! SQLite's errors as those of PEP 249.

use std::time::Duration;

use onecross_sqlite as sqlite;
use pyo3::exceptions::PyMemoryError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

use super::place::Place;
use crate::cpython::{Text, memory_error, new_count, new_integer, text};
use crate::errors::new_error;

mod tree {
    pyo3::import_exception!(onecross.sql.errors, Warning);
    pyo3::import_exception!(onecross.sql.errors, Error);
    pyo3::import_exception!(onecross.sql.errors, InterfaceError);
    pyo3::import_exception!(onecross.sql.errors, DatabaseError);
    pyo3::import_exception!(onecross.sql.errors, DataError);
    pyo3::import_exception!(onecross.sql.errors, ColumnError);
    pyo3::import_exception!(onecross.sql.errors, OutOfRangeError);
    pyo3::import_exception!(onecross.sql.errors, OperationalError);
    pyo3::import_exception!(onecross.sql.errors, DeadlineError);
    pyo3::import_exception!(onecross.sql.errors, IntegrityError);
    pyo3::import_exception!(onecross.sql.errors, InternalError);
    pyo3::import_exception!(onecross.sql.errors, ProgrammingError);
    pyo3::import_exception!(onecross.sql.errors, NotSupportedError);
}
pub(super) use tree::*;

/// Finds the classes while there is room for it: they are imported when they are first asked for,
/// which may be where the stack ends or the interpreter is finalised.
pub(super) fn prepare(py: Python<'_>) {
    static PREPARED: PyOnceLock<()> = PyOnceLock::new();
    PREPARED.get_or_init(py, || {
        crate::errors::prepare(py);
        py.get_type::<Warning>();
        py.get_type::<Error>();
        py.get_type::<InterfaceError>();
        py.get_type::<DatabaseError>();
        py.get_type::<DataError>();
        py.get_type::<OperationalError>();
        py.get_type::<IntegrityError>();
        py.get_type::<InternalError>();
        py.get_type::<ProgrammingError>();
        py.get_type::<NotSupportedError>();
    });
}

/// The error that SQLite's own becomes, with its code and its name.
///
/// Reference: which code is which error is as in CPython's `sqlite3`.
#[cold]
pub(super) fn of_sqlite(py: Python<'_>, error: &sqlite::Error) -> PyErr {
    use sqlite::codes as code;
    let message = error.message.as_str();
    let made = match error.code.primary() {
        code::INTERNAL | code::NOTFOUND => new_error::<InternalError>(py, message),
        code::NOMEM => return memory_error(py),
        code::ERROR
        | code::PERM
        | code::ABORT
        | code::BUSY
        | code::LOCKED
        | code::READONLY
        | code::INTERRUPT
        | code::IOERR
        | code::FULL
        | code::CANTOPEN
        | code::PROTOCOL
        | code::EMPTY
        | code::SCHEMA => new_error::<OperationalError>(py, message),
        code::TOOBIG => new_error::<DataError>(py, message),
        code::CONSTRAINT | code::MISMATCH => new_error::<IntegrityError>(py, message),
        code::MISUSE | code::RANGE => new_error::<InterfaceError>(py, message),
        _ => new_error::<DatabaseError>(py, message),
    };
    if made.is_instance_of::<PyMemoryError>(py) {
        return made;
    }
    match tell_code(made.value(py).as_any(), error.code) {
        Ok(()) => made,
        Err(error) => error,
    }
}

fn tell_code(error: &Bound<'_, PyAny>, code: sqlite::Code) -> PyResult<()> {
    let py = error.py();
    let name = text(py, code.name().unwrap_or("unknown"))?;
    error.setattr(intern!(py, "sqlite_errorcode"), new_integer(py, code.0.into()))?;
    error.setattr(intern!(py, "sqlite_errorname"), name)
}

/// The same for the error of a statement: with its text, and the place if SQLite tells it.
#[cold]
pub(super) fn of_statement(
    py: Python<'_>,
    error: &sqlite::Error,
    text: &Bound<'_, PyString>,
    is_strict: bool,
) -> PyErr {
    let place = error.offset.map(|bytes| Place::at(Text::of(text).to_lossy().as_bytes(), bytes));
    let made = match &place {
        Some(place) if is_strict => {
            let message = format!("{}\n  {place}", error.message);
            of_sqlite(py, &sqlite::Error { message, ..error.clone() })
        }
        _ => of_sqlite(py, error),
    };
    if !made.is_instance_of::<Error>(py) {
        return made;
    }
    match tell_place(made.value(py).as_any(), text, place.as_ref()) {
        Ok(()) => made,
        Err(error) => error,
    }
}

fn tell_place(
    error: &Bound<'_, PyAny>,
    text: &Bound<'_, PyString>,
    place: Option<&Place>,
) -> PyResult<()> {
    let py = error.py();
    error.setattr(intern!(py, "sql"), text)?;
    let offset = place.map(|place| new_count(py, place.offset));
    error.setattr(intern!(py, "offset"), offset)
}

/// An error after which a transaction is no more, which it tells.
#[cold]
pub(super) fn rolled_back(py: Python<'_>, error: PyErr) -> PyErr {
    const NEWS: &str = "the transaction was rolled back";
    let value = error.value(py);
    let told = if error.is_instance_of::<Error>(py) {
        let message = value.str().and_then(|message| text(py, &told_of(&message, NEWS)));
        message.and_then(|message| value.setattr(intern!(py, "args"), (message,)))
    } else {
        value.call_method1(intern!(py, "add_note"), (NEWS,)).map(drop)
    };
    // That there was no memory for the news is no reason to hide the error.
    drop(told);
    error
}

/// The message with a piece of news in its first line.
fn told_of(message: &Bound<'_, PyString>, news: &str) -> String {
    let message = Text::of(message).to_lossy();
    let (first, rest) = message.split_at(message.find('\n').unwrap_or(message.len()));
    format!("{first} ({news}){rest}")
}

/// The error for what took longer than it may.
pub(super) fn deadline(py: Python<'_>, deadline: Duration) -> PyErr {
    let seconds = deadline.as_secs_f64();
    let message =
        format!("the statement was stopped: it took longer than its deadline of {seconds} s");
    let made = new_error::<DeadlineError>(py, &message);
    match tell_code(made.value(py).as_any(), sqlite::Code(sqlite::codes::INTERRUPT)) {
        Ok(()) => made,
        Err(error) => error,
    }
}

/// The error of threads that would wait for each other for ever.
#[cold]
pub(super) fn deadlock(py: Python<'_>) -> PyErr {
    let message = "deadlock: this thread works with a connection that the thread which works with \
                   this one is waiting for";
    new_error::<OperationalError>(py, message)
}

/// An error of the caller's.
#[cold]
pub(super) fn programming(py: Python<'_>, message: &str) -> PyErr {
    new_error::<ProgrammingError>(py, message)
}

/// The error for a value that has no place in its column.
#[cold]
pub(super) fn of_column(py: Python<'_>, message: &str) -> PyErr {
    new_error::<ColumnError>(py, message)
}

/// The name of an object's class, for messages.
#[cold]
pub(super) fn class_name(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(Text::of(&object.get_type().name()?).to_lossy())
}
