//! No layout is known: nothing is found.

use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::PyString;

pub(in crate::cpython) enum InstancePlace {}

pub(in crate::cpython) enum KeyPlace {}

pub(in crate::cpython) enum Found {}

pub(in crate::cpython) struct Entries;

impl Found {
    pub(in crate::cpython) fn or_none(self) -> *mut PyObject {
        match self {}
    }
}

impl Entries {
    pub(in crate::cpython) const NONE: Self = Self;

    /// # Safety
    ///
    /// None is needed.
    pub(in crate::cpython) unsafe fn of(_dict: *mut PyObject) -> Self {
        Self
    }
}

impl InstancePlace {
    pub(in crate::cpython) fn clone_ref(&self, _py: Python<'_>) -> Self {
        match *self {}
    }

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
    pub(in crate::cpython) fn clone_ref(&self, _py: Python<'_>) -> Self {
        match *self {}
    }

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
    pub(in crate::cpython) unsafe fn read(&self, _entries: &Entries) -> Found {
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
