//! Whether an instance has an attribute of its own, or only what its class has.

use std::ptr;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::types::{get_optional_attribute, is_generic, look_up};

/// What a class has under a name, as an address that is only compared: it is valid as long as the
/// class is unchanged.
pub(crate) struct InstanceAttribute {
    in_class: *mut PyObject,
}

impl InstanceAttribute {
    /// What the class of the value has under that name, if instances can be asked without Python
    /// code and this one has nothing else.
    pub(crate) fn find(value: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) -> Option<Self> {
        let class = value.get_type();
        // SAFETY: the class is owned, and what is found in it is owned before it is looked at.
        let in_class = unsafe {
            if !is_generic((*class.as_type_ptr()).tp_getattro) {
                return None;
            }
            let found = look_up(class.as_type_ptr(), name.as_ptr());
            Bound::from_borrowed_ptr_or_opt(value.py(), found)
        };
        if let Some(found) = &in_class {
            // SAFETY: a live object has a live class. What has a `__get__` may give anything.
            let is_descriptor = unsafe { (*ffi::Py_TYPE(found.as_ptr())).tp_descr_get.is_some() };
            if is_descriptor {
                return None;
            }
        }
        let in_class = in_class.as_ref().map_or(ptr::null_mut(), Bound::as_ptr);
        let attribute = Self { in_class };
        attribute.is_inherited(value, name).then_some(attribute)
    }

    /// Whether an instance of the same class, unchanged since, has nothing of its own under the
    /// name.
    #[inline]
    pub(crate) fn is_inherited(
        &self,
        value: &Bound<'_, PyAny>,
        name: &Bound<'_, PyString>,
    ) -> bool {
        let mut found = ptr::null_mut();
        // SAFETY: both are live; what is found is owned, and released once it was compared. The
        // class looks attributes up as `object` does, so that a missing one is no error.
        unsafe {
            if get_optional_attribute(value.as_ptr(), name.as_ptr(), &mut found) < 0 {
                ffi::PyErr_Clear();
                return false;
            }
            ffi::Py_XDECREF(found);
        }
        found == self.in_class
    }
}
