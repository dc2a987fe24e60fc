//! Numbers and texts made for Python. PyO3 panics where memory runs out: here it is an error.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::errors::or_unwind;

/// An int.
pub(crate) fn new_integer(py: Python<'_>, value: i64) -> Bound<'_, PyAny> {
    // SAFETY: returns a new reference, or null with an error set.
    or_unwind(unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromLongLong(value)) })
}

/// An int that counts something.
pub(crate) fn new_count(py: Python<'_>, value: usize) -> Bound<'_, PyAny> {
    // SAFETY: returns a new reference, or null with an error set.
    or_unwind(unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromSize_t(value)) })
}

/// A float.
pub(crate) fn new_float(py: Python<'_>, value: f64) -> Bound<'_, PyAny> {
    // SAFETY: returns a new reference, or null with an error set.
    or_unwind(unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyFloat_FromDouble(value)) })
}

/// A str.
pub(crate) fn new_text<'py>(py: Python<'py>, content: &str) -> Bound<'py, PyString> {
    or_unwind(text(py, content))
}

/// A str, where there is room for an error.
pub(crate) fn text<'py>(py: Python<'py>, content: &str) -> PyResult<Bound<'py, PyString>> {
    let (data, size) = (content.as_ptr().cast(), content.len() as ffi::Py_ssize_t);
    // SAFETY: the data are UTF-8 of that size; returns a new reference, or null with an error set,
    // and what it returns is a str.
    unsafe {
        let made = Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_FromStringAndSize(data, size))?;
        Ok(made.cast_into_unchecked())
    }
}

/// The error that tells that memory runs out, which takes none itself.
pub(crate) fn memory_error(py: Python<'_>) -> PyErr {
    // SAFETY: the thread is attached; this sets the error that is fetched next.
    unsafe { ffi::PyErr_NoMemory() };
    PyErr::fetch(py)
}

/// A str that is the same for all who ask for that text.
pub(crate) fn interned<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyString> {
    let mut made = new_text(py, text).into_ptr();
    // SAFETY: puts the interned str in the place of ours, and takes our reference for one to it;
    // where memory runs out it leaves ours as it is.
    unsafe {
        ffi::PyUnicode_InternInPlace(&raw mut made);
        Bound::from_owned_ptr(py, made).cast_into_unchecked()
    }
}
