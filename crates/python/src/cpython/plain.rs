//! Leaves written without being owned: nothing here runs Python code.

use onecross_graphql::execute::{RUN, Sink};
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use super::integer::small_integer;
use super::list::{ListItems, item, prefetch_short};
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

/// After how many bytes a run of items ends.
const RUN_BYTES: usize = 64 * 1024;

/// The largest integer up to which each has a float of its own.
const EXACT_FLOAT: u64 = 1 << 53;

/// A type made of a built-in scalar: the scalar itself, or a list of it.
#[derive(Clone, Copy)]
pub(crate) struct PlainShape {
    /// The scalar.
    pub(crate) plain: Plain,
    /// Whether null may stand for the whole.
    pub(crate) nullable: bool,
    /// Of a list, whether null may stand for an item.
    pub(crate) items: Option<bool>,
}

/// Writes a value, if there is one and it takes no Python code and is no error; says how many
/// values were read for it.
///
/// # Safety
///
/// `value` must be live or null.
#[inline(always)]
pub(super) unsafe fn write_plain<S: Sink<Py<PyString>> + Leaves>(
    py: Python<'_>,
    value: *mut PyObject,
    shape: PlainShape,
    sink: &mut S,
) -> Option<usize> {
    if value.is_null() {
        return None;
    }
    // SAFETY: the caller's.
    unsafe {
        match shape.items {
            None => write(py, value, shape.plain, shape.nullable, sink).then_some(1),
            Some(nullable) => write_list(py, value, shape, nullable, sink),
        }
    }
}

/// Writes a whole list that is short enough to be written at once, or nothing of it.
///
/// # Safety
///
/// `value` must be live.
#[inline(never)]
unsafe fn write_list<S: Sink<Py<PyString>> + Leaves>(
    py: Python<'_>,
    value: *mut PyObject,
    shape: PlainShape,
    nullable: bool,
    sink: &mut S,
) -> Option<usize> {
    // SAFETY: the caller's; the exact class is compared before the list is read. The list is owned
    // from here on: somebody may have put a value of theirs in a container that the sink makes,
    // and replacing it does anything.
    unsafe {
        if ffi::Py_TYPE(value) != &raw mut ffi::PyList_Type {
            return None;
        }
        let list: Bound<'_, PyAny> = Bound::from_borrowed_ptr(py, value);
        let value = list.as_ptr();
        if ffi::PyList_GET_SIZE(value) as usize > RUN {
            return None;
        }
        prefetch_short(value);
        let mark = sink.mark();
        sink.begin_list(ffi::PyList_GET_SIZE(value) as usize);
        let mut written = 0;
        write_run(py, (value, false), &mut written, (shape.plain, nullable), sink);
        if written < ffi::PyList_GET_SIZE(value) as usize {
            sink.rollback(mark);
            return None;
        }
        sink.end_list();
        Some(1 + written)
    }
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

/// Writes a run of items, up to the first that needs Python code or is an error; says how many.
#[inline]
pub(crate) fn write_plain_items<L: Leaves>(
    items: &mut ListItems<'_>,
    py: Python<'_>,
    plain: Plain,
    nullable: bool,
    leaves: &mut L,
) -> usize {
    let (sequence, is_tuple, index) = items.parts();
    let first = *index;
    // SAFETY: the items own their sequence and know what it is.
    unsafe { write_run(py, (sequence, is_tuple), index, (plain, nullable), leaves) };
    *index - first
}

/// Writes items from `index` on, and leaves `index` behind the last that was written. However many
/// there are, it does not take long.
///
/// # Safety
///
/// The sequence must be live, and exactly a tuple or a list, as the flag beside it says.
#[inline]
unsafe fn write_run<L: Leaves>(
    py: Python<'_>,
    (sequence, is_tuple): (*mut PyObject, bool),
    index: &mut usize,
    (plain, nullable): (Plain, bool),
    leaves: &mut L,
) {
    let mut place = *index;
    let end = place + RUN;
    let most_bytes = leaves.written() + RUN_BYTES;
    // SAFETY: the caller's; each item is read anew and is alive while it is written, for writing
    // leaves runs no Python code. Exact classes are compared before casts.
    unsafe {
        if plain == Plain::String {
            // The common list, in the tightest loop.
            while place < end
                && let Some(item) = item(sequence, is_tuple, place)
                && ffi::Py_TYPE(item) == &raw mut ffi::PyUnicode_Type
            {
                let is_short = leaves.text(Borrowed::from_ptr(py, item).cast_unchecked());
                place += 1;
                if !is_short && leaves.written() >= most_bytes {
                    break;
                }
            }
        }
        while place < end
            && leaves.written() < most_bytes
            && let Some(item) = item(sequence, is_tuple, place)
            && write(py, item, plain, nullable, leaves)
        {
            place += 1;
        }
    }
    *index = place;
}

/// # Safety
///
/// `value` must be live, and is borrowed only as long as no Python code runs.
#[inline(always)]
unsafe fn write<L: Leaves>(
    py: Python<'_>,
    value: *mut PyObject,
    plain: Plain,
    nullable: bool,
    leaves: &mut L,
) -> bool {
    // SAFETY: the caller's; each cast follows a comparison of the exact class.
    unsafe {
        // The values that the types are named for come first, by far the most common.
        let class = ffi::Py_TYPE(value);
        if plain == Plain::Int && class == &raw mut ffi::PyLong_Type {
            let object = Borrowed::from_ptr(py, value);
            if let Some(integer) = small_integer(&object.cast_unchecked::<PyInt>())
                && i32::try_from(integer).is_ok()
            {
                if !leaves.keep(object) {
                    leaves.integer(py, integer);
                }
                return true;
            }
            return false;
        }
        if class == &raw mut ffi::PyUnicode_Type && matches!(plain, Plain::String | Plain::Id) {
            leaves.text(Borrowed::from_ptr(py, value).cast_unchecked());
            return true;
        }
        write_any(py, value, plain, nullable, leaves)
    }
}

/// # Safety
///
/// As for [`write`].
#[inline(never)]
unsafe fn write_any<L: Leaves>(
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
            if !leaves.keep(object) {
                leaves.float(py, float);
            }
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
