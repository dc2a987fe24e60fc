//! Which thread works with a connection. Others wait for it without the interpreter.

use std::cell::Cell;
use std::ffi::c_ulong;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

use crate::cpython::Held;
use crate::gate;

/// How long is waited before the handlers of signals are run.
const PATIENCE: Duration = Duration::from_millis(20);

/// The thread that owns a connection, and how many of its calls are within each other.
///
/// The interpreter guards it. Nothing is locked while the owner works, so that Python code that
/// runs in the middle, or a thread that waits, can do no worse than wait.
#[derive(Default)]
pub(super) struct Owner {
    state: Held<Cell<(c_ulong, usize)>>,
    waiting: Held<Cell<usize>>,
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
    /// What the handler of a signal raised.
    #[cold]
    pub(super) fn wait(&self, py: Python<'_>) -> PyResult<()> {
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

    /// Leaves it to others, once for each time that it was entered.
    #[inline]
    pub(super) fn leave(&self, py: Python<'_>) {
        let state = self.state.get(py);
        let (thread, depth) = state.get();
        state.set((thread, depth - 1));
        if depth == 1 && self.waiting.get(py).get() > 0 {
            self.left.notify_one();
        }
    }

    /// How many calls of the owner are within each other.
    #[inline]
    pub(super) fn depth(&self, py: Python<'_>) -> usize {
        self.state.get(py).get().1
    }
}
