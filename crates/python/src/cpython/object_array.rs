//! Arrays of objects, filled where they lie.

use std::mem::MaybeUninit;
use std::ptr;

use pyo3::exceptions::PyBufferError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

use crate::errors::new_error;

/// Fills an array of NumPy's that was just made by `empty(size, "O")`, and that nobody else has.
///
/// # Errors
///
/// The first that an object is not made with, or the array is none of so many objects.
pub(crate) fn fill_objects<'py, E: From<PyErr>>(
    array: &Bound<'py, PyAny>,
    size: usize,
    mut object: impl FnMut(usize) -> Result<Bound<'py, PyAny>, E>,
) -> Result<(), E> {
    let mut view = MaybeUninit::<ffi::Py_buffer>::uninit();
    let flags = ffi::PyBUF_CONTIG | ffi::PyBUF_FORMAT;
    // SAFETY: fills the view, or returns -1 with an error set.
    if unsafe { ffi::PyObject_GetBuffer(array.as_ptr(), view.as_mut_ptr(), flags) } != 0 {
        return Err(PyErr::fetch(array.py()).into());
    }
    // SAFETY: the view was filled.
    let view = View(unsafe { view.assume_init() });
    // SAFETY: the format is null or a text that ends with a zero.
    let holds_objects = unsafe { !view.0.format.is_null() && *view.0.format.cast::<u8>() == b'O' };
    if !holds_objects || view.0.len as usize != size * size_of::<*mut PyObject>() {
        let message = "numpy.empty made no array of objects";
        return Err(new_error::<PyBufferError>(array.py(), message).into());
    }
    for place in 0..size {
        let made = object(place)?;
        // SAFETY: the view is that many references in one piece, writable, as its format says; what
        // stood there is let go after the new object took its place.
        unsafe {
            let slot = view.0.buf.cast::<*mut PyObject>().add(place);
            let before = ptr::replace(slot, made.into_ptr());
            ffi::Py_XDECREF(before);
        }
    }
    Ok(())
}

/// A view that is released when it goes.
struct View(ffi::Py_buffer);

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the view was filled, and is released once.
        unsafe { ffi::PyBuffer_Release(&raw mut self.0) };
    }
}
