//! What is awaited without waiting: an object whose value is there already.
//!
//! PyO3 knows no slot for `send`: what it makes can only return by raising `StopIteration`, which
//! takes longer than all else that is done for a row.

use std::ffi::{c_int, c_uint, c_void};
use std::ptr;

use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::ffi::{self, PySendResult};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::errors::new_error;

/// The layout of an instance.
#[repr(C)]
struct Ready {
    head: ffi::PyObject,
    /// The value, until it was given; null then.
    value: *mut ffi::PyObject,
}

/// Something whose `await` gives the value at once, one time.
pub(crate) fn ready<'py>(value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    let class = class(py)?.as_ptr().cast::<ffi::PyTypeObject>();
    // SAFETY: the class is that of the layout; a new instance, or null with an error set, is filled
    // with zeros. It takes over the reference to the value.
    unsafe {
        let made = ffi::PyType_GenericAlloc(class, 0);
        let made = Bound::from_owned_ptr_or_err(py, made)?;
        (*made.as_ptr().cast::<Ready>()).value = value.into_ptr();
        Ok(made)
    }
}

fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Ok(CLASS.get_or_try_init(py, || made_class(py))?.bind(py))
}

fn made_class(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let slot = |slot: c_int, function: *mut c_void| ffi::PyType_Slot { slot, pfunc: function };
    let mut slots = [
        slot(ffi::Py_tp_dealloc, deallocate as ffi::destructor as *mut c_void),
        slot(ffi::Py_tp_iter, itself as ffi::unaryfunc as *mut c_void),
        slot(ffi::Py_tp_iternext, next as ffi::iternextfunc as *mut c_void),
        slot(ffi::Py_am_await, itself as ffi::unaryfunc as *mut c_void),
        slot(ffi::Py_am_send, send as *mut c_void),
        slot(0, ptr::null_mut()),
    ];
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION
        | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    let mut spec = ffi::PyType_Spec {
        name: c"onecross._core.Ready".as_ptr(),
        basicsize: size_of::<Ready>() as c_int,
        itemsize: 0,
        flags: flags as c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the slots end with an empty one, each function is of its slot's type, and the spec is
    // copied; returns a new reference, or null with an error set.
    unsafe { Ok(Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&raw mut spec))?.unbind()) }
}

/// Takes the value out; an error is set where it was taken before.
///
/// # Safety
///
/// The object is of the class, and the interpreter attached.
unsafe fn take(own: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let value = ptr::replace(&raw mut (*own.cast::<Ready>()).value, ptr::null_mut());
        if value.is_null() {
            let py = Python::assume_attached();
            new_error::<PyRuntimeError>(py, "this was awaited before").restore(py);
        }
        value
    }
}

unsafe extern "C" fn itself(own: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the object is live.
    unsafe {
        ffi::Py_INCREF(own);
    }
    own
}

unsafe extern "C" fn send(
    own: *mut ffi::PyObject,
    _given: *mut ffi::PyObject,
    result: *mut *mut ffi::PyObject,
) -> PySendResult {
    // SAFETY: the interpreter calls this with an object of the class and a place for the result.
    unsafe {
        *result = take(own);
        if (*result).is_null() { PySendResult::PYGEN_ERROR } else { PySendResult::PYGEN_RETURN }
    }
}

/// The same for who goes on by `next`, as the interpreter does while it is traced.
unsafe extern "C" fn next(own: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls this with an object of the class; the value is a new reference.
    unsafe {
        let value = take(own);
        if !value.is_null() {
            let py = Python::assume_attached();
            let value = Bound::from_owned_ptr(py, value);
            match py.get_type::<PyStopIteration>().call1((value,)) {
                Ok(stop) => PyErr::from_value(stop).restore(py),
                Err(error) => error.restore(py),
            }
        }
    }
    ptr::null_mut()
}

unsafe extern "C" fn deallocate(own: *mut ffi::PyObject) {
    // SAFETY: nobody has the object any more; its class, of which it holds a reference, is let go of
    // last.
    unsafe {
        let class = ffi::Py_TYPE(own);
        ffi::Py_XDECREF((*own.cast::<Ready>()).value);
        ffi::PyObject_Free(own.cast());
        ffi::Py_DECREF(class.cast());
    }
}
