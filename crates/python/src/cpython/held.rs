//! State of an object that is only touched by who holds the interpreter.

use pyo3::PyVisit;
use pyo3::prelude::*;

/// Cells of an object that Python code of any thread may come by: the interpreter is their lock.
#[derive(Default)]
pub(crate) struct Held<T>(T);

// SAFETY: `get` asks for proof that the thread holds the interpreter, which one thread at a time
// does, and what it lends is no longer than the proof. The cells inside are not `Sync`, so that
// they cannot be taken along where the interpreter is released.
unsafe impl<T: Send> Sync for Held<T> {}

impl<T> Held<T> {
    pub(crate) const fn new(content: T) -> Self {
        Self(content)
    }

    #[inline(always)]
    pub(crate) fn get<'a>(&'a self, _py: Python<'a>) -> &'a T {
        &self.0
    }

    /// The same for who has it alone, as when it goes.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The same for the collector, which visits objects with the interpreter in its hands.
    pub(crate) fn visited<'a>(&'a self, _visit: &PyVisit<'a>) -> &'a T {
        &self.0
    }
}
