//! The interpreter, given up in the middle of a call and taken back later, by the same thread.

use std::ffi::c_ulong;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use pyo3::ffi;
use pyo3::prelude::*;

use super::direct_method::attach;

/// Where a thread's state is kept while it has given up the interpreter.
#[derive(Default)]
pub(crate) struct SavedThread(AtomicPtr<ffi::PyThreadState>);

impl SavedThread {
    /// Whether the interpreter is given up.
    #[inline]
    pub(crate) fn is_saved(&self) -> bool {
        !self.0.load(Ordering::Relaxed).is_null()
    }

    /// Gives up the interpreter, unless that was done.
    ///
    /// Until `restore`, nothing of Python's may be touched.
    pub(crate) fn save(&self) {
        if !self.is_saved() && is_attached() {
            // SAFETY: this thread holds the interpreter.
            self.0.store(unsafe { ffi::PyEval_SaveThread() }, Ordering::Relaxed);
        }
    }

    /// Takes the interpreter back, if it was given up.
    #[inline]
    pub(crate) fn restore(&self) {
        if self.is_saved() {
            let state = self.0.swap(ptr::null_mut(), Ordering::Relaxed);
            // SAFETY: the state is the one that this thread's `save` was given.
            unsafe { ffi::PyEval_RestoreThread(state) };
        }
    }
}

/// The interpreter, taken for a while by a thread that may have it or may have given it up.
struct Taken(ffi::PyGILState_STATE);

impl Drop for Taken {
    fn drop(&mut self) {
        // SAFETY: this thread took it, and gives back what it took last.
        unsafe { ffi::PyGILState_Release(self.0) };
    }
}

/// Runs what needs the interpreter, whoever keeps this thread's state while it is given up.
///
/// PyO3 counts on a thread to have the interpreter that was attached before, and does not see that
/// `SavedThread` gave it up.
pub(crate) fn with_interpreter<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    // SAFETY: any thread may ask for the interpreter at any time that it is there.
    let _taken = Taken(unsafe { ffi::PyGILState_Ensure() });
    attach(work)
}

/// Whether this thread holds the interpreter.
fn is_attached() -> bool {
    // SAFETY: may be asked by any thread at any time.
    unsafe { ffi::PyGILState_Check() != 0 }
}

/// The number by which `threading` knows this thread.
#[cfg(not(target_os = "linux"))]
pub(crate) fn thread_number() -> c_ulong {
    // SAFETY: may be asked by any thread at any time.
    unsafe { ffi::PyThread_get_thread_ident() }
}

/// The number by which `threading` knows this thread, asked for where the interpreter asks for it.
#[cfg(target_os = "linux")]
#[inline]
pub(crate) fn thread_number() -> c_ulong {
    unsafe extern "C" {
        safe fn pthread_self() -> c_ulong;
    }
    pthread_self()
}
