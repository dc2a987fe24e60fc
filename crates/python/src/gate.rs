//! The way in from Python: panics stop here.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use crate::errors::InternalError;

/// Runs what a call from Python asks for; it is given a count of nesting of its own.
///
/// The counts of calls within calls are not added up: a thread's stack, which is looked at as
/// responses nest, bounds them all, and greenlets, which leave in any order, would upset a sum.
pub(crate) fn enter<T>(work: impl FnOnce(&Cell<usize>) -> PyResult<T>) -> PyResult<T> {
    let depth = Cell::new(0);
    let result = catch_unwind(AssertUnwindSafe(|| work(&depth)));
    result.unwrap_or_else(|panic| Err(error(panic)))
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
