//! Items of a list or tuple that Python code may change while it is read.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// A list or a tuple, being read from the front.
pub(crate) struct ListItems<'py> {
    sequence: Bound<'py, PyAny>,
    is_tuple: bool,
    /// The place of the next item.
    pub(crate) index: usize,
}

impl<'py> ListItems<'py> {
    /// The items of a value that is exactly a list or a tuple.
    pub(crate) fn of(value: &Bound<'py, PyAny>) -> Option<Self> {
        let is_tuple = value.is_exact_instance_of::<PyTuple>();
        (is_tuple || value.is_exact_instance_of::<PyList>()).then(|| Self {
            sequence: value.clone(),
            is_tuple,
            index: 0,
        })
    }

    /// How many items there are at this moment.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        let object = self.sequence.as_ptr();
        // SAFETY: the object is a list or a tuple, as `is_tuple` says.
        let size = unsafe {
            if self.is_tuple { ffi::PyTuple_GET_SIZE(object) } else { ffi::PyList_GET_SIZE(object) }
        };
        size as usize
    }

    /// The next item, owned, for the list may lose it at any time.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Bound<'py, PyAny>> {
        let item = self.peek()?;
        self.index += 1;
        // SAFETY: the item is alive: nothing ran since it was read.
        Some(unsafe { Bound::from_borrowed_ptr(self.sequence.py(), item) })
    }

    /// The next item, borrowed: valid until any Python code runs.
    #[inline]
    pub(super) fn peek(&self) -> Option<*mut ffi::PyObject> {
        if self.index >= self.len() {
            return None;
        }
        let object = self.sequence.as_ptr();
        let index = self.index as ffi::Py_ssize_t;
        // SAFETY: the index was compared with the length just now.
        let item = unsafe {
            if self.is_tuple {
                ffi::PyTuple_GET_ITEM(object, index)
            } else {
                ffi::PyList_GET_ITEM(object, index)
            }
        };
        (!item.is_null()).then_some(item)
    }
}
