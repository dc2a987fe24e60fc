//! Coroutines of resolvers: begun at once, each under a task of its own, and left to that task where
//! they suspend themselves.
//!
//! A coroutine that returns without suspending costs neither a task nor a turn of the loop. What it
//! runs in is as in a task all the same: `asyncio.current_task()` is a real task from the first step
//! to the last, and context variables are its own.

mod first_step;
mod spare;
mod stepper;
mod suspended;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::errors::CancelledError;

pub(crate) use first_step::add_methods;
pub(crate) use stepper::{Stepped, Stepper};
pub(crate) use suspended::{Sequel, Suspended};

/// The running loop, and what is asked of it (`_stepping.Stepping`).
#[derive(FromPyObject)]
pub(crate) struct Stepping<'py> {
    event_loop: Bound<'py, PyAny>,
    /// `(loop) -> task`: the task that runs, if one does.
    current_task: Bound<'py, PyAny>,
    /// `(loop, task)`: the task is the current one from here on.
    enter: Bound<'py, PyAny>,
    /// `(loop, task)`: it is no longer.
    leave: Bound<'py, PyAny>,
    /// `(coroutine, loop=…) -> task`: the class of tasks; `None` where the loop makes them of its own
    /// kind.
    task_class: Option<Bound<'py, PyAny>>,
    /// What is given to that by name, but for what differs from task to task.
    task_options: Bound<'py, PyDict>,
    /// `(coroutine) -> task`.
    create_task: Bound<'py, PyAny>,
    /// `() -> future`.
    pub(crate) create_future: Bound<'py, PyAny>,
    /// `(turns, function)`: calls the function so many turns of the loop later.
    pub(crate) after: Bound<'py, PyAny>,
    /// `(function, context=…)`: calls the function in the next turn of the loop.
    call_soon: Bound<'py, PyAny>,
    /// The name of that argument.
    context_name: Bound<'py, PyTuple>,
    /// `(task)`: whatever it ends with is told elsewhere.
    watch: Bound<'py, PyAny>,
}

impl<'py> Stepping<'py> {
    fn current_task(&self) -> PyResult<Option<Bound<'py, PyAny>>> {
        let task = self.current_task.call1((&self.event_loop,))?;
        Ok((!task.is_none()).then_some(task))
    }

    fn enter(&self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        self.enter.call1((&self.event_loop, task)).map(|_| ())
    }

    fn leave(&self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        self.leave.call1((&self.event_loop, task)).map(|_| ())
    }

    /// Whatever the task ends with is told elsewhere.
    pub(crate) fn watch(&self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        self.watch.call1((task,)).map(|_| ())
    }

    fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.event_loop.as_unbound())?;
        visit.call(self.task_options.as_unbound())?;
        visit.call(self.create_task.as_unbound())?;
        visit.call(self.create_future.as_unbound())?;
        visit.call(self.call_soon.as_unbound())?;
        visit.call(self.after.as_unbound())
    }
}

/// With what a task will end, whatever its coroutine comes to: that has asked for its own end.
pub(crate) fn cancellation(task: &Bound<'_, PyAny>) -> PyResult<Option<PyErr>> {
    let py = task.py();
    match task.getattr_opt(intern!(py, "_must_cancel"))? {
        Some(must_cancel) if must_cancel.is_truthy()? => {}
        _ => return Ok(None),
    }
    let message = task.getattr(intern!(py, "_cancel_message"))?;
    Ok(Some(if message.is_none() {
        CancelledError::new_err(())
    } else {
        CancelledError::new_err((message.unbind(),))
    }))
}
