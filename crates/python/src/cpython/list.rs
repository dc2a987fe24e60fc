//! Items of a list or tuple that Python code may change while it is read.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// How many items ahead objects are fetched into the cache.
const AHEAD: usize = 8;

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
        self.prefetch();
        // SAFETY: the item is alive: nothing ran since it was read.
        Some(unsafe { Bound::from_borrowed_ptr(self.sequence.py(), item) })
    }

    /// Has the head of an item to come fetched into the cache, and what stands around it.
    #[inline]
    fn prefetch(&self) {
        let index = self.index + AHEAD;
        if self.is_tuple || index >= self.len() {
            return;
        }
        // SAFETY: the index was compared with the length just now.
        let item =
            unsafe { ffi::PyList_GET_ITEM(self.sequence.as_ptr(), index as ffi::Py_ssize_t) };
        prefetch(item.wrapping_byte_sub(32).cast());
        prefetch(item.wrapping_byte_add(16).cast());
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

/// Asks for what is at an address, whatever it is.
#[inline]
fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: fetching ahead reads nothing, and may be asked of any address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
