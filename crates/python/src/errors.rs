//! Errors defined in `onecross.errors`, raised from Rust.

use std::panic::resume_unwind;

use pyo3::exceptions::{PyRuntimeError, PyStopAsyncIteration, PyStopIteration};
use pyo3::sync::PyOnceLock;
use pyo3::{PyErr, PyResult, PyTypeInfo, Python};

use crate::cpython::text;

pyo3::import_exception!(onecross.errors, InternalError);
pyo3::import_exception!(onecross.errors, EncodingError);
pyo3::import_exception!(asyncio, CancelledError);

/// An error with a message. PyO3 makes the message as late as it can, and panics where memory runs
/// out for that: here it is made at once, or else the error is that there is no memory.
#[cold]
pub(crate) fn new_error<E: PyTypeInfo>(py: Python<'_>, message: &str) -> PyErr {
    match text(py, message) {
        Ok(message) => PyErr::new::<E, _>(message.unbind()),
        Err(error) => error,
    }
}

/// The error of a callback. One that would end an iteration of who called, who would then take what
/// he has for all there is, is a RuntimeError, as PEP 479 has it for generators.
#[cold]
pub(crate) fn of_callback(py: Python<'_>, error: PyErr) -> PyErr {
    let message = if error.is_instance_of::<PyStopIteration>(py) {
        "a callback raised StopIteration"
    } else if error.is_instance_of::<PyStopAsyncIteration>(py) {
        "a callback raised StopAsyncIteration"
    } else {
        return error;
    };
    let raised = new_error::<PyRuntimeError>(py, message);
    raised.set_cause(py, Some(error));
    raised
}

/// Finds all that errors need while the interpreter is whole.
///
/// It imports nothing any more when it is finalised, and what is given up then may still raise.
pub(crate) fn prepare(py: Python<'_>) {
    static PREPARED: PyOnceLock<()> = PyOnceLock::new();
    PREPARED.get_or_init(py, || {
        for error in [InternalError::new_err(()), CancelledError::new_err(())] {
            error.value(py);
        }
    });
}

/// Ends a call where there is no room for an error, as in the middle of a number: the stack is
/// unwound without a word about a panic, and at the gate it is the error it was.
#[cold]
pub(crate) fn unwind(error: PyErr) -> ! {
    resume_unwind(Box::new(error))
}

/// What was made; where it could not be, and there is no room for an error, the call ends.
#[inline]
pub(crate) fn or_unwind<T>(made: PyResult<T>) -> T {
    made.unwrap_or_else(|error| unwind(error))
}
