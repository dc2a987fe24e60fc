//! The collector of cycles, told to wait while containers are made.

use pyo3::ffi;
use pyo3::prelude::*;

/// Makes a container while the collector waits; no other thread and no Python code may run.
///
/// A response has thousands of containers and none of them is garbage, but the collector, which
/// counts them, would look at all of them again and again. It finds them when Python code next
/// makes one. If the user has turned it off, it stays off.
#[inline]
pub(super) fn without_collector<'py>(
    _py: Python<'py>,
    make: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the interpreter is attached; both only set a flag.
    let was_on = unsafe { ffi::PyGC_Disable() } != 0;
    let made = make();
    if was_on {
        // SAFETY: the same.
        unsafe { ffi::PyGC_Enable() };
    }
    made
}
