//! A Python function that is called every so many operations of SQLite, beside our own watch.

use std::cell::RefCell;
use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::prelude::*;

use super::callable::Callable;
use crate::cpython::Held;
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::session::Session;

/// After how many operations of SQLite's machine the watch looks: some ten microseconds.
const STRIDE: u32 = 1000;

/// What is done at a tick of SQLite, which comes as often as the more frequent of the two wants.
pub(in crate::sql) struct Progress {
    handler: Held<RefCell<Option<Arc<Callable>>>>,
    ticks: AtomicU32,
    /// At every how many ticks the handler is called; never, for 0.
    handler_ticks: AtomicU32,
    /// At every how many ticks the watch looks.
    watch_ticks: AtomicU32,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            handler: Held::default(),
            ticks: AtomicU32::new(0),
            handler_ticks: AtomicU32::new(0),
            watch_ticks: AtomicU32::new(1),
        }
    }
}

impl Progress {
    /// Has SQLite tell the session of its progress.
    pub(in crate::sql) fn install(session: &Arc<Session>) {
        let told = Arc::downgrade(session);
        session.database.install_progress_handler(Box::new(move || {
            // A cursor may still fetch what it began when its connection was opened anew.
            told.upgrade().is_none_or(|session| session.progress.tick(&session))
        }));
        session.database.set_progress_interval(STRIDE as c_int);
    }

    /// Answers whether to go on.
    fn tick(&self, session: &Session) -> bool {
        let ticks = self.ticks.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let handler_ticks = self.handler_ticks.load(Ordering::Relaxed);
        if handler_ticks > 0 && ticks.is_multiple_of(handler_ticks) && !self.ask(session) {
            return false;
        }
        !ticks.is_multiple_of(self.watch_ticks.load(Ordering::Relaxed))
            || session.watch.look(session)
    }

    #[cold]
    fn ask(&self, session: &Session) -> bool {
        let handler = session.call(|py| self.handler.get(py).borrow().clone());
        let Some(handler) = handler else { return true };
        let stops = handler.call(|_, handler| handler.call0()?.is_truthy());
        stops.is_ok_and(|stops| !stops)
    }

    fn set(&self, session: &Session, py: Python<'_>, handler: Option<(Arc<Callable>, u32)>) {
        let (handler, interval) = match handler {
            Some((handler, interval)) => (Some(handler), interval),
            None => (None, 0),
        };
        let handler_ticks = interval.div_ceil(STRIDE);
        let (stride, watch_ticks) = match interval {
            0 => (STRIDE, 1),
            _ if interval < STRIDE => (interval, STRIDE / interval),
            _ => (interval / handler_ticks, 1),
        };
        self.handler_ticks.store(handler_ticks, Ordering::Relaxed);
        self.watch_ticks.store(watch_ticks, Ordering::Relaxed);
        session.database.set_progress_interval(stride as c_int);
        drop(self.handler.get(py).replace(handler));
    }
}

#[pymethods]
impl Connection {
    /// Sets what is called while statements run; None ends that.
    ///
    /// Args:
    ///     progress_handler: Called without arguments; what it returns that is true ends the
    ///         statement with an `OperationalError`, as an exception does. It must leave the
    ///         connection alone.
    ///     n: After how many operations of SQLite's machine it is called; never, for 0 and less.
    #[pyo3(signature = (progress_handler, n))]
    fn set_progress_handler(
        slf: &Bound<'_, Self>,
        progress_handler: &Bound<'_, PyAny>,
        n: i32,
    ) -> PyResult<()> {
        gate::guard(|| {
            let session = slf.get().enter(slf.py())?;
            let interval = u32::try_from(n).ok().filter(|interval| *interval > 0);
            let interval = interval.filter(|_| !progress_handler.is_none());
            let handler = interval
                .map(|interval| (Callable::registered(&session, progress_handler), interval));
            session.progress.set(&session, slf.py(), handler);
            Ok(())
        })
    }
}
