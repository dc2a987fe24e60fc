//! A class that was seen before, told without a look into it.

use std::ffi::c_ulong;
use std::ptr;

use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::prelude::*;

use super::types::tells_its_class;

/// A class as it was when it was seen.
///
/// It is told by its address and its version tag. Tags are never used twice and 0 never matches, so
/// a changed class, or another one at the address of a dead one, is another; none is kept alive.
#[derive(Clone, Copy)]
pub(super) struct KnownClass {
    class: *mut PyTypeObject,
    version: u32,
    /// Its flag of mappings: a class may be registered as one and keeps its tag.
    mapping: c_ulong,
}

// SAFETY: the address is only compared, by whoever holds the interpreter.
unsafe impl Send for KnownClass {}

impl KnownClass {
    /// No class.
    pub(super) const NONE: Self = Self { class: ptr::null_mut(), version: 0, mapping: 0 };

    /// The class of the object.
    ///
    /// A class whose instances may say that they are of another is not remembered: each of them is
    /// asked anew. Nor is one that has no version: looking up any name in it gives it one.
    pub(super) fn of(object: &Bound<'_, PyAny>) -> Self {
        let class = object.get_type_ptr();
        // SAFETY: a live object has a live class.
        unsafe {
            if !tells_its_class(object.py(), class) || (*class).tp_version_tag == 0 {
                return Self::NONE;
            }
            let mapping = (*class).tp_flags & ffi::Py_TPFLAGS_MAPPING;
            Self { class, version: (*class).tp_version_tag, mapping }
        }
    }

    /// The class itself, null for none.
    pub(super) fn pointer(self) -> *mut PyTypeObject {
        self.class
    }

    /// Whether it is this version of this class.
    pub(super) fn is(self, class: *mut PyTypeObject, version: u32) -> bool {
        self.class == class && self.version == version
    }

    /// Whether the object is of the class, unchanged since.
    ///
    /// # Safety
    ///
    /// `object` must be live.
    #[inline(always)]
    pub(super) unsafe fn has(&self, object: *mut PyObject) -> bool {
        // SAFETY: the caller's; a live object has a live class.
        unsafe {
            let class = ffi::Py_TYPE(object);
            class == self.class
                && (*class).tp_version_tag == self.version
                && (*class).tp_flags & ffi::Py_TPFLAGS_MAPPING == self.mapping
        }
    }
}
