//! The collector of cycles, told to wait while containers are made.

use pyo3::ffi;
use pyo3::prelude::*;

/// Makes containers while the collector waits; no other thread and no Python code may run.
///
/// A response has thousands of containers and none of them is garbage, but the collector, which
/// counts them, would look at all of them again and again. It finds them when Python code next
/// makes one. If the user has turned it off, it stays off.
#[inline]
pub(crate) fn without_collector<T>(_py: Python<'_>, make: impl FnOnce() -> T) -> T {
    // SAFETY: the interpreter is attached; this only sets a flag.
    let _paused = Paused { was_on: unsafe { ffi::PyGC_Disable() } != 0 };
    make()
}

/// Lets the collector go on, also where a panic passes.
struct Paused {
    was_on: bool,
}

impl Drop for Paused {
    #[inline]
    fn drop(&mut self) {
        if self.was_on {
            // SAFETY: as above.
            unsafe { ffi::PyGC_Enable() };
        }
    }
}
