//! What is put aside between two calls from Python, with all its references to Python objects.

use std::marker::PhantomData;

use pyo3::prelude::*;

use crate::graphql::{Json, Unfinished};
use crate::make::Dicts;

/// A family of types: one for each time in which the thread is attached to the interpreter.
///
/// # Safety
///
/// What a member has of its lifetime must be references to Python objects that it owns, or the proof
/// of being attached; nothing may be borrowed.
pub(crate) unsafe trait Family {
    /// The member for one such time.
    type Member<'py>;
}

/// Executions that are to become dicts.
pub(crate) struct UnfinishedDicts;
/// Executions that are to become JSON.
pub(crate) struct UnfinishedJson;

// SAFETY: all that `Unfinished` has for its lifetime are `Bound` objects and `Python` tokens, in
// collections of its own; a `BytesOutput` has the one reference to its object.
unsafe impl Family for UnfinishedDicts {
    type Member<'py> = Unfinished<'py, Dicts<'py>>;
}

// SAFETY: as above.
unsafe impl Family for UnfinishedJson {
    type Member<'py> = Unfinished<'py, Json<'py>>;
}

/// A value that is put aside; whoever takes it up is attached again.
pub(crate) struct Parked<F: Family> {
    value: Box<F::Member<'static>>,
    family: PhantomData<F>,
}

// SAFETY: the value is reached through `take`, which asks for an attached thread, through `look`
// from the collector, and dropped with the object that has it: always by who holds the
// interpreter's lock, so never by two threads at once.
unsafe impl<F: Family> Send for Parked<F> {}

impl<F: Family> Parked<F> {
    /// Puts a value aside.
    pub(crate) fn park<'py>(value: Box<F::Member<'py>>) -> Self {
        let value = Box::into_raw(value).cast::<F::Member<'static>>();
        // SAFETY: both are the same type but for the lifetime, which says no more than that the
        // thread was attached (`Family`); nobody uses the value before `take` says so anew.
        let value = unsafe { Box::from_raw(value) };
        Self { value, family: PhantomData }
    }

    /// Takes the value up.
    pub(crate) fn take<'py>(self, _attached: Python<'py>) -> Box<F::Member<'py>> {
        let value = Box::into_raw(self.value).cast::<F::Member<'py>>();
        // SAFETY: as in `park`; the thread is attached for as long as the new lifetime lasts.
        unsafe { Box::from_raw(value) }
    }

    /// Lets the collector look at it, during which nothing else runs.
    pub(crate) fn look(&self) -> &F::Member<'static> {
        &self.value
    }
}
