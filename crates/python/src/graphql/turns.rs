//! The first steps of coroutines, in the order in which graphql-core's tasks would take them.
//!
//! What an object or a list awaits is gathered: each value has a task, and its first step in the
//! next turn of the loop. What is awaited alone is awaited in the same turn. An error for which null
//! may not stand takes some turns more to be known around what was gathered, and what is beside it
//! goes on meanwhile.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use onecross_graphql::execute::{Continuation, Execution, Holes};
use pyo3::intern;
use pyo3::prelude::*;

use super::host::{PythonHost, dispose};
use super::later::{Coroutine, Kind};
use crate::cpython::Context;
use crate::make::Dicts;
use crate::meter::Tally;
use crate::stepping::{Stepped, Suspended};

/// After how many turns an error is known around a value that is gathered.
const TURNS_TO_RISE: usize = 2;

type Left<'a, 'py, T> = Continuation<PythonHost<'a, 'py, T>, Dicts<'py>>;

/// Begins all coroutines of an execution and goes on with each that returns at once, until only
/// such are left as are suspended.
pub(super) fn begin_coroutines<'a, 'py, T: Tally>(
    execution: &mut Execution<'_, PythonHost<'a, 'py, T>, Dicts<'py>>,
) -> PyResult<()> {
    let awaiting = execution.host.awaiting;
    let gathers_one = awaiting.is_some_and(|awaiting| awaiting.gathers_one);
    let cancels = awaiting.is_some_and(|awaiting| awaiting.cancels);
    let mut turns = Turns { waiting: BTreeMap::new(), suspended: Vec::new(), gathers_one };
    turns.add(0, (0, Gathers::default(), None), execution.take_pending());
    let begun = turns.take(execution);
    if begun.is_err() {
        turns.waiting.into_values().flatten().for_each(Event::give_up);
    }
    for (left, task) in turns.suspended {
        if begun.is_ok() && execution.sink.is_kept(left.hole) {
            execution.put_pending(left);
            continue;
        }
        if let Some(task) = &task {
            execution.host.stepping().watch(task)?;
        }
        match task.filter(|_| cancels || begun.is_err()) {
            Some(task) => {
                let name = intern!(task.py(), "cancel");
                execution.host.tally.call(|| task.call_method0(name))?;
                dispose(&left.pending.into_object());
            }
            None => execution.host.abandoned.push(left.pending.into_object()),
        }
    }
    begun
}

/// Has what completes a coroutine's value run in the coroutine's own context, and tells its task.
fn go_on_within<'py>(
    pending: &Coroutine<'py>,
    task: &Bound<'py, PyAny>,
    context: Context,
) -> PyResult<()> {
    let Coroutine::Completing(later) = pending else { return Ok(()) };
    let py = later.py();
    let name = intern!(py, "coroutine");
    let within = Suspended::within(later.getattr(name)?, context);
    later.setattr(name, Bound::new(py, within)?)?;
    later.setattr(intern!(py, "task"), task)
}

/// What happens in a turn of the loop.
enum Event<'a, 'py, T: Tally> {
    /// A coroutine takes its first step, in a copy of the context of what it was met in.
    Begin(Left<'a, 'py, T>, Gathers, Option<Rc<Context>>),
    /// The error that a place was left with is known around it.
    Rise(usize, Box<PyErr>),
}

/// Around which values on the way to a value several are gathered: a bit for each step of the way.
/// What is deeper than there are bits counts as awaited alone.
#[derive(Clone, Copy, Default)]
struct Gathers(u64);

impl Gathers {
    fn add(&mut self, depth: usize) {
        self.0 |= 1_u64.checked_shl(depth as u32).unwrap_or_default();
    }

    /// How many of them are at that depth or below.
    fn within(self, depth: usize) -> usize {
        self.0.checked_shr(depth as u32).unwrap_or_default().count_ones() as usize
    }
}

impl<T: Tally> Event<'_, '_, T> {
    /// Lets what waits for its first step never take it.
    fn give_up(self) {
        if let Self::Begin(continuation, ..) = self {
            dispose(&continuation.pending.into_object());
        }
    }
}

