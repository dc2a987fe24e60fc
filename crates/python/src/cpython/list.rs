//! Items of a list or tuple that Python code may change while it is read.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// How many items ahead objects are fetched into the cache.
pub(super) const AHEAD: usize = 8;

/// A list or a tuple, being read from the front.
pub(crate) struct ListItems<'py> {
    sequence: Bound<'py, PyAny>,
    is_tuple: bool,
    index: usize,
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
        // SAFETY: the sequence is owned, and is what `is_tuple` says.
        unsafe { prefetch_item(self.sequence.as_ptr(), self.is_tuple, self.index + AHEAD) };
        // SAFETY: the same.
        unsafe { prefetch_entries(self.sequence.as_ptr(), self.is_tuple, self.index + AHEAD / 2) };
        // SAFETY: the item is alive: nothing ran since it was read.
        Some(unsafe { Bound::from_borrowed_ptr(self.sequence.py(), item) })
    }

    fn peek(&self) -> Option<*mut ffi::PyObject> {
        // SAFETY: the sequence is owned, and is what `is_tuple` says.
        unsafe { item(self.sequence.as_ptr(), self.is_tuple, self.index) }
    }

    /// The sequence, whether it is a tuple, and the place of the next item.
    #[inline]
    pub(super) fn parts(&mut self) -> (*mut ffi::PyObject, bool, &mut usize) {
        (self.sequence.as_ptr(), self.is_tuple, &mut self.index)
    }
}

/// An item, borrowed: valid until any Python code runs.
///
/// # Safety
///
/// The sequence must be live, and exactly a tuple or a list as `is_tuple` says.
#[inline]
pub(super) unsafe fn item(
    sequence: *mut ffi::PyObject,
    is_tuple: bool,
    index: usize,
) -> Option<*mut ffi::PyObject> {
    let place = index as ffi::Py_ssize_t;
    // SAFETY: the caller's; the index is compared with the length.
    let item = unsafe {
        if is_tuple {
            if place >= ffi::PyTuple_GET_SIZE(sequence) {
                return None;
            }
            ffi::PyTuple_GET_ITEM(sequence, place)
        } else {
            if place >= ffi::PyList_GET_SIZE(sequence) {
                return None;
            }
            ffi::PyList_GET_ITEM(sequence, place)
        }
    };
    (!item.is_null()).then_some(item)
}

/// Has an item fetched into the cache, with what stands right before and behind its head.
///
/// # Safety
///
/// The sequence must be live, and exactly a tuple or a list as `is_tuple` says.
#[inline]
pub(super) unsafe fn prefetch_item(sequence: *mut ffi::PyObject, is_tuple: bool, index: usize) {
    // SAFETY: the caller's.
    if let Some(item) = unsafe { item(sequence, is_tuple, index) } {
        prefetch(item.wrapping_byte_sub(32).cast());
        prefetch(item.wrapping_byte_add(16).cast());
    }
}

/// Has the entries of an item fetched into the cache if it is a dict, whose head was before.
///
/// # Safety
///
/// The sequence must be live, and exactly a tuple or a list as `is_tuple` says.
#[inline]
unsafe fn prefetch_entries(sequence: *mut ffi::PyObject, is_tuple: bool, index: usize) {
    // SAFETY: the caller's; a live item has a class, which is compared before the item is read.
    unsafe {
        if let Some(item) = item(sequence, is_tuple, index)
            && ffi::Py_TYPE(item) == &raw mut ffi::PyDict_Type
        {
            let keys = (*item.cast::<ffi::PyDictObject>()).ma_keys.cast::<u8>();
            prefetch(keys);
            prefetch(keys.wrapping_add(64));
        }
    }
}

/// Has the first items of a list fetched into the cache, all at once: they may lie anywhere.
///
/// # Safety
///
/// The list must be live.
#[inline]
pub(super) unsafe fn prefetch_short(list: *mut ffi::PyObject) {
    // SAFETY: the caller's.
    let length = unsafe { ffi::PyList_GET_SIZE(list) } as usize;
    for index in 1..length.min(AHEAD) {
        // SAFETY: the caller's.
        let item = unsafe { ffi::PyList_GET_ITEM(list, index as ffi::Py_ssize_t) };
        prefetch(item.wrapping_byte_add(32).cast());
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
