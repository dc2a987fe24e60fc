//! The statements that a connection keeps for the next time.

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::prepared::Prepared;
use crate::cpython::Text;

/// Idle statements, the last used one last; several of the same text, if several ran at once.
///
/// A text is looked for by its address first, for a program's literals are the same objects each
/// time, and by its hash, which a str keeps, only then. The last used statement, which a loop
/// takes and gives back each time, is kept apart from the others.
pub(super) struct Cache {
    capacity: usize,
    last: Option<Box<Prepared>>,
    keys: Vec<Key>,
    #[expect(clippy::vec_box, reason = "it moves to cursors and back, boxed")]
    idle: Vec<Box<Prepared>>,
}

#[derive(Clone, Copy)]
struct Key {
    address: usize,
    hash: isize,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, last: None, keys: Vec::new(), idle: Vec::new() }
    }

    /// Takes out an idle statement of that text, found by its address.
    #[inline(always)]
    pub(super) fn take_same(&mut self, text: &Bound<'_, PyString>) -> Option<Box<Prepared>> {
        if self.last.as_ref().is_some_and(|last| last.text.is(text)) {
            return self.last.take();
        }
        self.take_same_idle(text)
    }

    fn take_same_idle(&mut self, text: &Bound<'_, PyString>) -> Option<Box<Prepared>> {
        let address = text.as_ptr() as usize;
        let place = self.keys.iter().rposition(|key| key.address == address)?;
        Some(self.take(place))
    }

    /// Takes out an idle statement of an equal text.
    pub(super) fn take_equal(
        &mut self,
        text: &Bound<'_, PyString>,
        hash: isize,
    ) -> Option<Box<Prepared>> {
        let py = text.py();
        let is_equal = |prepared: &Prepared| Text::of(text) == Text::of(prepared.text.bind(py));
        if self.last.as_ref().is_some_and(|last| last.hash == Some(hash) && is_equal(last)) {
            return self.last.take();
        }
        let place = self
            .keys
            .iter()
            .zip(&self.idle)
            .rposition(|(key, prepared)| key.hash == hash && is_equal(prepared))?;
        Some(self.take(place))
    }

    fn take(&mut self, place: usize) -> Box<Prepared> {
        self.keys.remove(place);
        self.idle.remove(place)
    }

    /// Keeps a statement that was reset. What there is no room for any more is given back, to be
    /// dropped when nothing is borrowed.
    #[inline(always)]
    #[must_use]
    pub(super) fn put(&mut self, prepared: Box<Prepared>) -> Option<Box<Prepared>> {
        if prepared.hash.is_none() || self.capacity == 0 && !prepared.is_pinned() {
            return Some(prepared);
        }
        let before = self.last.replace(prepared)?;
        self.put_before_last(before)
    }

    fn put_before_last(&mut self, prepared: Box<Prepared>) -> Option<Box<Prepared>> {
        let Some(hash) = prepared.hash else { return Some(prepared) };
        self.keys.push(Key { address: prepared.text.as_ptr() as usize, hash });
        self.idle.push(prepared);
        if self.idle.len() >= self.capacity { self.oldest() } else { None }
    }

    #[cold]
    fn oldest(&mut self) -> Option<Box<Prepared>> {
        let place = self.idle.iter().position(|prepared| !prepared.is_pinned())?;
        Some(self.take(place))
    }

    /// Shows what the statements hold to the collector.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.last.iter().chain(&self.idle).try_for_each(|prepared| prepared.traverse(visit))
    }

    /// Takes out all.
    pub(super) fn drain(&mut self) -> impl Sized + use<> {
        self.keys.clear();
        (self.last.take(), std::mem::take(&mut self.idle))
    }
}
