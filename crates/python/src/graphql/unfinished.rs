//! An execution that awaits something: put aside, and taken up again each time something comes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use onecross_graphql::execute::{Execution, Rest, Sink};
use onecross_graphql::plan::Plan;
use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};
use slab::Slab;

use super::answer::Answer;
use super::by_number::ByNumber;
use super::completion::Completion;
use super::engine::GraphQLEngine;
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::knowledge::Knowledge;
use super::request::Operation;
use super::running::Errors;
use super::session::Session;
use super::turns::{Around, Left};
use crate::gate::Passage;
use crate::meter::{Stage, Tally};
use crate::stepping::Stepper;

/// The places that a sink keeps.
pub(super) type HoleOf<A> = <A as Sink<Py<PyString>>>::Hole;

/// Errors as the collector can look at them.
pub(super) type ErrorValues = Vec<Py<PyBaseException>>;

/// An execution with all that it is made of and has come to.
pub(crate) struct Unfinished<'py, A: Answer<'py>> {
    pub(super) engine: Bound<'py, GraphQLEngine>,
    pub(super) plan: Arc<Plan<PythonHandles>>,
    pub(super) operation: Operation<'py>,
    /// The caller's encoder of what JSON does not know.
    pub(super) default: Option<Py<PyAny>>,
    /// What was written so far; `None` while more is written.
    pub(super) sink: Option<A>,
    pub(super) errors: ErrorValues,
    /// What was found out so far; `None` while more is.
    pub(super) known: Option<Box<Knowledge<'py>>>,
    pub(super) awaited: AwaitedValues<'py, HoleOf<A>>,
}

/// What an execution awaits, and what goes on with that.
pub(super) struct AwaitedValues<'py, Hole> {
    /// What is begun once nothing else is awaited, in this order.
    pub(super) next: VecDeque<Next<'py, Hole>>,
    /// What is suspended, each where it stays until it goes on.
    pub(super) kept: Slab<Suspension<'py, Hole>>,
    /// Where that is kept, by the numbers of the places.
    pub(super) suspended: ByNumber<usize>,
    /// Errors that are known around their places some turns of the loop later, by the numbers of the
    /// places.
    pub(super) rising: ByNumber<(Hole, Box<PyErr>)>,
    pub(super) stepper: Option<Stepper<'py>>,
}

/// What is begun at once.
pub(super) enum Next<'py, Hole> {
    /// These values.
    Values(Vec<Left<'py, Hole>>),
    /// The next field of the root, and then those behind it.
    Fields(Rest<PythonHandles, Hole>),
}

/// A value whose coroutine is suspended.
pub(super) struct Suspension<'py, Hole> {
    pub(super) left: Left<'py, Hole>,
    pub(super) around: Around,
    pub(super) task: Bound<'py, PyAny>,
}

