//! The place of an attribute in the instances of a class.
//!
//! An instance whose class names its attributes once shares the names with all its siblings: the
//! class holds the keys, the instance an array of values in the order of the keys. Once somebody
//! has asked for its dict, or has replaced it, or given it many attributes, it may have a dict that
//! is read instead.

use std::ptr;

use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::prelude::*;
use pyo3::types::PyString;

#[cfg(Py_3_13)]
use super::keys::VALUES_OFFSET;
use super::keys::{Found, KeyPlace, Keys};
use super::knows_layout;

/// The place of one attribute in the instances of a class.
pub(in crate::cpython) struct InstancePlace {
    /// Among the values of instances without a dict.
    shared: Option<usize>,
    /// Among the entries of those that have one.
    key: KeyPlace,
}

/// What an instance keeps its attributes in.
enum Store {
    Values(*mut *mut PyObject),
    Dict(*mut PyObject),
}

impl InstancePlace {
    /// The place of the attribute in instances of the object's class; `None` when it keeps them
    /// elsewhere.
    pub(in crate::cpython) fn find(
        object: &Bound<'_, PyAny>,
        name: &Bound<'_, PyString>,
    ) -> Option<Self> {
        if !knows_layout() {
            return None;
        }
        // SAFETY: a live object has a live class. A heap type with a managed dict is a
        // PyHeapTypeObject whose cached keys are null or live as long as the class; what its
        // instance has for a dict is null or one.
        unsafe {
            let class = ffi::Py_TYPE(object.as_ptr());
            let needed = ffi::Py_TPFLAGS_HEAPTYPE | ffi::Py_TPFLAGS_MANAGED_DICT;
            if (*class).tp_flags & needed != needed {
                return None;
            }
            let shared = if may_have_values(class) {
                let keys = (*class.cast::<ffi::PyHeapTypeObject>()).ht_cached_keys.cast::<Keys>();
                Keys::shared_index(keys, name.as_ptr())
            } else {
                None
            };
            let key = match store(object.as_ptr(), shared) {
                Store::Dict(dict) if !dict.is_null() => KeyPlace::find(dict, name)?,
                _ => KeyPlace::at(shared.unwrap_or_default(), name),
            };
            Some(Self { shared, key })
        }
    }

    /// The value of the attribute, borrowed; null when the instance has none.
    ///
    /// # Safety
    ///
    /// `object` must be a live instance of the class the place was found in, and that class
    /// unchanged since.
    #[inline]
    pub(in crate::cpython) unsafe fn read(&self, object: *mut PyObject) -> *mut PyObject {
        // SAFETY: the class keeps its keys as long as it lives, their entries are only ever added
        // to, and arrays of values are as long as the keys can become.
        unsafe {
            match (store(object, self.shared), self.shared) {
                (Store::Values(values), Some(index)) => *values.add(index),
                (Store::Dict(dict), _) if !dict.is_null() => match self.key.read(dict) {
                    Found::Value(value) => value,
                    Found::Missing | Found::Unknown => ptr::null_mut(),
                },
                _ => ptr::null_mut(),
            }
        }
    }
}

/// 3.11: the pointer before the dict pointer; null once a dict took the values over.
#[cfg(not(Py_3_12))]
#[inline]
unsafe fn store(object: *mut PyObject, _shared: Option<usize>) -> Store {
    // SAFETY: instances with a managed dict have four words before the object's head.
    unsafe {
        let values = *object.cast::<*mut *mut PyObject>().sub(4);
        if !values.is_null() {
            return Store::Values(values);
        }
        Store::Dict(*object.cast::<*mut PyObject>().sub(3))
    }
}

/// 3.12: one word holds either the dict or, with its lowest bit set, one less than the values.
#[cfg(all(Py_3_12, not(Py_3_13)))]
#[inline]
unsafe fn store(object: *mut PyObject, _shared: Option<usize>) -> Store {
    // SAFETY: instances with a managed dict have three words before the object's head.
    let word = unsafe { *object.cast::<*mut u8>().sub(3) };
    if word.addr() & 1 == 1 {
        return Store::Values(word.wrapping_add(1).cast());
    }
    Store::Dict(word.cast())
}

/// 3.13: behind the object's head, with a capacity and a byte that says whether they count; only
/// looked for where the class shares the key.
#[cfg(Py_3_13)]
#[inline]
unsafe fn store(object: *mut PyObject, shared: Option<usize>) -> Store {
    // SAFETY: a class that shares keys has inline values and a basic size of one head, as
    // `may_have_values` made sure; instances with a managed dict have three words before the head.
    unsafe {
        if let Some(index) = shared {
            let values = object.add(1).cast::<u8>();
            let (capacity, valid) = (*values, *values.add(3));
            if valid == 1 && index < usize::from(capacity) {
                return Store::Values(values.add(VALUES_OFFSET).cast());
            }
        }
        Store::Dict(*object.cast::<*mut PyObject>().sub(3))
    }
}

#[cfg(not(Py_3_13))]
unsafe fn may_have_values(_class: *mut PyTypeObject) -> bool {
    true
}

#[cfg(Py_3_13)]
unsafe fn may_have_values(class: *mut PyTypeObject) -> bool {
    /// `Py_TPFLAGS_INLINE_VALUES`.
    const INLINE_VALUES: std::ffi::c_ulong = 1 << 2;
    // SAFETY: the caller hands a live type.
    let (flags, size) = unsafe { ((*class).tp_flags, (*class).tp_basicsize) };
    flags & INLINE_VALUES != 0 && size as usize == size_of::<PyObject>()
}
