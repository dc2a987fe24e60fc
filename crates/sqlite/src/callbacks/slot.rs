//! Where a connection keeps a callback of which it has one.

use std::cell::RefCell;
use std::rc::Rc;

/// A callback that may be replaced while it runs.
pub(crate) struct Slot<F: ?Sized>(RefCell<Option<Rc<F>>>);

impl<F: ?Sized> Default for Slot<F> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<F: ?Sized> Slot<F> {
    /// The callback, counted: it lives as long as it runs.
    pub(super) fn get(&self) -> Option<Rc<F>> {
        self.0.borrow().clone()
    }

    pub(super) fn is_some(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Replaces the callback. What is dropped may call this again, so nothing is borrowed then.
    pub(super) fn set(&self, callback: Option<Box<F>>) {
        let replaced = self.0.replace(callback.map(Rc::from));
        drop(replaced);
    }
}