impl<'py, A: Answer<'py>> Unfinished<'py, A> {
    /// Takes the execution up for a piece of work, and puts it aside again.
    pub(super) fn take_up<T: Tally>(
        &mut self,
        completion: &Bound<'py, Completion>,
        passage: &Passage<'py>,
        tally: &mut T,
        piece: impl FnOnce(&mut Session<'_, '_, 'py, A, T>) -> PyResult<()>,
    ) -> PyResult<()> {
        let Self { engine, plan, operation, default, sink, errors, known, awaited } = self;
        let core = engine.get();
        let py = completion.py();
        let written = sink.take().expect("an execution is taken up once at a time");
        let found_out = known.take().unwrap_or_default();
        passage.go_on_from(written.written());
        tally.stage(Stage::Execute, |tally| {
            let python = (&core.runtime, &core.mappings);
            let outward = (passage, default.as_ref());
            let host = PythonHost::new(python, plan, operation, found_out, outward, tally);
            let rules = operation.rules(&core.runtime);
            let mut execution = Execution::new(plan, host, written, &passage.depth, rules);
            let mut session = Session::new(&mut execution, completion, operation.root(), awaited);
            let done = piece(&mut session);
            let done = session.end(done);
            *sink = Some(execution.sink);
            *known = Some(execution.host.known);
            errors.extend(error_values(py, execution.errors));
            done
        })
    }

    /// The result, all of which is there.
    pub(super) fn finish(
        self,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Self { engine, plan, operation, default, sink, errors, .. } = self;
        let sink = sink.expect("nobody is at work on it");
        let outward = (passage, default.as_ref());
        let py = engine.py();
        let raised =
            |error: Py<PyBaseException>| PyErr::from_value(error.into_bound(py).into_any());
        let errors = errors.into_iter().map(|error| Box::new(raised(error))).collect();
        engine.get().conclude((&plan, &operation), (sink, errors), outward, tally)
    }

    /// Ends the tasks of what is suspended, and gives up what was not begun.
    pub(super) fn cancel(&mut self, py: Python<'py>) -> PyResult<()> {
        for next in self.awaited.next.drain(..) {
            next.dispose();
        }
        let tasks: Vec<_> =
            self.awaited.kept.iter().map(|(_, suspension)| suspension.task.clone()).collect();
        let cancel = |task: Bound<'py, PyAny>| task.call_method0(intern!(py, "cancel")).map(|_| ());
        // One that cannot be cancelled keeps none of the others from it.
        tasks.into_iter().map(cancel).fold(Ok(()), PyResult::and)
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.engine.as_unbound())?;
        self.operation.traverse(visit)?;
        visit.call(&self.default)?;
        self.sink.as_ref().map_or(Ok(()), |sink| sink.traverse(visit))?;
        self.errors.iter().try_for_each(|error| visit.call(error))?;
        self.awaited.stepper.as_ref().map_or(Ok(()), |stepper| stepper.traverse(visit))?;
        for next in &self.awaited.next {
            if let Next::Values(values) = next {
                values.iter().try_for_each(|left| left.pending.traverse(visit))?;
            }
        }
        // One context may be around several values, and whoever holds it is told of once.
        let mut seen = HashSet::new();
        for (_, suspension) in &self.awaited.kept {
            visit.call(suspension.task.as_unbound())?;
            suspension.left.pending.traverse(visit)?;
            if let Some(context) = &suspension.around.context
                && seen.insert(Rc::as_ptr(context))
            {
                visit.call(context.object())?;
            }
        }
        Ok(())
    }
}

/// The errors that were added by a piece of work.
pub(super) fn error_values(
    py: Python<'_>,
    errors: Errors,
) -> impl Iterator<Item = Py<PyBaseException>> {
    errors.into_iter().map(move |error| error.into_value(py))
}

impl<'py, Hole> AwaitedValues<'py, Hole> {
    /// Keeps what is suspended for the place of that number.
    pub(super) fn suspend(&mut self, number: usize, suspension: Suspension<'py, Hole>) {
        self.suspended.insert(number, self.kept.insert(suspension));
    }

    /// Takes out what is suspended for the place of that number.
    pub(super) fn take_suspended(&mut self, number: usize) -> Option<Suspension<'py, Hole>> {
        self.suspended.remove(&number).map(|kept| self.kept.remove(kept))
    }

    /// Whether there is nothing to wait for.
    pub(super) fn is_idle(&self) -> bool {
        self.suspended.is_empty() && self.rising.is_empty()
    }

    /// What was met in an execution, and what of it waits for the rest.
    pub(super) fn new(
        met: Vec<Left<'py, Hole>>,
        rest: Option<Rest<PythonHandles, Hole>>,
        is_one_by_one: bool,
    ) -> Self {
        let mut next = VecDeque::new();
        if is_one_by_one {
            next.extend(by_root_field(met).into_iter().map(Next::Values));
        } else {
            next.push_back(Next::Values(met));
        }
        next.extend(rest.map(Next::Fields));
        Self {
            next,
            kept: Slab::new(),
            suspended: HashMap::default(),
            rising: HashMap::default(),
            stepper: None,
        }
    }
}

/// What was met within each field of the root, in their order.
fn by_root_field<Hole>(met: Vec<Left<'_, Hole>>) -> Vec<Vec<Left<'_, Hole>>> {
    let mut groups: Vec<Vec<Left<'_, Hole>>> = Vec::new();
    for left in met {
        match groups.last_mut() {
            Some(group) if group[0].segments().first() == left.segments().first() => {
                group.push(left);
            }
            _ => groups.push(vec![left]),
        }
    }
    groups
}

impl<Hole> Next<'_, Hole> {
    /// Gives up what was not begun.
    fn dispose(&self) {
        if let Self::Values(values) = self {
            values.iter().for_each(|left| left.pending.dispose());
        }
    }
}

impl<Hole> Drop for AwaitedValues<'_, Hole> {
    fn drop(&mut self) {
        self.next.iter().for_each(Next::dispose);
    }
}
