//! Entries of a dict that Python code may change while it is read.

use std::ptr;

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::new_error;

/// A dict, being read from the front.
pub(crate) struct DictCursor<'a, 'py> {
    dict: &'a Bound<'py, PyDict>,
    position: ffi::Py_ssize_t,
    size: usize,
}

impl<'a, 'py> DictCursor<'a, 'py> {
    /// All entries of the dict.
    pub(crate) fn new(dict: &'a Bound<'py, PyDict>) -> Self {
        Self { dict, position: 0, size: dict.len() }
    }

    /// The next entry, owned.
    ///
    /// # Errors
    ///
    /// When the dict has grown or shrunk since reading began, as in Python.
    pub(crate) fn next(&mut self) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        if self.dict.len() != self.size {
            let message = "dictionary changed size during iteration";
            return Err(new_error::<PyRuntimeError>(self.dict.py(), message));
        }
        let (mut key, mut value) = (ptr::null_mut(), ptr::null_mut());
        let py = self.dict.py();
        // SAFETY: the object is a dict; key and value are borrowed and owned at once, before any
        // Python code can run.
        unsafe {
            let dict = self.dict.as_ptr();
            if ffi::PyDict_Next(dict, &mut self.position, &mut key, &mut value) == 0 {
                return Ok(None);
            }
            Ok(Some((Bound::from_borrowed_ptr(py, key), Bound::from_borrowed_ptr(py, value))))
        }
    }
}
