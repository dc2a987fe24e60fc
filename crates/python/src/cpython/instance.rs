//! Instances, made as their classes make them.

use std::ptr;

use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// `class.__new__(class)`: an instance that was not initialised.
pub(crate) fn uninitialised<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let arguments = PyTuple::empty(py);
    // SAFETY: the slot of a live class, if there is one, takes the class, a tuple of arguments and
    // perhaps keywords; it returns a new reference, or null with an error set.
    unsafe {
        let class = class.as_type_ptr();
        let new = (*class).tp_new.expect("classes written in Python have a constructor");
        Bound::from_owned_ptr_or_err(py, new(class, arguments.as_ptr(), ptr::null_mut()))
    }
}
