//! No layout is known: nothing is found.

use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::PyString;

pub(in crate::cpython) enum InstancePlace {}

pub(in crate::cpython) enum KeyPlace {}

pub(in crate::cpython) enum Found {
    #[expect(dead_code, reason = "nothing is found where no layout is known")]
    Value(*mut PyObject),
    #[expect(dead_code, reason = "nothing is found where no layout is known")]
    Missing,
    #[expect(dead_code, reason = "nothing is found where no layout is known")]
    Unknown,
}

impl InstancePlace {
    pub(in crate::cpython) fn find(
        _object: &Bound<'_, PyAny>,
        _name: &Bound<'_, PyString>,
    ) -> Option<Self> {
        None
    }

    /// # Safety
    ///
    /// None is needed.
    pub(in crate::cpython) unsafe fn read(&self, _object: *mut PyObject) -> *mut PyObject {
        match *self {}
    }
}

impl KeyPlace {
    /// # Safety
    ///
    /// None is needed.
    pub(in crate::cpython) unsafe fn find(
        _dict: *mut PyObject,
        _name: &Bound<'_, PyString>,
    ) -> Option<Self> {
        None
    }

    /// # Safety
    ///
    /// None is needed.
    pub(in crate::cpython) unsafe fn read(&self, _dict: *mut PyObject) -> Found {
        match *self {}
    }
}

/// # Safety
///
/// None is needed.
pub(in crate::cpython) unsafe fn replace_value<'py>(
    _dict: *mut PyObject,
    _index: usize,
    _key: *mut PyObject,
    value: Bound<'py, PyAny>,
) -> Result<(), Bound<'py, PyAny>> {
    Err(value)
}
