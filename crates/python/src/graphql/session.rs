//! A piece of work on an execution that awaits something: coroutines are begun, values come.

use std::rc::Rc;

use onecross_graphql::execute::Execution;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;

use super::answer::Answer;
use super::completion::Completion;
use super::executor::Awaiting;
use super::host::PythonHost;
use super::later::Awaitable;
use super::turns::{Around, Event, Left, Turns};
use super::unfinished::{AwaitedValues, HoleOf, Next, Suspension};
use crate::cpython::{Context, is_coroutine, list_of};
use crate::meter::Tally;
use crate::stepping::{Stepped, Stepper, Stepping, cancellation};

/// An execution while it is worked on.
pub(super) struct Session<'e, 'a, 'py, A: Answer<'py>, T: Tally> {
    execution: &'e mut Execution<'a, PythonHost<'a, 'py, T>, A>,
    completion: &'e Bound<'py, Completion>,
    root: &'e Bound<'py, PyAny>,
    awaited: &'e mut AwaitedValues<'py, HoleOf<A>>,
    turns: Turns<'py, HoleOf<A>>,
    /// The places whose errors are known around them so many turns of the loop from now.
    rising: Vec<(usize, usize)>,
}

impl<'e, 'a, 'py, A: Answer<'py>, T: Tally> Session<'e, 'a, 'py, A, T> {
    pub(super) fn new(
        execution: &'e mut Execution<'a, PythonHost<'a, 'py, T>, A>,
        completion: &'e Bound<'py, Completion>,
        root: &'e Bound<'py, PyAny>,
        awaited: &'e mut AwaitedValues<'py, HoleOf<A>>,
    ) -> Self {
        let turns = Turns::new(execution.host.awaiting().gathers_one);
        Self { execution, completion, root, awaited, turns, rising: Vec::new() }
    }

    /// Begins what comes next.
    pub(super) fn go_on(&mut self) -> PyResult<()> {
        match self.awaited.next.pop_front() {
            Some(Next::Values(values)) => self.turns.add(0, (0, &Around::default()), values),
            Some(Next::Fields(mut rest)) => {
                let is_begun =
                    self.execution.go_on(&mut rest, self.root).map_err(|error| *error)?;
                if is_begun {
                    self.awaited.next.push_front(Next::Fields(rest));
                }
                let met = self.execution.take_pending();
                self.turns.add(0, (0, &Around::default()), met);
            }
            None => {}
        }
        self.take_turns()
    }

    /// Takes what the coroutine for the place of that number came to.
    pub(super) fn come(
        &mut self,
        number: usize,
        context: Context,
        outcome: PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let Some(suspension) = self.awaited.take_suspended(number) else { return Ok(()) };
        let Suspension { left, around, task } = suspension;
        if self.execution.sink.is_kept(left.hole) {
            let outcome = match cancellation(&task)? {
                Some(cancelled) => Err(cancelled),
                None => outcome,
            };
            if outcome.as_ref().is_err_and(|error| !error.is_instance_of::<PyException>(task.py()))
                && let Some(stepper) = &self.awaited.stepper
            {
                // Whoever awaits the response is told.
                stepper.stepping().watch(&task)?;
            }
            self.resume(0, (left, around), outcome.map_err(Box::new), Some(context))?;
        }
        self.take_turns()
    }

    /// Lets the error be known that the place of that number was left with.
    pub(super) fn rise(&mut self, number: usize) -> PyResult<()> {
        if let Some((hole, error)) = self.awaited.rising.remove(&number) {
            self.void(hole, error)?;
        }
        self.take_turns()
    }

    /// Ends the work, whatever came of it.
    pub(super) fn end(&mut self, done: PyResult<()>) -> PyResult<()> {
        let done =
            done.and_then(|()| self.wait_to_rise()).and_then(|()| settle(&mut self.execution.host));
        let stood_down = self.awaited.stepper.as_mut().map_or(Ok(()), Stepper::stand_down);
        done.and(stood_down)
    }

    fn take_turns(&mut self) -> PyResult<()> {
        while let Some((turn, event)) = self.turns.next() {
            match event {
                Event::Rise(hole, error) if turn == 0 || self.awaited.is_idle() => {
                    self.void(hole, error)?;
                }
                Event::Rise(hole, error) => {
                    // What is suspended goes on meanwhile, and errors before this one are told first.
                    self.awaited.rising.insert(hole.into(), (hole, error));
                    self.rising.push((turn, hole.into()));
                }
                Event::Begin(left, around) => self.begin(turn, left, around)?,
            }
        }
        Ok(())
    }

    fn wait_to_rise(&mut self) -> PyResult<()> {
        let host = &mut self.execution.host;
        for (turns, number) in self.rising.drain(..) {
            let stepper = self.awaited.stepper.as_ref().expect("something is suspended");
            let rise = Completion::riser(self.completion, number)?;
            let after = &stepper.stepping().after;
            host.tally.call(|| after.call1((turns, rise)))?;
        }
        Ok(())
    }

    fn void(&mut self, hole: HoleOf<A>, error: Box<PyErr>) -> PyResult<()> {
        for lost in self.execution.rise(hole, error) {
            self.give_up(lost.into())?;
        }
        Ok(())
    }

    /// Gives up what is suspended for a place that the response has no more.
    fn give_up(&mut self, number: usize) -> PyResult<()> {
        if !self.execution.host.awaiting().cancels {
            self.awaited.take_suspended(number);
        } else if let Some(kept) = self.awaited.suspended.get(&number) {
            let task = self.awaited.kept[*kept].task.clone();
            let cancel = intern!(task.py(), "cancel");
            self.execution.host.tally.call(|| task.call_method0(cancel))?;
        }
        Ok(())
    }

    fn begin(&mut self, turn: usize, left: Left<'py, HoleOf<A>>, around: Around) -> PyResult<()> {
        if !self.execution.sink.is_kept(left.hole) {
            left.pending.dispose();
            return Ok(());
        }
        if self.awaited.stepper.is_none() {
            let made = stepping(self.execution.host.awaiting()).and_then(Stepper::new);
            self.awaited.stepper = Some(made.inspect_err(|_| left.pending.dispose())?);
        }
        let number = left.hole.into();
        let (came, context) = match self.step(&left, number, &around) {
            Ok(Stepped::Returned(value, context)) => (Ok(value), Some(context)),
            Err(error) => (Err(Box::new(error)), None),
            Ok(Stepped::Suspended(task)) => {
                self.awaited.suspend(number, Suspension { left, around, task });
                return Ok(());
            }
        };
        self.resume(turn, (left, around), came, context)
    }

    fn step(
        &mut self,
        left: &Left<'py, HoleOf<A>>,
        number: usize,
        around: &Around,
    ) -> PyResult<Stepped<'py>> {
        let host = &mut self.execution.host;
        let awaiting = host.awaiting();
        let awaited = left.pending.awaited();
        // A list that comes item by item looks for the signal itself.
        let is_value = !matches!(left.pending, Awaitable::Response(_));
        let coroutine = if awaiting.wraps_coroutines && is_value || !is_coroutine(awaited) {
            host.tally.call(|| awaiting.wrap.call1((awaited,)))?
        } else {
            awaited.clone()
        };
        let stepper = self.awaited.stepper.as_mut().expect("it was made before");
        host.passage.note_call();
        let completion = self.completion;
        let sequel = || Completion::sequel(completion, number);
        let context = around.context.as_deref();
        host.tally.call(|| stepper.step(&coroutine, context, sequel))
    }

    /// Goes on where a value was awaited.
    fn resume(
        &mut self,
        turn: usize,
        (left, around): (Left<'py, HoleOf<A>>, Around),
        came: Result<Bound<'py, PyAny>, Box<PyErr>>,
        context: Option<Context>,
    ) -> PyResult<()> {
        let py = self.execution.host.py;
        let (hole, depth, nullable) = (left.hole, left.segments().len(), left.nullable_depth());
        let execution = &mut *self.execution;
        let resume = || {
            let failed = execution.try_resume(left, came).map_err(|error| *error)?;
            // What is left of it is begun in the same context.
            settle(&mut execution.host)?;
            Ok(failed)
        };
        let failed = match &context {
            Some(context) => context.run(py, resume)?,
            None => resume()?,
        };
        let told_before = self.execution.host.told_before.drain(..).map(Box::new);
        self.execution.errors.extend(told_before);
        if let Some(error) = failed {
            self.turns.add_error(turn, (around.gathers, nullable), hole, error);
        }
        let met = self.execution.take_pending();
        if !met.is_empty() {
            let around = Around { gathers: around.gathers, context: context.map(Rc::new) };
            self.turns.add(turn, (depth, &around), met);
        }
        Ok(())
    }
}

/// Has those settled that the response has no place for.
fn settle<T: Tally>(host: &mut PythonHost<'_, '_, T>) -> PyResult<()> {
    if host.abandoned.is_empty() {
        return Ok(());
    }
    let abandoned = list_of(host.py, std::mem::take(&mut host.abandoned))?;
    let settle = &host.awaiting().settle;
    host.tally.call(|| settle.call1((abandoned,))).map(|_| ())
}

/// The running loop.
fn stepping<'py>(awaiting: &Awaiting<'py>) -> PyResult<Stepping<'py>> {
    let stepping: Option<Stepping<'py>> = awaiting.stepping.call0()?.extract()?;
    stepping.ok_or_else(|| {
        let message =
            "there is no running event loop of asyncio in which resolvers could be awaited";
        PyRuntimeError::new_err(message)
    })
}
