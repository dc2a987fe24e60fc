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
use super::keys::{Entries, Found, KeyPlace, Keys};
use super::knows_layout;

/// The place of one attribute in the instances of a class.
pub(in crate::cpython) enum InstancePlace {
    /// Among the values of instances without a dict, and where it is in the dict of those with one.
    Shared(usize, KeyPlace),
    /// In the dict only.
    Dict(KeyPlace),
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
        // PyHeapTypeObject whose cached keys are null or live as long as the class.
        unsafe {
            let class = ffi::Py_TYPE(object.as_ptr());
            let needed = ffi::Py_TPFLAGS_HEAPTYPE | ffi::Py_TPFLAGS_MANAGED_DICT;
            if (*class).tp_flags & needed != needed {
                return None;
            }
            let keys = (*class.cast::<ffi::PyHeapTypeObject>()).ht_cached_keys.cast::<Keys>();
            let shared = Keys::shared_index(keys, name.as_ptr());
            let shared = shared.filter(|_| may_have_values(class));
            let dict = dict(object.as_ptr());
            let key = if dict.is_null() {
                KeyPlace::at(shared.unwrap_or_default(), name)
            } else {
                KeyPlace::find(dict, name)?
            };
            Some(match shared {
                Some(index) => Self::Shared(index, key),
                None => Self::Dict(key),
            })
        }
    }

    /// The same place.
    pub(in crate::cpython) fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::Shared(index, key) => Self::Shared(*index, key.clone_ref(py)),
            Self::Dict(key) => Self::Dict(key.clone_ref(py)),
        }
    }

    /// The value of the attribute, borrowed; null when the instance has none.
    ///
    /// # Safety
    ///
    /// `object` must be a live instance of the class the place was found in, and that class
    /// unchanged since.
    #[inline(always)]
    pub(in crate::cpython) unsafe fn read(&self, object: *mut PyObject) -> *mut PyObject {
        // SAFETY: the class keeps its keys as long as it lives, their entries are only ever added
        // to, and arrays of values are as long as the keys can become.
        unsafe {
            match self {
                Self::Shared(index, key) => match values(object, *index) {
                    Some(values) => *values.add(*index),
                    None => read_dict(object, key),
                },
                Self::Dict(key) => read_dict(object, key),
            }
        }
    }
}

/// # Safety
///
/// As for [`InstancePlace::read`].
#[inline(never)]
unsafe fn read_dict(object: *mut PyObject, key: &KeyPlace) -> *mut PyObject {
    // SAFETY: the caller's; what an instance has for a dict is null or one.
    unsafe {
        let dict = dict(object);
        if dict.is_null() {
            return dict;
        }
        match key.read(&Entries::of(dict)) {
            Found::Value(value) => value,
            Found::Missing | Found::Unknown => ptr::null_mut(),
        }
    }
}

/// 3.11: the pointer before the dict pointer; null once a dict took the values over.
#[cfg(not(Py_3_12))]
#[inline(always)]
unsafe fn values(object: *mut PyObject, _index: usize) -> Option<*mut *mut PyObject> {
    // SAFETY: instances with a managed dict have four words before the object's head.
    let values = unsafe { *object.cast::<*mut *mut PyObject>().sub(4) };
    (!values.is_null()).then_some(values)
}

/// 3.12: one word holds either the dict or, with its lowest bit set, one less than the values.
#[cfg(all(Py_3_12, not(Py_3_13)))]
#[inline(always)]
unsafe fn values(object: *mut PyObject, _index: usize) -> Option<*mut *mut PyObject> {
    // SAFETY: instances with a managed dict have three words before the object's head.
    let word = unsafe { *object.cast::<*mut u8>().sub(3) };
    (word.addr() & 1 == 1).then(|| word.wrapping_add(1).cast())
}

/// 3.13: behind the object's head, with a capacity and a byte that says whether they count.
#[cfg(Py_3_13)]
#[inline(always)]
unsafe fn values(object: *mut PyObject, index: usize) -> Option<*mut *mut PyObject> {
    // SAFETY: a place is only shared where the class has inline values and a basic size of one
    // head.
    unsafe {
        let values = object.add(1).cast::<u8>();
        let (capacity, valid) = (*values, *values.add(3));
        (valid == 1 && index < usize::from(capacity)).then(|| values.add(VALUES_OFFSET).cast())
    }
}

/// The dict of an instance, borrowed; null when it has none yet.
///
/// # Safety
///
/// `object` must be a live instance of a class with a managed dict.
unsafe fn dict(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's: there are three words or more before the object's head, the first of
    // which, in 3.12, may hold tagged values instead.
    let dict = unsafe { *object.cast::<*mut PyObject>().sub(3) };
    let is_tagged = cfg!(all(Py_3_12, not(Py_3_13))) && dict.addr() & 1 == 1;
    if is_tagged { ptr::null_mut() } else { dict }
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
