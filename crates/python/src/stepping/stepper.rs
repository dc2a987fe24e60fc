//! The first step of each coroutine, under a task that waits for those that suspend themselves.

use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::first_step::{FirstStep, Names};
use super::spare::Spare;
use super::suspended::{Begun, Sequel, Yielded};
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
    /// What keeps the first steps of tasks, where that can be had.
    first_step: Option<Bound<'py, FirstStep>>,
    /// What tasks are called.
    names: Names,
    spare: Option<Spare<'py>>,
    /// What the task under which first steps are taken looks like while nobody has touched it.
    untouched: Snapshot,
    standing_in: Option<StandingIn<'py>>,
}

/// Who is the current task, and who should be.
struct StandingIn<'py> {
    /// The task that runs this code.
    runs_this: Option<Bound<'py, PyAny>>,
    /// The one that stands in for it, if it could be entered.
    current: Option<Bound<'py, PyAny>>,
}

impl<'py> Stepper<'py> {
    pub(crate) fn new(stepping: Stepping<'py>) -> PyResult<Self> {
        let first_step = FirstStep::within(&stepping.event_loop)?;
        Ok(Self {
            stepping,
            first_step,
            names: Names::new(),
            spare: None,
            untouched: Snapshot::default(),
            standing_in: None,
        })
    }

    /// The running loop.
    pub(crate) fn stepping(&self) -> &Stepping<'py> {
        &self.stepping
    }

    /// Shows the collector what is held between two steps.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.stepping.traverse(visit)?;
        self.spare.as_ref().map_or(Ok(()), |spare| spare.traverse(visit))
    }

    /// Begins a coroutine, in a copy of the context that is given or else of the current one.
    pub(crate) fn step(
        &mut self,
        coroutine: &Bound<'py, PyAny>,
        around: Option<&Context>,
        sequel: impl FnOnce() -> Sequel,
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
            let begun = Begun::new(coroutine, (context, false), sequel());
            let suspended = Bound::new(py, Suspended::with(begun))?;
            let task = self.stepping.create_task.call1((suspended,))?;
            return Ok(Stepped::Suspended(task));
        };
        let mut spare = match self.spare.take().filter(|spare| !spare.is_ended()) {
            Some(spare) => spare,
            None => {
                let making = (self.first_step.as_ref(), &mut self.names);
                Spare::make(&self.stepping, task_class, making, &context)?
            }
        };
        self.stand_in(&spare.task)?;
        spare.look(&mut self.untouched);
        let stood_under = spare.suspended.get().stand_under();
        let sent = context.run(py, || send(coroutine, py.None().bind(py)));
        drop(stood_under);
        let outcome = match sent {
            Ok(Sent::Yielded(_)) if spare.is_ended() => {
                // Its task was ended by a loop that it ran itself.
                return Err(CancelledError::new_err(()));
            }
            Ok(Sent::Yielded(yielded)) => {
                let is_tasks = spare.runs_in(&context);
                let begun = Begun::new(coroutine, (context, is_tasks), sequel());
                return self.hand_over(spare, begun, &yielded).map(Stepped::Suspended);
            }
            Ok(Sent::Returned(value)) => Ok(value),
            Err(error) => Err(error),
        };
        self.take_back(spare, &outcome)?;
        outcome.map(|value| Stepped::Returned(value, context))
    }

    /// Leaves a coroutine that has yielded something to the task that it ran under.
    fn hand_over(
        &mut self,
        mut spare: Spare<'py>,
        begun: Begun,
        yielded: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if yielded.is_none() {
            // A bare yield lets others have a turn, and by the time the task runs they had it.
            spare.suspended.get().take_over(begun, None);
            spare.ask_for_first_step(&self.stepping)?;
        } else if spare.keeps_first_step() {
            spare.suspended.get().take_over(begun, Some(Yielded::seen(yielded)));
            if let Some(standing_in) = &mut self.standing_in {
                standing_in.leave(&self.stepping)?;
            }
            spare.take_first_step(&self.stepping)?;
        } else {
            spare.suspended.get().take_over(begun, Some(Yielded::kept(yielded)?));
        }
        spare.use_up()?;
        Ok(spare.task)
    }

    /// Takes back the task that a coroutine has run under up to its end; if that has left a trace in
    /// it, the task ends with it.
    fn take_back(
        &mut self,
        mut spare: Spare<'py>,
        outcome: &PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        if self.untouched.is_of(&spare.task) {
            self.spare = Some(spare);
            return Ok(());
        }
        let py = spare.task.py();
        if let Some(cancelled) = cancellation(&spare.task)? {
            spare.end(&self.stepping, Err(cancelled.clone_ref(py).into_value(py)))?;
            return Err(cancelled);
        }
        let told = match outcome {
            Ok(value) => Ok(value.clone().unbind()),
            Err(error) if error.is_instance_of::<PyException>(py) => {
                Err(error.clone_ref(py).into_value(py))
            }
            // Others would end the loop, once more.
            Err(_) => Err(CancelledError::new_err(()).into_value(py)),
        };
        spare.end(&self.stepping, told)?;
        self.stepping.watch(&spare.task)
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
        let kept_back = match &mut self.spare {
            Some(spare) => spare.keep_back(&self.stepping),
            None => Ok(()),
        };
        if kept_back.is_err() {
            self.spare = None;
        }
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
