//! What the rows of a result are made of.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// A tuple of that many values, of which the collector is not told if none can be in a cycle.
///
/// # Errors
///
/// The first that a value is not made with, or memory runs out.
#[inline]
pub(crate) fn new_record<'py, E: From<PyErr>>(
    py: Python<'py>,
    length: usize,
    has_only_atoms: bool,
    mut value: impl FnMut(usize) -> Result<Bound<'py, PyAny>, E>,
) -> Result<Bound<'py, PyTuple>, E> {
    // SAFETY: nobody else can come by the tuple until it is whole, for the collector forgets it
    // while it is made. Each place is given the reference of one value, and what is left unfinished
    // frees what it has. The empty tuple is everybody's and has no place.
    unsafe {
        let tuple = Bound::from_owned_ptr_or_err(py, ffi::PyTuple_New(length as ffi::Py_ssize_t))?;
        if length > 0 {
            ffi::PyObject_GC_UnTrack(tuple.as_ptr().cast());
            for place in 0..length {
                let made = value(place)?;
                ffi::PyTuple_SET_ITEM(tuple.as_ptr(), place as ffi::Py_ssize_t, made.into_ptr());
            }
            if !has_only_atoms {
                ffi::PyObject_GC_Track(tuple.as_ptr().cast());
            }
        }
        Ok(tuple.cast_into_unchecked())
    }
}

/// A bytes object.
pub(crate) fn new_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let (data, size) = (bytes.as_ptr().cast(), bytes.len() as ffi::Py_ssize_t);
    // SAFETY: the data are of that size; returns a new reference, or null with an error set.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyBytes_FromStringAndSize(data, size)) }
}

/// The number by which a str is found in a dict, kept in the str.
#[inline]
pub(crate) fn hash_of(text: &Bound<'_, PyString>) -> isize {
    // SAFETY: a str always has a hash.
    unsafe { ffi::PyObject_Hash(text.as_ptr()) }
}
