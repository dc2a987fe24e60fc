//! Instances of named tuples, made without a call of Python code.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// `tuple.__new__(class, items)`, which is what a `NamedTuple`'s own `__new__` does.
pub(crate) fn named_tuple<'py>(
    class: &Bound<'py, PyType>,
    items: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let arguments = PyTuple::new(py, [items])?;
    // SAFETY: `tuple` has a `tp_new`; it takes a subclass of tuple, an argument tuple and no
    // keywords, and returns a new reference or null with an error set. That the class is a
    // subclass of tuple is checked here.
    unsafe {
        let is_tuple = ffi::PyType_IsSubtype(class.as_type_ptr(), &raw mut ffi::PyTuple_Type) != 0;
        assert!(is_tuple, "a named tuple is a tuple");
        let new = ffi::PyTuple_Type.tp_new.expect("tuple has a constructor");
        let made = new(class.as_type_ptr(), arguments.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, made)
    }
}
