//! How the runs of statements end: behind the last row, before it, or with their cursor.

use pyo3::prelude::*;

use super::connection::Connection;
use super::prepared::Prepared;
use super::session::Session;
use crate::cpython::{let_go, thread_number};
use crate::gate;

impl Connection {
    /// Keeps a statement that has run to its end for the next time, if it is of the session that is
    /// entered and not of one before.
    #[inline(always)]
    pub(super) fn keep(&self, py: Python<'_>, session: &Session, mut prepared: Box<Prepared>) {
        prepared.bound.release(py);
        session.show_pending(py);
        let left = if prepared.statement().is_of(&session.database) {
            self.state.get(py).cache.borrow_mut().put(prepared)
        } else {
            Some(prepared)
        };
        if let Some(left) = left {
            let_go(py, left);
        }
    }

    /// Ends a statement whose failure was told, or that may have more to run, and keeps it.
    #[cold]
    #[inline(never)]
    pub(super) fn keep_unfinished(
        &self,
        py: Python<'_>,
        session: &Session,
        mut prepared: Box<Prepared>,
    ) {
        drop(session.work(|| prepared.bound.reset()));
        self.keep(py, session, prepared);
    }

    /// Ends a statement at a row that nobody asks for any more, and keeps it. What it has written
    /// may be committed with that: a failure is shown, for Python's `sqlite3` raises none.
    #[cold]
    #[inline(never)]
    pub(super) fn give_up(&self, py: Python<'_>, session: &Session, prepared: Box<Prepared>) {
        let give_up = |session: &Session, mut prepared: Box<Prepared>| {
            if let Err(error) = session.work(|| prepared.bound.reset()) {
                let text = prepared.text.bind(py);
                session.error_of(py, &error, text).write_unraisable(py, Some(text.as_any()));
            }
            self.keep(py, session, prepared);
        };
        if prepared.statement().is_of(&session.database) {
            give_up(session, prepared);
        } else {
            self.with_former(py, prepared, give_up);
        }
    }

    /// Does something with a statement of a database that the connection had open before, by the
    /// session of that; `None` if that was closed. The statement is not kept for the present one.
    #[cold]
    pub(super) fn with_former<T>(
        &self,
        py: Python<'_>,
        mut prepared: Box<Prepared>,
        work: impl FnOnce(&Session, Box<Prepared>) -> T,
    ) -> Option<T> {
        let former = &self.state.get(py).former;
        let own = {
            let former = former.borrow();
            former.iter().find(|it| prepared.statement().is_of(&it.database)).cloned()
        };
        let done = own.map(|session| {
            prepared.hash = None;
            session.owned(py, || work(&session, prepared))
        });
        let over: Vec<_> =
            former.borrow_mut().extract_if(.., |it| !it.database.has_dependents()).collect();
        drop(over);
        done
    }

    /// Keeps a statement whose cursor has gone, in whatever thread, if nobody works with the
    /// connection; else it is freed when that has ended.
    pub(super) fn take_back(&self, py: Python<'_>, prepared: Box<Prepared>) {
        gate::destroy(|| {
            let Ok(session) = self.state.get(py).session.try_borrow() else { return };
            if let Some(session) = &*session
                && !session.is_foreign()
                && session.owner.depth(py) == 0
                && session.owner.try_enter(py, thread_number())
            {
                self.give_up(py, session, prepared);
                session.owner.leave(py);
            }
        });
    }
}

impl Session {
    /// Ends all statements, with which what they have written may be committed.
    pub(super) fn end_all(&self, py: Python<'_>) {
        if let Err(error) = self.work(|| self.database.reset_all()) {
            self.error(py, &error).write_unraisable(py, None);
        }
    }
}
