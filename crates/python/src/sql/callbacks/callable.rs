//! A Python object that SQLite calls back.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use pyo3::exceptions::PyRecursionError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::report::{Failure, report};
use crate::cpython::Held;
use crate::errors::new_error;
use crate::sql::session::Session;

/// How much of a thread's stack must be left for a call: SQLite, Python and we share it, and each
/// callback may run a statement that calls back.
const STACK_RESERVE: usize = 128 * 1024;

/// An object that is kept on behalf of SQLite, and let go of where SQLite lets go of it.
pub(super) struct Callable {
    session: Weak<Session>,
    pub(super) is_strict: bool,
    object: Held<RefCell<Option<Py<PyAny>>>>,
}

impl Callable {
    /// An object that the collector finds through the session.
    pub(super) fn registered(session: &Arc<Session>, object: &Bound<'_, PyAny>) -> Arc<Self> {
        let callable = Arc::new(Self::new(session, object.clone()));
        session.callables.register(object.py(), &callable);
        callable
    }

    /// An object that lives no longer than a statement runs.
    pub(super) fn new(session: &Arc<Session>, object: Bound<'_, PyAny>) -> Self {
        Self {
            session: Arc::downgrade(session),
            is_strict: session.rules.is_strict,
            object: Held::new(RefCell::new(Some(object.unbind()))),
        }
    }

    /// The object, unless the collector has taken it.
    pub(super) fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.object.get(py).borrow().as_ref().map(|object| object.bind(py).clone())
    }

    /// Does what `call` does, unless the statement is to end. SQLite itself ends those of the
    /// drop-in.
    ///
    /// # Errors
    ///
    /// As `call`, or that it is to.
    pub(super) fn call_in_time<T>(
        &self,
        work: impl FnOnce(&Arc<Session>, &Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        if self.is_strict
            && let Some(session) = self.session.upgrade()
            && !session.allowance.is_on()
            && session.watch.is_over(&session)
        {
            return Err(Failure::Stopped);
        }
        self.call(work)
    }

    /// The same where SQLite takes no error for an answer: that of a statement which is to end is
    /// kept, too.
    ///
    /// # Errors
    ///
    /// As `call_in_time`.
    pub(super) fn call_or_keep<T>(
        &self,
        work: impl FnOnce(&Arc<Session>, &Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        self.call_in_time(work).inspect_err(|failure| {
            if *failure == Failure::Stopped
                && let Some(session) = self.session.upgrade()
            {
                session.call(|py| session.raise_later(py, session.stopped(py)));
            }
        })
    }

    /// Does something with the object, from within SQLite. An exception is reported.
    ///
    /// # Errors
    ///
    /// Of which kind the exception was.
    pub(super) fn call<T>(
        &self,
        work: impl FnOnce(&Arc<Session>, &Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        let Some(session) = self.session.upgrade() else { return Err(Failure::Other) };
        if session.allowance.is_on() {
            session.allowance.exhaust();
            return Err(Failure::Other);
        }
        session.call(|py| {
            session.note_call(py);
            let Some(object) = self.get(py) else { return Err(Failure::Other) };
            let done = check_stack(py).and_then(|()| work(&session, &object));
            done.map_err(|error| report(&session, &object, error))
        })
    }
}

impl Drop for Callable {
    /// SQLite may let go of it in the middle of its work, when the interpreter is given up.
    fn drop(&mut self) {
        match self.session.upgrade() {
            Some(session) => session.call(|py| drop(self.object.get(py).take())),
            None => Python::attach(|py| drop(self.object.get(py).take())),
        }
    }
}

fn check_stack(py: Python<'_>) -> PyResult<()> {
    if stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE) {
        return Ok(());
    }
    let message = "callbacks of SQLite are nested too deeply: there is no stack left for another";
    Err(new_error::<PyRecursionError>(py, message))
}

/// The objects that SQLite may call back.
#[derive(Default)]
pub(in crate::sql) struct Callables(Held<RefCell<Vec<Weak<Callable>>>>);

impl Callables {
    fn register(&self, py: Python<'_>, callable: &Arc<Callable>) {
        let mut all = self.0.get(py).borrow_mut();
        all.retain(|known| known.strong_count() > 0);
        all.push(Arc::downgrade(callable));
    }

    /// Shows them to the collector.
    pub(in crate::sql) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(all) = self.0.visited(visit).try_borrow() else { return Ok(()) };
        for callable in all.iter().filter_map(Weak::upgrade) {
            if let Ok(object) = callable.object.visited(visit).try_borrow() {
                visit.call(&*object)?;
            }
        }
        Ok(())
    }

    /// Lets go of them, for the collector: nobody can reach the connection any more.
    pub(in crate::sql) fn clear(&self, py: Python<'_>) {
        let all = self.0.get(py).take();
        for callable in all.iter().filter_map(Weak::upgrade) {
            let object = callable.object.get(py).take();
            drop(object);
        }
    }
}
