//! Methods that the interpreter calls as it calls its own: with the arguments where they lie.
//!
//! What PyO3 makes of a method looks for names among the arguments, collects them anew, and counts
//! how often its thread is attached; and one without arguments is called in the slowest way that the
//! interpreter has. Together that takes as long as SQLite takes for a small query.
//!
//! Uncounted, PyO3 believes that the thread is not attached. A `Py` that is dropped then keeps its
//! object until PyO3 is told better: what is let go in every call is let go by `Py::drop_ref`, and
//! what is rare by `let_go` or within `attach`.

use std::ffi::CStr;
use std::ops::RangeInclusive;
use std::{ptr, slice};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyClass, ffi, intern};

use crate::errors::new_error;
use crate::gate;

/// A method whose arguments are given by their places only.
pub(crate) trait DirectMethod {
    /// The class that it is a method of.
    type Class: PyClass;

    const NAME: &'static CStr;
    /// The signature, in the form in which `inspect` reads it, and what the method does.
    const DOCUMENTATION: &'static CStr;
    /// How many arguments it takes by their places.
    const ARGUMENTS: RangeInclusive<usize>;
    /// Whether it takes others by name, of which it makes nothing.
    const IGNORES_NAMED: bool = false;

    /// Does what the method does, given as many arguments as it takes.
    fn call<'py>(
        own: &Bound<'py, Self::Class>,
        arguments: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// Gives a class a method.
pub(crate) fn add_direct_method<M: DirectMethod>(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<M::Class>();
    let (meth, flags) = if M::IGNORES_NAMED {
        let called = ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: called_by_name::<M> };
        (called, ffi::METH_FASTCALL | ffi::METH_KEYWORDS)
    } else {
        (ffi::PyMethodDefPointer { PyCFunctionFast: called::<M> }, ffi::METH_FASTCALL)
    };
    let definition = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: M::NAME.as_ptr(),
        ml_meth: meth,
        ml_flags: flags,
        ml_doc: M::DOCUMENTATION.as_ptr(),
    }));
    // SAFETY: the definition stays where it is for good; returns a new reference, or null with an
    // error set.
    let method = unsafe {
        let made = ffi::PyDescr_NewMethod(class.as_type_ptr(), definition);
        Bound::from_owned_ptr_or_err(py, made)?
    };
    let name = method.getattr(intern!(py, "__name__"))?;
    class.setattr(name.cast::<pyo3::types::PyString>()?, method)
}

/// What the interpreter calls.
unsafe extern "C" fn called<M: DirectMethod>(
    own: *mut ffi::PyObject,
    arguments: *mut *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter is attached, for it has called this. The descriptor has seen to it
    // that the object is of the class. There are so many arguments, which are alive until this
    // returns, or none and nowhere.
    let (py, own, arguments) = unsafe {
        let py = Python::assume_attached();
        let own = Borrowed::from_ptr(py, own).cast_unchecked::<M::Class>();
        let arguments = match count {
            0 => &[],
            _ => slice::from_raw_parts(arguments.cast_const().cast(), count as usize),
        };
        (py, own, arguments)
    };
    let made = gate::guard(|| {
        if !M::ARGUMENTS.contains(&arguments.len()) {
            return Err(wrong_count::<M>(py, arguments.len()));
        }
        M::call(&own, arguments)
    });
    match made {
        Ok(made) => made.into_ptr(),
        Err(error) => {
            error.restore(py);
            ptr::null_mut()
        }
    }
}

/// The same where there may be arguments by name: they lie behind those that are counted.
unsafe extern "C" fn called_by_name<M: DirectMethod>(
    own: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    _names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls this as it would call the other.
    unsafe { called::<M>(own, arguments.cast_mut(), count) }
}

/// Does something that PyO3 is told of, in the middle of a call from Python.
///
/// `Python::attach` would refuse while the interpreter is finalised, when it calls destructors.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    // SAFETY: the interpreter runs, for it is what has called us.
    unsafe { Python::attach_unchecked(work) }
}

/// Drops references to objects at once, be PyO3 told or not.
#[cold]
#[inline(never)]
pub(crate) fn let_go<T>(_py: Python<'_>, dropped: T) {
    attach(|_| drop(dropped));
}

#[cold]
fn wrong_count<M: DirectMethod>(py: Python<'_>, given: usize) -> PyErr {
    let (least, most) = (M::ARGUMENTS.start(), M::ARGUMENTS.end());
    let (how, limit) = if given < *least { ("least", least) } else { ("most", most) };
    let plural = if *limit == 1 { "" } else { "s" };
    let name = String::from_utf8_lossy(M::NAME.to_bytes());
    let message = format!("{name} expected at {how} {limit} argument{plural}, got {given}");
    new_error::<PyTypeError>(py, &message)
}
