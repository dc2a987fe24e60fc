//! The first steps of coroutines, in the order in which graphql-core's tasks would take them.
//!
//! What an object or a list awaits is gathered: each value has a task, and its first step in the
//! next turn of the loop. What is awaited alone is awaited in the same turn. An error for which null
//! may not stand takes some turns more to be known around what was gathered, and what is beside it
//! goes on meanwhile.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::rc::Rc;
use std::vec;

use onecross_graphql::execute::Continuation;
use pyo3::prelude::*;

use super::handles::PythonHandles;
use super::later::Awaitable;
use crate::cpython::Context;

/// After how many turns an error is known around a value that is gathered.
const TURNS_TO_RISE: usize = 2;

/// A value that is awaited, and its place in a sink with such holes.
pub(super) type Left<'py, Hole> = Continuation<Awaitable<'py>, PythonHandles, Hole>;

/// What happens in a turn of the loop.
pub(super) enum Event<'py, Hole> {
    /// A coroutine takes its first step.
    Begin(Left<'py, Hole>, Around),
    /// The error that a place was left with is known around it.
    Rise(Hole, Box<PyErr>),
}

/// What is to happen together.
enum Coming<'py, Hole> {
    /// These coroutines take their first steps, one after another.
    Begin(vec::IntoIter<Left<'py, Hole>>, Around),
    Rise(Hole, Box<PyErr>),
}

/// What a value was met in.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// Around which values on the way to it several are gathered.
    pub(super) gathers: Gathers,
    /// The context of the coroutine that gave what it is in; `None` for the one of the execution.
    pub(super) context: Option<Rc<Context>>,
}

/// Around which values on the way to a value several are gathered: a bit for each step of the way.
/// What is deeper than there are bits counts as awaited alone.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Gathers(u64);

impl Gathers {
    fn add(&mut self, depth: usize) {
        self.0 |= 1_u64.checked_shl(depth as u32).unwrap_or_default();
    }

    /// How many of them are at that depth or below.
    fn within(self, depth: usize) -> usize {
        self.0.checked_shr(depth as u32).unwrap_or_default().count_ones() as usize
    }
}

/// What is to happen, by turns of the loop.
pub(super) struct Turns<'py, Hole> {
    waiting: BTreeMap<usize, VecDeque<Coming<'py, Hole>>>,
    /// Whether what is awaited alone is gathered, too.
    gathers_one: bool,
}

impl<'py, Hole> Turns<'py, Hole> {
    pub(super) fn new(gathers_one: bool) -> Self {
        Self { waiting: BTreeMap::new(), gathers_one }
    }

    /// What happens next, and in which turn.
    pub(super) fn next(&mut self) -> Option<(usize, Event<'py, Hole>)> {
        loop {
            let mut first = self.waiting.first_entry()?;
            let turn = *first.key();
            if let Some(Coming::Begin(values, around)) = first.get_mut().front_mut()
                && let Some(left) = values.next()
            {
                return Some((turn, Event::Begin(left, around.clone())));
            }
            match first.get_mut().pop_front() {
                Some(Coming::Rise(hole, error)) => return Some((turn, Event::Rise(hole, error))),
                Some(Coming::Begin(..)) => {}
                None => drop(first.remove()),
            }
        }
    }

    fn at(&mut self, turn: usize) -> &mut VecDeque<Coming<'py, Hole>> {
        self.waiting.entry(turn).or_default()
    }

    /// Adds an error of that turn, for which null may stand that many steps from the response.
    pub(super) fn add_error(
        &mut self,
        turn: usize,
        (gathers, depth): (Gathers, usize),
        hole: Hole,
        error: Box<PyErr>,
    ) {
        let later = turn + gathers.within(depth) * TURNS_TO_RISE;
        let rise = Coming::Rise(hole, error);
        if later == turn {
            self.at(turn).push_front(rise);
        } else {
            self.at(later).push_back(rise);
        }
    }

    /// Adds what was met in that turn within a value that many steps from the response, in the order
    /// of the response.
    pub(super) fn add(
        &mut self,
        turn: usize,
        (depth, around): (usize, &Around),
        met: Vec<Left<'py, Hole>>,
    ) {
        if met.is_empty() {
            return;
        }
        let mut turns = vec![(turn, around.gathers); met.len()];
        self.count_turns(&met, depth, &mut turns);
        let mut met = met.into_iter();
        let mut at_once = Vec::new();
        for alike in turns.chunk_by(PartialEq::eq) {
            let (later, gathers) = alike[0];
            let values = if alike.len() == met.len() {
                mem::take(&mut met)
            } else {
                met.by_ref().take(alike.len()).collect::<Vec<_>>().into_iter()
            };
            let begin = Coming::Begin(values, Around { gathers, context: around.context.clone() });
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
    fn count_turns(&self, met: &[Left<'py, Hole>], depth: usize, turns: &mut [(usize, Gathers)]) {
        // Responses may be nested deeper than the stack allows to go.
        let mut unseen = vec![(0..met.len(), depth)];
        while let Some((range, depth)) = unseen.pop() {
            let met = &met[range.clone()];
            let groups = || {
                met.chunk_by(|one, next| one.segments().get(depth) == next.segments().get(depth))
            };
            if groups().nth(1).is_some() || self.gathers_one {
                for (turn, gathers) in &mut turns[range.clone()] {
                    *turn += 1;
                    gathers.add(depth);
                }
            }
            let mut start = range.start;
            for group in groups() {
                let end = start + group.len();
                // What is on its own is gathered with nothing further down.
                let matters = group.len() > 1 || self.gathers_one;
                if matters && group[0].segments().len() > depth + 1 {
                    unseen.push((start..end, depth + 1));
                }
                start = end;
            }
        }
    }
}

impl<Hole> Drop for Turns<'_, Hole> {
    /// What never takes its first step is given up.
    fn drop(&mut self) {
        while let Some((_, event)) = self.next() {
            if let Event::Begin(left, _) = event {
                left.pending.dispose();
            }
        }
    }
}
