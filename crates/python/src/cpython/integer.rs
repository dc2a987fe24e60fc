//! Integers read without a guess at their width.

use std::ffi::c_int;

use pyo3::exceptions::PyOverflowError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use crate::errors::new_error;

/// The value of an int that fits 64 bits.
#[inline]
pub(crate) fn small_integer(integer: &Bound<'_, PyInt>) -> Option<i64> {
    one_digit(integer).or_else(|| any_integer(integer))
}

#[inline(never)]
fn any_integer(integer: &Bound<'_, PyInt>) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: the object is an int, so no conversion and no Python code runs, and no error is set:
    // what does not fit is told by `overflow`.
    let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(integer.as_ptr(), &mut overflow) };
    (overflow == 0).then_some(value)
}

/// The value of an int of one digit in CPython's own notation: what is nearer to zero than 2^30.
///
/// Reference: `struct _longobject` in CPython's `Include/cpython/longintrepr.h`. Until 3.11 the
/// size of the object counts its digits and bears its sign; since 3.12 the tag counts them in
/// units of eight and has the sign, 0 for positive and 2 for negative, below.
#[cfg(known_layout)]
#[inline]
fn one_digit(integer: &Bound<'_, PyInt>) -> Option<i64> {
    #[repr(C)]
    struct LongObject {
        head: ffi::PyObject,
        #[cfg(not(Py_3_12))]
        size: isize,
        #[cfg(Py_3_12)]
        tag: usize,
        first_digit: u32,
    }
    let object = integer.as_ptr().cast::<LongObject>();
    // SAFETY: every int begins so, and one with a digit has the first one there.
    unsafe {
        let digit = i64::from((*object).first_digit);
        #[cfg(not(Py_3_12))]
        return match (*object).size {
            1 => Some(digit),
            -1 => Some(-digit),
            0 => Some(0),
            _ => None,
        };
        #[cfg(Py_3_12)]
        return match (*object).tag {
            8 => Some(digit),
            10 => Some(-digit),
            1 => Some(0),
            _ => None,
        };
    }
}

#[cfg(not(known_layout))]
fn one_digit(_integer: &Bound<'_, PyInt>) -> Option<i64> {
    None
}

/// What an object is as a C int, if it stands for an integer.
///
/// # Errors
///
/// `TypeError` if it stands for none, `OverflowError` if for one that is too large.
pub(crate) fn c_int(object: &Bound<'_, PyAny>) -> PyResult<c_int> {
    let py = object.py();
    // SAFETY: returns a new int, or null with an error set.
    let integer = unsafe {
        Bound::from_owned_ptr_or_err(py, ffi::PyNumber_Index(object.as_ptr()))?
            .cast_into_unchecked::<PyInt>()
    };
    let small = small_integer(&integer).and_then(|integer| c_int::try_from(integer).ok());
    small
        .ok_or_else(|| new_error::<PyOverflowError>(py, "Python int too large to convert to C int"))
}

/// Whether an object stands for an integer, as far as its class tells.
pub(crate) fn is_index(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: only looks at the class.
    unsafe { ffi::PyIndex_Check(object.as_ptr()) != 0 }
}

/// The place that an object stands for as an index, from the end if it is negative.
///
/// # Errors
///
/// `TypeError` if it stands for no integer, `IndexError` if no sequence is so long.
pub(crate) fn index(object: &Bound<'_, PyAny>) -> PyResult<isize> {
    // SAFETY: returns -1 with an error set, or the number, which may be -1, too.
    match unsafe { ffi::PyNumber_AsSsize_t(object.as_ptr(), ffi::PyExc_IndexError) } {
        -1 => PyErr::take(object.py()).map_or(Ok(-1), Err),
        place => Ok(place),
    }
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
