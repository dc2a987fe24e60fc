//! The first step of each coroutine, under a task that waits for those that suspend themselves.

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;

use super::Suspended;
use super::suspended::{CancelledError, Outcome};
use crate::cpython::{Context, Sent, reference_count, send};

/// The running loop, and what is asked of it (`_stepping.Stepping`).
#[derive(FromPyObject)]
pub(crate) struct Stepping<'py> {
    event_loop: Bound<'py, PyAny>,
    /// The task that executes the operation, if one does.
    task: Option<Bound<'py, PyAny>>,
    /// `(loop, task)`: the task is the current one from here on.
    enter: Bound<'py, PyAny>,
    /// `(loop, task)`: it is no longer.
    leave: Bound<'py, PyAny>,
    /// `(loop) -> task, suspended`: a task that has nothing to do yet, and what it runs.
    make_spare: Bound<'py, PyAny>,
    /// `(task)`: whatever it ends with is told elsewhere.
    watch: Bound<'py, PyAny>,
    /// `(object) -> int`: how many weak references there are to an object.
    count_weak_references: Bound<'py, PyAny>,
}

/// What became of a coroutine's first step.
pub(crate) enum Stepped<'py> {
    /// It returned this, and left the context so.
    Returned(Bound<'py, PyAny>, Context),
    /// It is suspended, and this is the task that goes on with it, in that context.
    Suspended(Bound<'py, PyAny>, Context),
}

/// Takes first steps, with at most one task that is not used in the end.
#[derive(Default)]
pub(crate) struct Stepper<'py> {
    spare: Option<Spare<'py>>,
}

/// A task that has nothing to do yet.
struct Spare<'py> {
    task: Bound<'py, PyAny>,
    suspended: Bound<'py, Suspended>,
    references: isize,
    weak_references: usize,
}

impl<'py> Stepper<'py> {
    /// Begins a coroutine, in a copy of the context that is given or else of the current one.
    pub(crate) fn step(
        &mut self,
        stepping: &Stepping<'py>,
        coroutine: &Bound<'py, PyAny>,
        around: Option<&Context>,
    ) -> PyResult<Stepped<'py>> {
        let py = coroutine.py();
        if !coroutine.getattr(intern!(py, "cr_await"))?.is_none() {
            // As `await` has it.
            return Err(PyRuntimeError::new_err("coroutine is being awaited already"));
        }
        let spare = match self.spare.take() {
            Some(spare) => spare,
            None => Spare::make(stepping)?,
        };
        let context = match around {
            Some(around) => around.run(py, || Context::copy_current(py))?,
            None => Context::copy_current(py)?,
        };
        stepping.swap(stepping.task.as_ref(), Some(&spare.task))?;
        let sent = context.run(py, || send(coroutine, py.None().bind(py)));
        stepping.swap(Some(&spare.task), stepping.task.as_ref())?;
        match sent {
            Ok(Sent::Returned(value)) => {
                if spare.is_to_be_cancelled()? {
                    spare.suspended.get().end_with(Ok(py.None()));
                    return Err(CancelledError::new_err(()));
                }
                self.put_back(stepping, spare, || Ok(value.clone().unbind()))?;
                Ok(Stepped::Returned(value, context))
            }
            Ok(Sent::Yielded(yielded)) => {
                spare.suspended.get().take_over(coroutine, context.clone_ref(py), &yielded)?;
                spare.task.setattr(intern!(py, "_log_destroy_pending"), true)?;
                Ok(Stepped::Suspended(spare.task, context))
            }
            Err(error) => {
                self.put_back(stepping, spare, || {
                    // Others would end the loop, once more.
                    let is_usual = error.is_instance_of::<PyException>(py);
                    let error =
                        if is_usual { error.clone_ref(py) } else { CancelledError::new_err(()) };
                    Err(error.into_value(py))
                })?;
                Err(error)
            }
        }
    }

    /// Keeps the task for the next coroutine, if nobody can tell; else it ends as this one did.
    fn put_back(
        &mut self,
        stepping: &Stepping<'py>,
        spare: Spare<'py>,
        outcome: impl FnOnce() -> Outcome,
    ) -> PyResult<()> {
        if spare.is_untouched(stepping)? {
            self.spare = Some(spare);
        } else {
            spare.suspended.get().end_with(outcome());
            stepping.watch(&spare.task)?;
        }
        Ok(())
    }
}

impl<'py> Stepping<'py> {
    /// Sees to it that nobody is told of what a task ends with.
    pub(crate) fn watch(&self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        self.watch.call1((task,)).map(|_| ())
    }

    /// Makes another task the current one.
    fn swap(
        &self,
        before: Option<&Bound<'py, PyAny>>,
        after: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        if let Some(task) = before {
            self.leave.call1((&self.event_loop, task))?;
        }
        if let Some(task) = after {
            self.enter.call1((&self.event_loop, task))?;
        }
        Ok(())
    }
}

impl<'py> Spare<'py> {
    fn make(stepping: &Stepping<'py>) -> PyResult<Self> {
        let (task, suspended) = {
            let made = stepping.make_spare.call1((&stepping.event_loop,))?;
            (made.get_item(0)?, made.get_item(1)?.cast_into::<Suspended>()?)
        };
        let references = reference_count(&task);
        let weak_references = stepping.count_weak_references.call1((&task,))?.extract()?;
        Ok(Self { task, suspended, references, weak_references })
    }

    /// Whether the coroutine has asked for its own end.
    fn is_to_be_cancelled(&self) -> PyResult<bool> {
        self.task.getattr(intern!(self.task.py(), "_must_cancel"))?.is_truthy()
    }

    /// Whether no trace is left of the coroutine that ran under it.
    fn is_untouched(&self, stepping: &Stepping<'py>) -> PyResult<bool> {
        let (py, task) = (self.task.py(), &self.task);
        if reference_count(task) != self.references
            || !task.getattr(intern!(py, "_callbacks"))?.is_none()
            || self.is_to_be_cancelled()?
        {
            return Ok(false);
        }
        let weak: usize = stepping.count_weak_references.call1((task,))?.extract()?;
        let cancelling = task.call_method0(intern!(py, "cancelling"))?;
        Ok(weak == self.weak_references && !cancelling.is_truthy()?)
    }
}
