//! The first step of a task, for which the loop is not asked before there is something to do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use smallvec::SmallVec;

use crate::cpython::{knows_layout, text};
use crate::gate;

/// Stands in for the loop while tasks are made, and keeps what the loop would have been asked to
/// call.
#[pyclass(frozen, module = "onecross._core")]
pub(super) struct FirstStep {
    asked: Mutex<Option<Py<PyAny>>>,
}

impl FirstStep {
    /// For that loop; `None` if it is to be asked itself.
    pub(super) fn within<'py>(
        event_loop: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, Self>>> {
        let py = event_loop.py();
        // Where it is debugged, tasks note where they were made.
        let get_debug = intern!(py, "get_debug");
        if !knows_layout() || event_loop.call_method0(get_debug)?.is_truthy()? {
            return Ok(None);
        }
        Bound::new(py, Self { asked: Mutex::default() }).map(Some)
    }

    /// What the loop would have been asked to call last, if anything.
    pub(super) fn take(&self) -> Option<Py<PyAny>> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Py<PyAny>>> {
        // Nothing panics while it is held.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl FirstStep {
    fn get_debug(&self) -> bool {
        false
    }

    /// Keeps it; the context is the one that the task was given.
    #[expect(unused_variables, reason = "tasks give it")]
    #[pyo3(signature = (callback, *, context=None))]
    fn call_soon(&self, callback: Py<PyAny>, context: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        gate::guard(|| {
            let before = self.lock().replace(callback);
            drop(before);
            Ok(())
        })
    }
}

/// A name that no other task has. That of asyncio is written out in a fifth of the time that
/// a task takes to be made.
pub(super) fn task_name(py: Python<'_>) -> PyResult<Bound<'_, PyString>> {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut name: SmallVec<[u8; 32]> = SmallVec::from_slice(b"onecross-");
    let mut digits = itoa::Buffer::new();
    name.extend_from_slice(digits.format(COUNT.fetch_add(1, Ordering::Relaxed)).as_bytes());
    text(py, str::from_utf8(&name).expect("it is of letters and digits"))
}
