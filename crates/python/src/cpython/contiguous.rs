//! The bytes of an object that shows them, as bytearray, memoryview and array do.

use std::mem::MaybeUninit;
use std::slice;

use pyo3::ffi;
use pyo3::prelude::*;

/// Whether an object shows its bytes at all.
pub(crate) fn shows_bytes(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: only looks at the class.
    unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) != 0 }
}

/// Lends the bytes of an object that lie in one piece.
///
/// What is lent to must run no Python code: the bytes are read where they lie.
///
/// # Errors
///
/// The object shows no bytes, or not in one piece.
pub(crate) fn with_bytes<T>(
    object: &Bound<'_, PyAny>,
    work: impl FnOnce(&[u8]) -> T,
) -> PyResult<T> {
    let mut view = MaybeUninit::<ffi::Py_buffer>::uninit();
    // SAFETY: fills the view, or returns -1 with an error set.
    let got =
        unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), view.as_mut_ptr(), ffi::PyBUF_SIMPLE) };
    if got != 0 {
        return Err(PyErr::fetch(object.py()));
    }
    // SAFETY: the view was filled.
    let view = Lent(unsafe { view.assume_init() });
    let length = usize::try_from(view.0.len).unwrap_or(0);
    let bytes = if view.0.buf.is_null() || length == 0 {
        &[]
    } else {
        // SAFETY: a simple view is that many bytes in one piece, which the object neither moves nor
        // frees until the view is released; the interpreter is held, so that nobody writes to them.
        unsafe { slice::from_raw_parts(view.0.buf.cast(), length) }
    };
    Ok(work(bytes))
}

/// A view that is released when it goes.
struct Lent(ffi::Py_buffer);

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: the view was filled, and is released once.
        unsafe { ffi::PyBuffer_Release(&raw mut self.0) };
    }
}
