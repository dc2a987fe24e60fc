//! Integers read without a guess at their width.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

/// The value of an int that fits 64 bits.
#[inline]
pub(crate) fn small_integer(integer: &Bound<'_, PyInt>) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: the object is an int, so no conversion and no Python code runs, and no error is set:
    // what does not fit is told by `overflow`.
    let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(integer.as_ptr(), &mut overflow) };
    (overflow == 0).then_some(value)
}

/// The decimal digits of any int, by `int`'s own `__repr__` even for subclasses.
///
/// Reference: `json.encoder`, which writes subclasses of `int` the same way.
pub(crate) fn decimal_digits<'py>(integer: &Bound<'py, PyInt>) -> PyResult<Bound<'py, PyString>> {
    // SAFETY: `int` has a `tp_repr`, it accepts every int, and it returns a new str or null with
    // an error set (the limit on the number of digits).
    unsafe {
        let represent = ffi::PyLong_Type.tp_repr.expect("int has a repr");
        let text = Bound::from_owned_ptr_or_err(integer.py(), represent(integer.as_ptr()))?;
        Ok(text.cast_into_unchecked())
    }
}
