//! The way in from Python: panics stop here, and the depth of nesting is counted per thread.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use crate::errors::InternalError;

thread_local! {
    /// How deep responses are nested on this thread's stack, resolvers that come back in included.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs what a call from Python asks for; it is given the thread's count of nesting.
pub(crate) fn enter<T>(work: impl FnOnce(&Cell<usize>) -> PyResult<T>) -> PyResult<T> {
    DEPTH.with(|depth| {
        let before = depth.get();
        let result = catch_unwind(AssertUnwindSafe(|| work(depth)));
        depth.set(before);
        result.unwrap_or_else(|panic| Err(error(panic)))
    })
}

/// A panic that carries a Python error is that error; any other is a defect of ours.
#[cold]
fn error(panic: Box<dyn Any + Send>) -> PyErr {
    let panic = match panic.downcast::<PyErr>() {
        Ok(error) => return *error,
        Err(panic) => panic,
    };
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    InternalError::new_err(format!("a defect in onecross stopped this call: {message}"))
}
