//! The bytes of an object that shows them, as bytearray, memoryview and array do.

use std::ffi::{CStr, c_int};
use std::mem::MaybeUninit;
use std::slice;

use pyo3::ffi;
use pyo3::prelude::*;

/// Whether an object shows its bytes at all.
pub(crate) fn shows_bytes(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: only looks at the class.
    unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) != 0 }
}

/// Lends the bytes of an object that lie in one piece, whatever they stand for.
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
    let view = Lent::of(object, ffi::PyBUF_SIMPLE)?;
    Ok(work(view.bytes()))
}

/// The same of an object that is a row of bytes; `None` where what it shows is something else, as
/// numbers of NumPy's are.
///
/// # Errors
///
/// As those of `with_bytes`.
pub(crate) fn with_plain_bytes<T>(
    object: &Bound<'_, PyAny>,
    work: impl FnOnce(&[u8]) -> T,
) -> PyResult<Option<T>> {
    let view = Lent::of(object, ffi::PyBUF_CONTIG_RO | ffi::PyBUF_FORMAT)?;
    let is_plain = view.0.format.is_null() || {
        // SAFETY: the format is a text that lives as long as the view.
        let format = unsafe { CStr::from_ptr(view.0.format) };
        matches!(format.to_bytes(), [b'B' | b'b' | b'c'] | [b'<' | b'@', b'B' | b'b' | b'c'])
    };
    Ok((is_plain && view.0.ndim == 1).then(|| work(view.bytes())))
}

/// A view that is released when it goes.
struct Lent(ffi::Py_buffer);

impl Lent {
    fn of(object: &Bound<'_, PyAny>, flags: c_int) -> PyResult<Self> {
        let mut view = MaybeUninit::<ffi::Py_buffer>::uninit();
        // SAFETY: fills the view, or returns -1 with an error set.
        let got = unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), view.as_mut_ptr(), flags) };
        if got != 0 {
            return Err(PyErr::fetch(object.py()));
        }
        // SAFETY: the view was filled.
        Ok(Self(unsafe { view.assume_init() }))
    }

    fn bytes(&self) -> &[u8] {
        let length = usize::try_from(self.0.len).unwrap_or(0);
        if self.0.buf.is_null() || length == 0 {
            return &[];
        }
        // SAFETY: the view is that many bytes in one piece, which the object neither moves nor frees
        // until the view is released; the interpreter is held, so that nobody writes to them.
        unsafe { slice::from_raw_parts(self.0.buf.cast(), length) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: the view was filled, and is released once.
        unsafe { ffi::PyBuffer_Release(&raw mut self.0) };
    }
}
