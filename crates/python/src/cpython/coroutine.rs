//! Coroutines, driven from one suspension to the next, and the contexts that they run in.

use std::ptr;

use pyo3::ffi::{self, PySendResult};
use pyo3::prelude::*;

/// How far a coroutine has come.
pub(crate) enum Sent<'py> {
    /// It is done, and this is its value.
    Returned(Bound<'py, PyAny>),
    /// It is suspended, and this is what it yielded.
    Yielded(Bound<'py, PyAny>),
}

/// Whether the value is exactly a coroutine, as functions with `async` return them.
#[inline]
pub(crate) fn is_coroutine(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: compares the exact class.
    unsafe { ffi::Py_TYPE(value.as_ptr()) == &raw mut ffi::PyCoro_Type }
}

/// Lets a coroutine go on with a value, up to where it suspends itself or returns.
pub(crate) fn send<'py>(
    coroutine: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Sent<'py>> {
    let py = coroutine.py();
    let mut given = ptr::null_mut();
    // SAFETY: both are live; what is given is a new reference, unless there is an error, and then
    // one is set.
    unsafe {
        let sent = ffi::PyIter_Send(coroutine.as_ptr(), value.as_ptr(), &raw mut given);
        if sent == PySendResult::PYGEN_ERROR {
            return Err(PyErr::fetch(py));
        }
        let given = Bound::from_owned_ptr(py, given);
        Ok(match sent {
            PySendResult::PYGEN_RETURN => Sent::Returned(given),
            _ => Sent::Yielded(given),
        })
    }
}

/// The values of context variables, of which one coroutine has its own.
pub(crate) struct Context(Py<PyAny>);

/// Leaves a context, whatever happened in it.
struct Entered<'a, 'py>(&'a Bound<'py, PyAny>);

/// Enters a context again, whatever happened out of it.
struct Left<'a, 'py>(&'a Bound<'py, PyAny>);

impl Context {
    /// A copy of the current one.
    pub(crate) fn copy_current(py: Python<'_>) -> PyResult<Self> {
        // SAFETY: returns a new reference, or null with an error set.
        unsafe {
            Ok(Self(Bound::from_owned_ptr_or_err(py, ffi::PyContext_CopyCurrent())?.unbind()))
        }
    }

    /// A copy of this one, entered or not.
    pub(crate) fn copy(&self, py: Python<'_>) -> PyResult<Self> {
        // SAFETY: the object is a context; returns a new reference, or null with an error set.
        unsafe {
            let copy = ffi::PyContext_Copy(self.0.as_ptr());
            Ok(Self(Bound::from_owned_ptr_or_err(py, copy)?.unbind()))
        }
    }

    /// Runs a piece of work in the context.
    pub(crate) fn run<T>(&self, py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
        let context = self.0.bind(py);
        // SAFETY: the object is a context.
        if unsafe { ffi::PyContext_Enter(context.as_ptr()) } != 0 {
            return Err(PyErr::fetch(py));
        }
        let _entered = Entered(context);
        work()
    }

    /// Runs a piece of work out of the context, if that is the current one, and in it otherwise.
    pub(crate) fn run_outside<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<T> {
        let context = self.0.bind(py);
        // SAFETY: the object is a context.
        if unsafe { ffi::PyContext_Exit(context.as_ptr()) } != 0 {
            drop(PyErr::take(py));
            return work();
        }
        let _left = Left(context);
        work()
    }

    /// Whether it is this one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }

    /// The same context once more.
    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        Self(self.0.clone_ref(py))
    }

    /// The object, for the collector.
    pub(crate) fn object(&self) -> &Py<PyAny> {
        &self.0
    }
}

impl Drop for Entered<'_, '_> {
    fn drop(&mut self) {
        let py = self.0.py();
        // SAFETY: the context was entered, and whoever entered others in it has left them; if not,
        // there is an error, which nobody can be told.
        if unsafe { ffi::PyContext_Exit(self.0.as_ptr()) } != 0 {
            PyErr::fetch(py).write_unraisable(py, Some(self.0));
        }
    }
}

impl Drop for Left<'_, '_> {
    fn drop(&mut self) {
        let py = self.0.py();
        // SAFETY: the context was left, and nobody else can have entered it meanwhile but from here;
        // if they did, there is an error, which nobody can be told.
        if unsafe { ffi::PyContext_Enter(self.0.as_ptr()) } != 0 {
            PyErr::fetch(py).write_unraisable(py, Some(self.0));
        }
    }
}
