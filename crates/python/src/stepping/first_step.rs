//! The first step of a task, for which the loop is not asked before there is something to do.

use std::ffi::CStr;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{Borrowed, intern};

use crate::cpython::{DirectMethod, add_direct_method, knows_layout, let_go, text};

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
}

/// Adds to the class what tasks call for each of them.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    add_direct_method::<CallSoon>(py)
}

/// `call_soon(callback, context=…)`: keeps it; the context is the one that the task was given.
struct CallSoon;

impl DirectMethod for CallSoon {
    type Class = FirstStep;

    const NAME: &'static CStr = c"call_soon";
    const DOCUMENTATION: &'static CStr = c"Keeps what is to be called.";
    const ARGUMENTS: RangeInclusive<usize> = 1..=1;
    const IGNORES_NAMED: bool = true;

    #[inline(always)]
    fn call<'py>(
        own: &Bound<'py, FirstStep>,
        arguments: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = own.py();
        let before = own.get().lock().replace(arguments[0].to_owned().unbind());
        if let Some(before) = before {
            let_go(py, before);
        }
        Ok(py.None().into_bound(py))
    }
}

/// Gives each task a name that no other has. That of asyncio is written out in a fifth of the time
/// that a task takes to be made.
pub(super) struct Names(String);

impl Names {
    const BEFORE: &str = "onecross-";

    pub(super) fn new() -> Self {
        Self(Self::BEFORE.to_owned())
    }

    pub(super) fn next<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        self.0.truncate(Self::BEFORE.len());
        self.0.push_str(itoa::Buffer::new().format(number));
        text(py, &self.0)
    }
}
