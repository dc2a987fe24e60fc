//! The first step of each coroutine, under a task that waits for those that suspend themselves.

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::suspended::{Outcome, Sequel};
use super::{Stepping, Suspended, cancellation};
use crate::cpython::{Context, Sent, Snapshot, send};
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
    standing_in: Option<StandingIn<'py>>,
}

/// Who is the current task, and who should be.
struct StandingIn<'py> {
    /// The task that runs this code.
    runs_this: Option<Bound<'py, PyAny>>,
    /// The one that stands in for it, if it could be entered.
    current: Option<Bound<'py, PyAny>>,
}

/// A task that has nothing to do yet.
struct Spare<'py> {
    task: Bound<'py, PyAny>,
    suspended: Bound<'py, Suspended>,
    /// What it looks like while it is the current one and nobody has touched it.
    untouched: Option<Snapshot>,
    /// Whether it was left without anything to do, and so is not missed when it goes.
    is_kept_back: bool,
}

impl<'py> Stepper<'py> {
    pub(crate) fn new(stepping: Stepping<'py>) -> Self {
        Self { stepping, spare: None, standing_in: None }
    }

    /// The running loop.
    pub(crate) fn stepping(&self) -> &Stepping<'py> {
        &self.stepping
    }

    /// Shows the collector what is held between two steps.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.stepping.traverse(visit)?;
        if let Some(Spare { task, suspended, .. }) = &self.spare {
            visit.call(task.as_unbound())?;
            visit.call(suspended.as_unbound())?;
        }
        Ok(())
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
        let Some(task_class) = &self.stepping.task_class else {
            self.stand_down()?;
            let begun = Suspended::within(coroutine, context, sequel());
            let task = self.stepping.create_task.call1((Bound::new(py, begun)?,))?;
            return Ok(Stepped::Suspended(task));
        };
        let mut spare = match self.spare.take().filter(|spare| !spare.suspended.get().is_done()) {
            Some(spare) => spare,
            None => Spare::make(&self.stepping, task_class)?,
        };
        self.stand_in(&spare.task)?;
        spare.untouched.get_or_insert_with(|| Snapshot::of(&spare.task));
        let stood_under = spare.suspended.get().stand_under();
        let sent = context.run(py, || send(coroutine, py.None().bind(py)));
        drop(stood_under);
        match sent {
            Ok(Sent::Returned(value)) => {
                if spare.is_untouched() {
                    self.spare = Some(spare);
                } else if let Some(cancelled) = cancellation(&spare.task)? {
                    spare.suspended.get().end_with(Err(cancelled.clone_ref(py).into_value(py)));
                    return Err(cancelled);
                } else {
                    spare.end(&self.stepping, Ok(value.clone().unbind()))?;
                }
                Ok(Stepped::Returned(value, context))
            }
            Ok(Sent::Yielded(_)) if spare.suspended.get().is_done() => {
                // Its task was ended by a loop that it ran itself.
                Err(CancelledError::new_err(()))
            }
            Ok(Sent::Yielded(yielded)) => {
                spare.suspended.get().take_over(coroutine, context, &yielded, sequel())?;
                if spare.is_kept_back {
                    spare.task.setattr(intern!(py, "_log_destroy_pending"), true)?;
                }
                Ok(Stepped::Suspended(spare.task))
            }
            Err(error) => {
                if spare.is_untouched() {
                    self.spare = Some(spare);
                } else if let Some(cancelled) = cancellation(&spare.task)? {
                    spare.suspended.get().end_with(Err(cancelled.clone_ref(py).into_value(py)));
                    return Err(cancelled);
                } else {
                    // Others would end the loop, once more.
                    let is_usual = error.is_instance_of::<PyException>(py);
                    let told =
                        if is_usual { error.clone_ref(py) } else { CancelledError::new_err(()) };
                    spare.end(&self.stepping, Err(told.into_value(py)))?;
                }
                Err(error)
            }
        }
    }

    /// Makes a task the current one, in place of the one that runs this code.
    fn stand_in(&mut self, task: &Bound<'py, PyAny>) -> PyResult<()> {
        let stepping = &self.stepping;
        let standing_in = match &mut self.standing_in {
            Some(standing_in) => standing_in,
            none => {
                let runs_this = stepping.current_task()?;
                if let Some(task) = &runs_this {
                    stepping.leave(task)?;
                }
                none.insert(StandingIn { runs_this, current: None })
            }
        };
        if standing_in.current.as_ref().is_some_and(|current| current.is(task)) {
            return Ok(());
        }
        standing_in.leave(stepping)?;
        stepping.enter(task)?;
        standing_in.current = Some(task.clone());
        Ok(())
    }

    /// Makes the task that runs this code the current one again.
    pub(crate) fn stand_down(&mut self) -> PyResult<()> {
        let kept_back = self.spare.as_mut().map_or(Ok(()), Spare::keep_back);
        let Some(mut standing_in) = self.standing_in.take() else { return kept_back };
        let mut stand_down = || {
            standing_in.leave(&self.stepping)?;
            standing_in.runs_this.as_ref().map_or(Ok(()), |task| self.stepping.enter(task))
        };
        // The loop is of no use without its current task, so a lack of memory is given time to pass.
        stand_down().or_else(|_| stand_down()).and(kept_back)
    }
}

impl<'py> StandingIn<'py> {
    fn leave(&mut self, stepping: &Stepping<'py>) -> PyResult<()> {
        if let Some(current) = &self.current {
            stepping.leave(current)?;
        }
        self.current = None;
        Ok(())
    }
}

impl Drop for Stepper<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.stand_down() {
            error.write_unraisable(self.stepping.event_loop.py(), None);
        }
    }
}

impl<'py> Spare<'py> {
    fn make(stepping: &Stepping<'py>, task_class: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = task_class.py();
        let suspended = Bound::new(py, Suspended::idle())?;
        let task = task_class.call((&suspended,), Some(&stepping.task_options))?;
        Ok(Self { task, suspended, untouched: None, is_kept_back: false })
    }

    /// Notes that nothing is lost with it.
    fn keep_back(&mut self) -> PyResult<()> {
        if !self.is_kept_back {
            self.is_kept_back = true;
            // It will look otherwise from now on.
            self.untouched = None;
            self.task.setattr(intern!(self.task.py(), "_log_destroy_pending"), false)?;
        }
        Ok(())
    }

    /// Whether no trace is left of the coroutine that ran under it.
    fn is_untouched(&self) -> bool {
        self.untouched.as_ref().is_some_and(|untouched| untouched.is_of(&self.task))
    }

    /// Lets it end as the coroutine did that ran under it.
    fn end(self, stepping: &Stepping<'py>, outcome: Outcome) -> PyResult<()> {
        self.suspended.get().end_with(outcome);
        stepping.watch(&self.task)
    }
}
