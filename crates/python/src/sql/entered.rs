//! A connection that a thread owns for the length of a call.

use std::cell::Ref;
use std::ops::Deref;
use std::sync::Arc;

use pyo3::exceptions::PyRecursionError;
use pyo3::prelude::*;

use super::session::Session;
use super::watch::{Moment, Resumed};
use crate::errors::new_error;
use crate::meter::{Counts, Meter};

/// How much of a thread's stack is left to what SQLite and a callback do.
const STACK_RESERVE: usize = 96 * 1024;

/// A connection that this thread owns as long as it holds this.
pub(super) struct Entered<'py> {
    pub(super) py: Python<'py>,
    pub(super) session: Ref<'py, Arc<Session>>,
    pub(super) releases: usize,
    pub(super) calls: usize,
    /// Whether it is part of a call that is counted elsewhere.
    pub(super) is_part: bool,
}

impl Deref for Entered<'_> {
    type Target = Arc<Session>;

    #[inline]
    fn deref(&self) -> &Arc<Session> {
        &self.session
    }
}

impl<'py> Entered<'py> {
    pub(super) fn py(&self) -> Python<'py> {
        self.py
    }

    /// The same within a call that is counted elsewhere.
    pub(super) fn within_call(mut self) -> Self {
        self.is_part = true;
        self
    }

    /// Goes on with a call that has entered it before, unless it is a part of another.
    pub(super) fn resume_call<'a>(&'a self, begun: &'a Moment) -> Option<Resumed<'a>> {
        (self.owner.depth(self.py) == 1).then(|| self.watch.resume_call(begun))
    }

    /// # Errors
    ///
    /// As those of `deeper`.
    #[inline(always)]
    pub(super) fn begin(self) -> PyResult<Self> {
        if self.owner.depth(self.py) > 1 {
            return self.deeper();
        }
        self.watch.begin_call();
        self.show_pending(self.py);
        Ok(self)
    }

    /// # Errors
    ///
    /// The thread has not enough stack left for one more call within others.
    #[cold]
    fn deeper(self) -> PyResult<Self> {
        if stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE) {
            return Ok(self);
        }
        let message = "calls of a connection within each other are nested too deep for the stack";
        Err(new_error::<PyRecursionError>(self.py, message))
    }

    #[cold]
    fn count(&self) {
        if let Ok(Some(meter)) = Meter::current(self.py) {
            let mut counts = if self.is_part { Counts::default() } else { Counts::of_one_call() };
            if self.owner.depth(self.py) == 0 {
                counts.releases = self.lease.releases() - self.releases;
                counts.calls_out = self.calls(self.py) - self.calls;
            }
            meter.get().add(&counts);
        }
    }
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        self.owner.leave(self.py);
        if Meter::is_any_on() {
            self.count();
        }
    }
}
