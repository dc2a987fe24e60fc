//! Leaves written without being owned: nothing here runs Python code.

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::attribute::AttributeReader;
use super::integer::small_integer;
use super::list::ListItems;
use crate::read::Leaves;

/// The built-in scalars, whose rules are known.
///
/// Reference: the specification's "Scalars" (3.5), as graphql-core's `type/scalars.py` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Int,
    Float,
    String,
    Boolean,
    Id,
}

/// The largest integer up to which each has a float of its own.
const EXACT_FLOAT: u64 = 1 << 53;

/// Writes an attribute, if it can be read and written without Python code or an error.
#[inline]
pub(crate) fn write_plain_attribute<L: Leaves>(
    reader: &AttributeReader,
    object: &Bound<'_, PyAny>,
    plain: Plain,
    nullable: bool,
    leaves: &mut L,
) -> bool {
    let value = reader.borrowed(object.as_ptr());
    // SAFETY: the value was read just now and is alive.
    !value.is_null() && unsafe { write(object.py(), value, plain, nullable, leaves) }
}

/// Writes a value, if it can be written without Python code or an error.
#[inline]
pub(crate) fn write_plain_value<L: Leaves>(
    value: &Bound<'_, PyAny>,
    plain: Plain,
    leaves: &mut L,
) -> bool {
    // SAFETY: the caller owns the value.
    unsafe { write(value.py(), value.as_ptr(), plain, false, leaves) }
}

/// Writes items up to the first that needs Python code or is an error; says how many.
#[inline]
pub(crate) fn write_plain_items<L: Leaves>(
    items: &mut ListItems<'_>,
    py: Python<'_>,
    plain: Plain,
    nullable: bool,
    leaves: &mut L,
) -> usize {
    let first = items.index;
    if plain == Plain::String {
        write_texts(items, py, leaves);
    }
    while let Some(item) = items.peek() {
        // SAFETY: the item was read just now and is alive; writing leaves runs no Python code.
        if !unsafe { write(py, item, plain, nullable, leaves) } {
            break;
        }
        items.index += 1;
    }
    items.index - first
}

/// Writes items up to the first that is no text: the common list, in the tightest loop.
#[inline]
fn write_texts<L: Leaves>(items: &mut ListItems<'_>, py: Python<'_>, leaves: &mut L) {
    while let Some(item) = items.peek() {
        // SAFETY: the item was read just now and is alive; its exact class is compared before the
        // cast, and writing text runs no Python code.
        unsafe {
            if ffi::Py_TYPE(item) != &raw mut ffi::PyUnicode_Type {
                return;
            }
            leaves.text(Borrowed::from_ptr(py, item).cast_unchecked());
        }
        items.index += 1;
    }
}

/// # Safety
///
/// `value` must be live, and is borrowed only as long as no Python code runs.
#[inline]
unsafe fn write<L: Leaves>(
    py: Python<'_>,
    value: *mut PyObject,
    plain: Plain,
    nullable: bool,
    leaves: &mut L,
) -> bool {
    // SAFETY: the caller's; each cast follows a comparison of the exact class.
    unsafe {
        let object = Borrowed::from_ptr(py, value);
        let class = ffi::Py_TYPE(value);
        if class == &raw mut ffi::PyUnicode_Type {
            if !matches!(plain, Plain::String | Plain::Id) {
                return false;
            }
            leaves.text(object.cast_unchecked());
            return true;
        }
        if class == &raw mut ffi::PyLong_Type {
            let Some(integer) = small_integer(&object.cast_unchecked::<PyInt>()) else {
                return false;
            };
            return write_integer(py, integer, plain, leaves);
        }
        if class == &raw mut ffi::PyBool_Type {
            return write_boolean(py, value == ffi::Py_True(), plain, leaves);
        }
        if class == &raw mut ffi::PyFloat_Type {
            let float = ffi::PyFloat_AS_DOUBLE(value);
            if plain != Plain::Float || !float.is_finite() {
                return false;
            }
            leaves.float(py, float);
            return true;
        }
        if nullable && value == ffi::Py_None() {
            leaves.null(py);
            return true;
        }
        false
    }
}

#[inline]
fn write_integer<L: Leaves>(py: Python<'_>, value: i64, plain: Plain, leaves: &mut L) -> bool {
    match plain {
        Plain::Int if i32::try_from(value).is_ok() => leaves.integer(py, value),
        Plain::Float if value.unsigned_abs() <= EXACT_FLOAT => leaves.float(py, value as f64),
        Plain::Boolean => leaves.boolean(py, value != 0),
        Plain::String | Plain::Id => leaves.integer_as_text(py, value),
        Plain::Int | Plain::Float => return false,
    }
    true
}

/// A bool where a number is wanted becomes the int 1 or 0, even for Float.
fn write_boolean<L: Leaves>(py: Python<'_>, value: bool, plain: Plain, leaves: &mut L) -> bool {
    match plain {
        Plain::Boolean => leaves.boolean(py, value),
        Plain::Int | Plain::Float => leaves.integer(py, i64::from(value)),
        Plain::String => leaves.ascii(py, if value { "true" } else { "false" }),
        Plain::Id => return false,
    }
    true
}