/// What is to happen, by turns of the loop.
struct Turns<'a, 'py, T: Tally> {
    waiting: BTreeMap<usize, VecDeque<Event<'a, 'py, T>>>,
    /// What is suspended, with the tasks that go on with it.
    suspended: Vec<(Left<'a, 'py, T>, Option<Bound<'py, PyAny>>)>,
    gathers_one: bool,
}

impl<'a, 'py, T: Tally> Turns<'a, 'py, T> {
    /// Takes all turns.
    fn take(
        &mut self,
        execution: &mut Execution<'_, PythonHost<'a, 'py, T>, Dicts<'py>>,
    ) -> PyResult<()> {
        while let Some((turn, event)) = self.next() {
            match event {
                Event::Rise(hole, error) => execution.rise(hole, error),
                Event::Begin(continuation, gathers, around) => {
                    self.begin(execution, (turn, gathers, around), continuation)?;
                }
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        execution: &mut Execution<'_, PythonHost<'a, 'py, T>, Dicts<'py>>,
        (turn, gathers, around): (usize, Gathers, Option<Rc<Context>>),
        mut continuation: Left<'a, 'py, T>,
    ) -> PyResult<()> {
        if !execution.sink.is_kept(continuation.hole) {
            execution.host.abandoned.push(continuation.pending.into_object());
            return Ok(());
        }
        let Coroutine::Unbegun(coroutine) = &continuation.pending else {
            self.suspended.push((continuation, None));
            return Ok(());
        };
        let py = coroutine.py();
        let (came, context) = match execution.host.begin(coroutine, around.as_deref()) {
            Ok(Stepped::Returned(value, context)) => (Ok(value), Some(Rc::new(context))),
            Err(error) => (Err(Box::new(error)), None),
            Ok(Stepped::Suspended(task, context)) => {
                let completing = execution.at_place(&continuation, |host, place| {
                    host.complete_later::<Dicts<'py>>(Kind::Value, place, &task, (None, None))
                })?;
                continuation.pending = completing.expect("dicts can wait");
                go_on_within(&continuation.pending, &task, context)?;
                self.suspended.push((continuation, Some(task)));
                return Ok(());
            }
        };
        let (hole, depth) = (continuation.hole, continuation.segments().len());
        let nullable = execution.sink.nullable_depth(hole);
        let resume = || execution.try_resume(continuation, came).map_err(|error| *error);
        let left = match &context {
            Some(context) => context.run(py, resume)?,
            None => resume()?,
        };
        if let Some(error) = left {
            match gathers.within(nullable) {
                0 => execution.rise(hole, error),
                passed => {
                    let later = turn + passed * TURNS_TO_RISE;
                    self.at(later).push_back(Event::Rise(hole, error));
                }
            }
        }
        self.add(turn, (depth, gathers, context), execution.take_pending());
        Ok(())
    }

    fn next(&mut self) -> Option<(usize, Event<'a, 'py, T>)> {
        let mut first = self.waiting.first_entry()?;
        let turn = *first.key();
        let next = first.get_mut().pop_front();
        if first.get().is_empty() {
            first.remove();
        }
        next.map(|next| (turn, next))
    }

    fn at(&mut self, turn: usize) -> &mut VecDeque<Event<'a, 'py, T>> {
        self.waiting.entry(turn).or_default()
    }

    /// Adds what was met in that turn within a value that many steps from the response, in the order
    /// of the response.
    fn add(
        &mut self,
        turn: usize,
        (depth, gathers, context): (usize, Gathers, Option<Rc<Context>>),
        met: Vec<Left<'a, 'py, T>>,
    ) {
        let mut turns = vec![(turn, gathers); met.len()];
        self.count_turns(&met, depth, &mut turns);
        let mut at_once = Vec::new();
        for (continuation, (later, gathers)) in met.into_iter().zip(turns) {
            let begin = Event::Begin(continuation, gathers, context.clone());
            if later == turn {
                at_once.push(begin);
            } else {
                self.at(later).push_back(begin);
            }
        }
        for begin in at_once.into_iter().rev() {
            self.at(turn).push_front(begin);
        }
    }

    /// Finds out for each value in which turn it is begun, and around what it is gathered.
    fn count_turns(&self, met: &[Left<'a, 'py, T>], depth: usize, turns: &mut [(usize, Gathers)]) {
        // Responses may be nested deeper than the stack allows to go.
        let mut unseen = vec![(0..met.len(), depth)];
        while let Some((range, depth)) = unseen.pop() {
            let met = &met[range.clone()];
            let groups: Vec<usize> = met
                .chunk_by(|one, next| one.segments().get(depth) == next.segments().get(depth))
                .map(<[_]>::len)
                .collect();
            if groups.len() > 1 || self.gathers_one {
                for (turn, gathers) in &mut turns[range.clone()] {
                    *turn += 1;
                    gathers.add(depth);
                }
            }
            let mut start = range.start;
            for group in groups {
                if met[start - range.start].segments().len() > depth + 1 {
                    unseen.push((start..start + group, depth + 1));
                }
                start += group;
            }
        }
    }
}
