//! Instances of named tuples, made and read without a call of Python code.

use std::ptr;

use pyo3::ffi::{self, PyObject};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// The class of what a named tuple's class has for each of its fields.
static GETTER: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The index of the item that a descriptor of the object's class gives.
pub(super) fn item_index(object: &Bound<'_, PyAny>, found: &Bound<'_, PyAny>) -> Option<usize> {
    let py = object.py();
    let getter = GETTER.import(py, "_collections", "_tuplegetter").ok()?;
    if !found.is_exact_instance(getter) || !object.is_instance_of::<PyTuple>() {
        return None;
    }
    // What it pickles as tells the index: the class, then the index and the docstring.
    let reduced = found.call_method0(intern!(py, "__reduce__")).ok()?;
    reduced.get_item(1).and_then(|arguments| arguments.get_item(0)?.extract()).ok()
}

/// An item, borrowed; null when there is none.
///
/// # Safety
///
/// The object must be a live tuple.
#[inline]
pub(super) unsafe fn read_item(object: *mut PyObject, index: usize) -> *mut PyObject {
    // SAFETY: the caller's; the index is compared with the length.
    unsafe {
        if index >= ffi::PyTuple_GET_SIZE(object) as usize {
            return ptr::null_mut();
        }
        ffi::PyTuple_GET_ITEM(object, index as ffi::Py_ssize_t)
    }
}

/// An item of an exact tuple, which lives as long as the tuple.
#[inline]
pub(crate) fn tuple_item<'a, 'py>(
    object: &'a Bound<'py, PyAny>,
    index: usize,
) -> Option<Borrowed<'a, 'py, PyAny>> {
    if !object.is_exact_instance_of::<PyTuple>() {
        return None;
    }
    // SAFETY: the object is a tuple, borrowed for as long as the item is; no tuple that others have
    // seen loses an item.
    unsafe {
        let item = read_item(object.as_ptr(), index);
        (!item.is_null()).then(|| Borrowed::from_ptr(object.py(), item))
    }
}

/// `tuple.__new__(class, items)` of that many items.
///
/// # Errors
///
/// The first that an item is not made with, or memory runs out.
pub(crate) fn named_tuple_of<'py, E: From<PyErr>>(
    class: &Bound<'py, PyType>,
    size: usize,
    mut item: impl FnMut(usize) -> Result<Bound<'py, PyAny>, E>,
) -> Result<Bound<'py, PyAny>, E> {
    let py = class.py();
    // SAFETY: as for `named_tuple`. Making an item may run Python code, which comes by the tuple
    // through the collector, or by its `__del__` where it is left unfinished: each place has None
    // until it has its item, and what it had is let go once that is there.
    unsafe {
        let class = class.as_type_ptr();
        let is_tuple = ffi::PyType_IsSubtype(class, &raw mut ffi::PyTuple_Type) != 0;
        assert!(is_tuple, "a named tuple is a tuple");
        let allocate = (*class).tp_alloc.expect("classes allocate their instances");
        let made = Bound::from_owned_ptr_or_err(py, allocate(class, size as ffi::Py_ssize_t))?;
        for place in 0..size as ffi::Py_ssize_t {
            ffi::PyTuple_SET_ITEM(made.as_ptr(), place, py.None().into_ptr());
        }
        for place in 0..size {
            let item = item(place)?;
            ffi::PyTuple_SET_ITEM(made.as_ptr(), place as ffi::Py_ssize_t, item.into_ptr());
            ffi::Py_DECREF(ffi::Py_None());
        }
        Ok(made)
    }
}

/// Has the collector not look at a named tuple in which there is nothing for it, as it does itself
/// with tuples that are of no other class.
pub(crate) fn untrack_if_plain(named_tuple: &Bound<'_, PyTuple>) {
    let is_looked_at = |item: &Bound<'_, PyAny>| {
        // SAFETY: the item is live.
        unsafe { ffi::PyObject_GC_IsTracked(item.as_ptr()) != 0 }
    };
    if !named_tuple.iter().any(|item| is_looked_at(&item)) {
        // SAFETY: the tuple is live, and its items are never exchanged for others.
        unsafe { ffi::PyObject_GC_UnTrack(named_tuple.as_ptr().cast()) };
    }
}

/// `tuple.__new__(class, items)`, which is what a `NamedTuple`'s own `__new__` does: these first, and
/// then those of a tuple.
pub(crate) fn named_tuple<'py, const FIRST: usize>(
    class: &Bound<'py, PyType>,
    first: [Bound<'py, PyAny>; FIRST],
    then: Option<&Bound<'py, PyTuple>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let size = FIRST + then.map_or(0, |then| then.len());
    let then = then.into_iter().flat_map(|then| then.iter());
    // SAFETY: that the class is a subclass of tuple is checked here. Its `tp_alloc` returns a new
    // reference to a tuple of that many empty places, or null with an error set; each place is given
    // the reference of one item before anybody but the collector can see it, which skips empty ones.
    unsafe {
        let class = class.as_type_ptr();
        let is_tuple = ffi::PyType_IsSubtype(class, &raw mut ffi::PyTuple_Type) != 0;
        assert!(is_tuple, "a named tuple is a tuple");
        let allocate = (*class).tp_alloc.expect("classes allocate their instances");
        let made = Bound::from_owned_ptr_or_err(py, allocate(class, size as ffi::Py_ssize_t))?;
        for (place, item) in first.into_iter().chain(then).enumerate().take(size) {
            ffi::PyTuple_SET_ITEM(made.as_ptr(), place as ffi::Py_ssize_t, item.into_ptr());
        }
        Ok(made)
    }
}
