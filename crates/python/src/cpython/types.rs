//! Questions about the class of a value, answered from the type object alone.

use pyo3::ffi;
use pyo3::prelude::*;

/// Whether the value is an instance of an exception class.
#[inline]
pub(crate) fn is_exception_instance(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: reads the flags of the value's type.
    unsafe { ffi::PyExceptionInstance_Check(value.as_ptr()) != 0 }
}

/// Whether the value's class defines `__await__` in C or Python; `await` would accept it.
#[inline]
pub(crate) fn may_be_awaitable(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: reads the slots of the value's type, which lives as long as the value.
    unsafe {
        let methods = (*ffi::Py_TYPE(value.as_ptr())).tp_as_async;
        !methods.is_null() && (*methods).am_await.is_some()
    }
}
