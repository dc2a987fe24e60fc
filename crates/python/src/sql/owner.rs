//! Which thread works with a connection. Others wait for it without the interpreter.

use std::cell::{Cell, RefCell};
use std::ffi::c_ulong;
use std::ptr;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

use super::errors;
use crate::cpython::{Held, thread_number};
use crate::gate;

/// How long is waited before the handlers of signals are run.
const PATIENCE: Duration = Duration::from_millis(20);

/// The threads that wait, each for the owner that has the address and is that other thread.
static WAITING: Held<RefCell<Vec<Waiting>>> = Held::new(RefCell::new(Vec::new()));

#[derive(Clone, Copy)]
struct Waiting {
    thread: c_ulong,
    owner: usize,
    owning_thread: c_ulong,
}

/// No thread has this number.
const NOBODY: c_ulong = c_ulong::MAX;

/// The thread that owns a connection, and how many of its calls are within each other.
///
/// The interpreter guards it. Nothing is locked while the owner works, so that Python code that
/// runs in the middle, or a thread that waits, can do no worse than wait.
#[derive(Default)]
pub(super) struct Owner {
    state: Held<Cell<(c_ulong, usize)>>,
    waiting: Held<Cell<usize>>,
    /// The thread that keeps everybody out, itself, too.
    reserved: Held<Cell<Option<c_ulong>>>,
    turn: Mutex<()>,
    left: Condvar,
}

impl Owner {
    /// Owns it for this thread, if no other has it.
    #[inline]
    pub(super) fn try_enter(&self, py: Python<'_>, here: c_ulong) -> bool {
        let state = self.state.get(py);
        let (thread, depth) = state.get();
        let is_mine = depth == 0 || thread == here;
        if is_mine {
            state.set((here, depth + 1));
        }
        is_mine
    }

    /// Waits until it is not owned, or for a little while.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised; or whoever owns it waits, in the end, for this thread; or
    /// this thread would wait for itself.
    #[cold]
    pub(super) fn wait(&self, py: Python<'_>) -> PyResult<()> {
        let here = thread_number();
        if self.reserved.get(py).get() == Some(here) {
            let message = "a connection cannot be used while a backup is written to it";
            return Err(errors::programming(py, message));
        }
        if self.waits_for_this_thread(py) {
            return Err(errors::deadlock(py));
        }
        let owning_thread = self.owning_thread(py);
        let all = WAITING.get(py);
        all.borrow_mut().push(Waiting { thread: here, owner: self.address(), owning_thread });
        let rested = self.rest(py);
        all.borrow_mut().retain(|waiting| waiting.thread != here);
        rested
    }

    /// Waits until somebody leaves it, or for a little while.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised.
    pub(super) fn rest(&self, py: Python<'_>) -> PyResult<()> {
        let waiting = self.waiting.get(py);
        waiting.set(waiting.get() + 1);
        let turn = &self.turn;
        let left = &self.left;
        gate::wait(&mut || {
            let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            drop(left.wait_timeout(turn, PATIENCE));
        });
        waiting.set(waiting.get() - 1);
        gate::run_signal_handlers(py)
    }

    /// Whether the thread that owns it waits, in the end, for this one.
    pub(super) fn waits_for_this_thread(&self, py: Python<'_>) -> bool {
        is_waiting_for(py, self.owning_thread(py), thread_number())
    }

    fn owning_thread(&self, py: Python<'_>) -> c_ulong {
        let (thread, depth) = self.state.get(py).get();
        let owning_thread = if depth == 0 { NOBODY } else { thread };
        self.reserved.get(py).get().unwrap_or(owning_thread)
    }

    /// Leaves it to others, once for each time that it was entered.
    #[inline]
    pub(super) fn leave(&self, py: Python<'_>) {
        let state = self.state.get(py);
        let (thread, depth) = state.get();
        state.set((thread, depth - 1));
        if depth == 1 && self.waiting.get(py).get() > 0 {
            self.hand_over(py);
        }
    }

    /// Wakes one of those who wait. None of them waits for this thread any more.
    #[cold]
    fn hand_over(&self, py: Python<'_>) {
        WAITING.get(py).borrow_mut().retain(|waiting| waiting.owner != self.address());
        self.left.notify_one();
    }

    fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    /// Whether it is this thread that owns it.
    pub(super) fn is_here(&self, py: Python<'_>) -> bool {
        let (thread, depth) = self.state.get(py).get();
        depth > 0 && thread == thread_number()
    }

    /// Keeps everybody out, the thread that owns it, too, until what is answered is dropped.
    pub(super) fn reserve<'a>(&'a self, py: Python<'a>) -> Reserved<'a> {
        let (thread, depth) = self.state.get(py).replace((NOBODY, 1));
        self.reserved.get(py).set(Some(thread));
        Reserved { owner: self, py, depth }
    }

    /// How many calls of the owner are within each other.
    #[inline]
    pub(super) fn depth(&self, py: Python<'_>) -> usize {
        self.state.get(py).get().1
    }
}

/// Whether a thread waits for another, or for one that does.
fn is_waiting_for(py: Python<'_>, mut thread: c_ulong, other: c_ulong) -> bool {
    let all = WAITING.get(py).borrow();
    // Nobody can wait for more threads than there are.
    for _ in 0..=all.len() {
        if thread == other {
            return true;
        }
        let Some(waiting) = all.iter().find(|waiting| waiting.thread == thread) else { break };
        thread = waiting.owning_thread;
    }
    false
}

/// A connection that is kept from everybody.
pub(super) struct Reserved<'a> {
    owner: &'a Owner,
    py: Python<'a>,
    depth: usize,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(thread) = self.owner.reserved.get(self.py).take() {
            self.owner.state.get(self.py).set((thread, self.depth));
        }
    }
}
