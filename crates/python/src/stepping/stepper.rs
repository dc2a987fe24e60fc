//! The first step of each coroutine, under a task that waits for those that suspend themselves.

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;

use super::suspended::{Outcome, Sequel};
use super::{Stepping, Suspended};
use crate::cpython::{Context, Sent, reference_count, send};
use crate::errors::CancelledError;

/// What became of a coroutine's first step.
pub(crate) enum Stepped<'py> {
    /// It returned this, and left the context so.
    Returned(Bound<'py, PyAny>, Context),
    /// It goes on later, under this task.
    Suspended(Bound<'py, PyAny>),
}

/// Takes first steps, with at most one task that is not used in the end.
pub(crate) struct Stepper<'py> {
    stepping: Stepping<'py>,
    spare: Option<Spare<'py>>,
    /// The task that runs this code, and the one that stands in for it as the current one.
    standing_in: Option<(Option<Bound<'py, PyAny>>, Bound<'py, PyAny>)>,
}

/// A task that has nothing to do yet.
struct Spare<'py> {
    task: Bound<'py, PyAny>,
    suspended: Bound<'py, Suspended>,
}

/// How many references there are to a task, strong ones and weak ones.
#[derive(PartialEq, Eq)]
struct References(isize, usize);

impl<'py> Stepper<'py> {
    pub(crate) fn new(stepping: Stepping<'py>) -> Self {
        Self { stepping, spare: None, standing_in: None }
    }

    /// The running loop.
    pub(crate) fn stepping(&self) -> &Stepping<'py> {
        &self.stepping
    }

    /// Begins a coroutine, in a copy of the context that is given or else of the current one.
    pub(crate) fn step(
        &mut self,
        coroutine: &Bound<'py, PyAny>,
        around: Option<&Context>,
        sequel: impl FnOnce() -> Box<dyn Sequel>,
    ) -> PyResult<Stepped<'py>> {
        let py = coroutine.py();
        if !coroutine.getattr(intern!(py, "cr_await"))?.is_none() {
            // As `await` has it.
            return Err(PyRuntimeError::new_err("coroutine is being awaited already"));
        }
        let context = match around {
            Some(around) => around.copy(py)?,
            None => Context::copy_current(py)?,
        };
        let Some(make_spare) = &self.stepping.make_spare else {
            self.stand_down()?;
            let begun = Suspended::within(coroutine, context, sequel());
            let task = self.stepping.create_task.call1((Bound::new(py, begun)?,))?;
            return Ok(Stepped::Suspended(task));
        };
        let spare = match self.spare.take().filter(|spare| !spare.suspended.get().is_done()) {
            Some(spare) => spare,
            None => Spare::make(&self.stepping, make_spare)?,
        };
        self.stand_in(&spare.task)?;
        let before = References::to(&spare.task, &self.stepping)?;
        match context.run(py, || send(coroutine, py.None().bind(py))) {
            Ok(Sent::Returned(value)) => {
                if spare.is_to_be_cancelled()? {
                    spare.suspended.get().end_with(Ok(py.None()));
                    return Err(CancelledError::new_err(()));
                }
                self.put_back(spare, &before, || Ok(value.clone().unbind()))?;
                Ok(Stepped::Returned(value, context))
            }
            Ok(Sent::Yielded(yielded)) => {
                spare.suspended.get().take_over(coroutine, context, &yielded, sequel())?;
                spare.task.setattr(intern!(py, "_log_destroy_pending"), true)?;
                Ok(Stepped::Suspended(spare.task))
            }
            Err(error) => {
                self.put_back(spare, &before, || {
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
        spare: Spare<'py>,
        before: &References,
        outcome: impl FnOnce() -> Outcome,
    ) -> PyResult<()> {
        if spare.is_untouched(&self.stepping, before)? {
            self.spare = Some(spare);
        } else {
            spare.suspended.get().end_with(outcome());
            self.stepping.watch.call1((&spare.task,))?;
        }
        Ok(())
    }

    /// Makes a task the current one, in place of the one that runs this code.
    fn stand_in(&mut self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        if self.standing_in.as_ref().is_some_and(|(_, current)| current.is(task)) {
            return Ok(());
        }
        let runs_this = match self.standing_in.take() {
            Some((runs_this, current)) => {
                self.stepping.leave(&current)?;
                runs_this
            }
            None => {
                let current = self.stepping.current_task()?;
                if let Some(current) = &current {
                    self.stepping.leave(current)?;
                }
                current
            }
        };
        self.standing_in = Some((runs_this, task.clone()));
        self.stepping.enter(task)
    }

    /// Makes the task that runs this code the current one again.
    pub(crate) fn stand_down(&mut self) -> PyResult<()> {
        let Some((runs_this, current)) = self.standing_in.take() else { return Ok(()) };
        self.stepping.leave(&current)?;
        runs_this.map_or(Ok(()), |task| self.stepping.enter(&task))
    }
}

impl Drop for Stepper<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.stand_down() {
            error.write_unraisable(self.stepping.event_loop.py(), None);
        }
    }
}

impl References {
    fn to(task: &Bound<'_, PyAny>, stepping: &Stepping<'_>) -> PyResult<Self> {
        let weak = stepping.count_weak_references.call1((task,))?.extract()?;
        Ok(Self(reference_count(task), weak))
    }
}

impl<'py> Spare<'py> {
    fn make(stepping: &Stepping<'py>, make_spare: &Bound<'py, PyAny>) -> PyResult<Self> {
        let made = make_spare.call1((&stepping.event_loop,))?;
        Ok(Self { task: made.get_item(0)?, suspended: made.get_item(1)?.cast_into()? })
    }

    /// Whether the coroutine has asked for its own end.
    fn is_to_be_cancelled(&self) -> PyResult<bool> {
        self.task.getattr(intern!(self.task.py(), "_must_cancel"))?.is_truthy()
    }

    /// Whether no trace is left of the coroutine that ran under it.
    fn is_untouched(&self, stepping: &Stepping<'py>, before: &References) -> PyResult<bool> {
        let (py, task) = (self.task.py(), &self.task);
        if References::to(task, stepping)? != *before
            || !task.getattr(intern!(py, "_callbacks"))?.is_none()
            || self.is_to_be_cancelled()?
        {
            return Ok(false);
        }
        Ok(!task.call_method0(intern!(py, "cancelling"))?.is_truthy()?)
    }
}
