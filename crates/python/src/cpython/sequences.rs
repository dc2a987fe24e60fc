//! Lists and tuples of what there is already. PyO3 panics where memory runs out: here it is an
//! error.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use smallvec::SmallVec;

/// A list of these items.
pub(crate) fn list_of<'py, T>(
    py: Python<'py>,
    items: impl IntoIterator<Item = Bound<'py, T>>,
) -> PyResult<Bound<'py, PyList>> {
    let items: SmallVec<[_; 4]> = items.into_iter().collect();
    // SAFETY: returns a new list of that length, or null with an error set; each of its places is
    // empty, and given the reference of one item before anybody else can see the list.
    unsafe {
        let list = Bound::from_owned_ptr_or_err(py, ffi::PyList_New(items.len() as _))?;
        for (place, item) in items.into_iter().enumerate() {
            ffi::PyList_SET_ITEM(list.as_ptr(), place as _, item.into_ptr());
        }
        Ok(list.cast_into_unchecked())
    }
}

/// A tuple of these items.
pub(crate) fn tuple_of<'py, T>(
    py: Python<'py>,
    items: impl IntoIterator<Item = Bound<'py, T>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let items: Vec<_> = items.into_iter().collect();
    // SAFETY: as above, with a tuple.
    unsafe {
        let tuple = Bound::from_owned_ptr_or_err(py, ffi::PyTuple_New(items.len() as _))?;
        for (place, item) in items.into_iter().enumerate() {
            ffi::PyTuple_SET_ITEM(tuple.as_ptr(), place as _, item.into_ptr());
        }
        Ok(tuple.cast_into_unchecked())
    }
}

/// A tuple of the items that are in a list now.
pub(crate) fn list_to_tuple<'py>(list: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyTuple>> {
    // SAFETY: it is a list; returns a new tuple, or null with an error set.
    unsafe {
        let made = ffi::PyList_AsTuple(list.as_ptr());
        Ok(Bound::from_owned_ptr_or_err(list.py(), made)?.cast_into_unchecked())
    }
}

/// Whether items of an object can be had by their numbers, as far as its class tells.
pub(crate) fn is_sequence(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: only looks at the class.
    unsafe { ffi::PySequence_Check(object.as_ptr()) != 0 }
}
