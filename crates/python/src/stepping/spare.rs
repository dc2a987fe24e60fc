//! Tasks that coroutines take their first steps under.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::first_step::{FirstStep, Names};
use super::suspended::Outcome;
use super::{Stepping, Suspended};
use crate::cpython::{CallArguments, Context, Snapshot, exchange};

/// A task that has nothing to do yet.
pub(super) struct Spare<'py> {
    pub(super) task: Bound<'py, PyAny>,
    pub(super) suspended: Bound<'py, Suspended>,
    /// What the task runs in, where that is known.
    context: Option<Context>,
    /// What takes its first step; `None` where the loop was asked for that.
    first_step: Option<Bound<'py, PyAny>>,
    /// Whether it was looked at as the current one.
    is_looked_at: bool,
    /// Whether it was left without anything to do, and so is not missed when it goes.
    is_kept_back: bool,
}

impl<'py> Spare<'py> {
    /// A task. Where something keeps its first step, it will run in that context; otherwise in one of
    /// its own, for the loop may come to that step while a coroutine is in the other.
    pub(super) fn make(
        stepping: &Stepping<'py>,
        task_class: &Bound<'py, PyAny>,
        (keeper, names): (Option<&Bound<'py, FirstStep>>, &mut Names),
        context: &Context,
    ) -> PyResult<Self> {
        let py = task_class.py();
        let suspended = Bound::new(py, Suspended::idle())?;
        let options = &stepping.task_options;
        options.set_item(intern!(py, "name"), names.next(py)?)?;
        if let Some(keeper) = keeper {
            options.set_item(intern!(py, "loop"), keeper)?;
            options.set_item(intern!(py, "context"), context.object())?;
            let made = task_class.call((&suspended,), Some(options));
            let first_step = keeper.get().take();
            let task = made?;
            if exchange(&task, keeper, &stepping.event_loop) {
                let first_step =
                    first_step.map(|step| (step.into_bound(py), context.clone_ref(py)));
                return Ok(Self::new(task, suspended, first_step));
            }
            task.setattr(intern!(py, "_log_destroy_pending"), false)?;
            options.del_item(intern!(py, "context"))?;
        }
        options.set_item(intern!(py, "loop"), &stepping.event_loop)?;
        let task = task_class.call((&suspended,), Some(options))?;
        Ok(Self::new(task, suspended, None))
    }

    fn new(
        task: Bound<'py, PyAny>,
        suspended: Bound<'py, Suspended>,
        first_step: Option<(Bound<'py, PyAny>, Context)>,
    ) -> Self {
        let (first_step, context) = first_step.unzip();
        Self { task, suspended, context, first_step, is_looked_at: false, is_kept_back: false }
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.task.as_unbound())?;
        visit.call(self.suspended.as_unbound())?;
        visit.call(self.context.as_ref().map(Context::object))?;
        self.first_step.as_ref().map_or(Ok(()), |step| visit.call(step.as_unbound()))
    }

    /// Whether the loop may end it before there is something to do.
    pub(super) fn is_ended(&self) -> bool {
        self.suspended.get().is_done()
    }

    /// Notes what it looks like as the current task, while nobody has touched it.
    pub(super) fn look(&mut self, untouched: &mut Snapshot) {
        if !self.is_looked_at {
            self.is_looked_at = true;
            untouched.take(&self.task);
        }
    }

    /// Whether it runs in that context.
    pub(super) fn runs_in(&self, context: &Context) -> bool {
        self.context.as_ref().is_some_and(|own| own.is(context))
    }

    /// Whether the loop has yet to be asked for its first step.
    pub(super) fn keeps_first_step(&self) -> bool {
        self.first_step.is_some()
    }

    /// Takes its first step. The task ends in the next turn of the loop if that fails.
    pub(super) fn take_first_step(&mut self, stepping: &Stepping<'py>) -> PyResult<()> {
        let Some(first_step) = self.first_step.take() else { return Ok(()) };
        let py = self.task.py();
        let stepped = match &self.context {
            Some(context) => context.run(py, || first_step.call0()),
            None => first_step.call0(),
        };
        if stepped.is_err() {
            if self.task.call_method0(intern!(py, "done"))?.is_truthy()? {
                // The coroutine has raised what must end the loop, and the task has it.
                stepping.watch(&self.task)?;
            } else {
                self.first_step = Some(first_step);
                self.end(stepping, Ok(py.None()))?;
            }
        }
        stepped.map(|_| ())
    }

    /// Asks the loop for the first step, if it was not asked yet.
    pub(super) fn ask_for_first_step(&mut self, stepping: &Stepping<'py>) -> PyResult<()> {
        match (self.first_step.take(), &self.context) {
            (Some(first_step), Some(context)) => ask(stepping, &first_step, context),
            _ => Ok(()),
        }
    }

    /// Notes that nothing is lost with it.
    pub(super) fn keep_back(&mut self, stepping: &Stepping<'py>) -> PyResult<()> {
        if !self.is_kept_back {
            self.is_kept_back = true;
            // It will look otherwise from now on.
            self.is_looked_at = false;
            self.task.setattr(intern!(self.task.py(), "_log_destroy_pending"), false)?;
        }
        // Whoever waits for all tasks there are must see the end of it.
        self.ask_for_first_step(stepping)
    }

    /// Lets it be missed when it goes, for it has something to do.
    pub(super) fn use_up(&self) -> PyResult<()> {
        if self.is_kept_back {
            self.task.setattr(intern!(self.task.py(), "_log_destroy_pending"), true)?;
        }
        Ok(())
    }

    /// Lets it end as the coroutine did that ran under it.
    pub(super) fn end(&mut self, stepping: &Stepping<'py>, outcome: Outcome) -> PyResult<()> {
        self.suspended.get().end_with(outcome);
        // What goes on in the context may run the loop before it has left it.
        if let Some(context) = self.context.take() {
            self.context = Some(context.copy(self.task.py())?);
        }
        self.ask_for_first_step(stepping)
    }
}

/// Asks the loop for a step in that context.
fn ask(stepping: &Stepping<'_>, step: &Bound<'_, PyAny>, context: &Context) -> PyResult<()> {
    let context = context.object().bind(step.py());
    let mut arguments = CallArguments::new();
    arguments.push(step);
    arguments.push(context);
    arguments.call(&stepping.call_soon, Some(&stepping.context_name)).map(|_| ())
}
