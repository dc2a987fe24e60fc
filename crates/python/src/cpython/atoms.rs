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
#[inline]
pub(crate) fn text<'py>(py: Python<'py>, content: &str) -> PyResult<Bound<'py, PyString>> {
    if let Some(made) = ascii(py, content.as_bytes())? {
        return Ok(made);
    }
    let (data, size) = (content.as_ptr().cast(), content.len() as ffi::Py_ssize_t);
    // SAFETY: the data are UTF-8 of that size; returns a new reference, or null with an error set,
    // and what it returns is a str.
    unsafe {
        let made = Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_FromStringAndSize(data, size))?;
        Ok(made.cast_into_unchecked())
    }
}

/// The str that these bytes are in UTF-8.
///
/// # Errors
///
/// `UnicodeDecodeError` where they are none, or memory runs out.
#[inline]
pub(crate) fn decoded<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    if let Some(made) = ascii(py, bytes)? {
        return Ok(made.into_any());
    }
    let (data, size) = (bytes.as_ptr().cast(), bytes.len() as ffi::Py_ssize_t);
    // SAFETY: the data are of that size; returns a new reference, or null with an error set.
    unsafe {
        Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_DecodeUTF8(data, size, std::ptr::null()))
    }
}

/// The str of bytes that are all ASCII, as those of most texts are: there is nothing to decode.
///
/// `None` for others, and for what the interpreter has one str of for all: the empty text, and
/// those of one character.
#[inline]
fn ascii<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Bound<'py, PyString>>> {
    if bytes.len() < 2 || !bytes.is_ascii() {
        return Ok(None);
    }
    // SAFETY: returns a new reference, or null with an error set. A str for characters up to 127
    // has room for a byte of each, and nobody else has it yet.
    unsafe {
        let made = ffi::PyUnicode_New(bytes.len() as ffi::Py_ssize_t, 127);
        let made = Bound::from_owned_ptr_or_err(py, made)?;
        let data = ffi::PyUnicode_DATA(made.as_ptr()).cast::<u8>();
        data.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        Ok(Some(made.cast_into_unchecked()))
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
