//! An open connection: the driver's, who owns it, and what happened while SQLite worked.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};

use onecross_sqlite as sqlite;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::allowance::Allowance;
use super::blob::OpenBlob;
use super::callbacks::{Callables, Progress};
use super::errors;
use super::owner::Owner;
use super::rules::Rules;
use super::sessions;
use super::watch::Watch;
use crate::cpython::{Held, thread_number};
use crate::errors::of_callback;
use crate::gate::Lease;

/// How often this process was forked off another. A session is of the process that opened it.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// Notes that this process was forked.
pub(super) fn note_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// What a connection, its cursors and its callbacks share from opening to closing.
///
/// Callbacks find Python attached through `call`, whatever thread or state SQLite was in.
pub(crate) struct Session {
    pub(super) database: sqlite::Connection,
    pub(super) owner: Owner,
    pub(super) lease: Lease,
    pub(super) watch: Watch,
    pub(super) allowance: Allowance,
    pub(super) progress: Progress,
    pub(super) callables: Callables,
    pub(super) rules: Rules,
    /// Whether the database is in a file, so that a commit waits for a disk.
    pub(super) is_on_disk: bool,
    /// Whether pages are shared with other connections of the process. SQLite then has mutexes,
    /// which one thread waits for while another, that has them, may want the interpreter.
    pub(super) is_shared: AtomicBool,
    /// What is to be raised instead of SQLite's own error, once SQLite has returned.
    pending: Held<RefCell<Option<PyErr>>>,
    has_pending: Held<Cell<bool>>,
    /// How often Python code was called back.
    calls: Held<Cell<usize>>,
    forks: u32,
    /// The blobs that are open.
    blobs: Held<RefCell<Vec<Weak<OpenBlob>>>>,
    /// The statements by which transactions begin and end, and no other is run between.
    pub(super) controls: Held<RefCell<HashMap<&'static str, sqlite::Statement>>>,
}

impl Session {
    pub(super) fn new(database: sqlite::Connection, is_shared: bool, rules: Rules) -> Arc<Self> {
        let is_on_disk = database.file_name(c"main").is_some_and(|name| !name.is_empty());
        let session = Arc::new(Self {
            database,
            owner: Owner::default(),
            lease: Lease::default(),
            watch: Watch::new(rules.deadline),
            allowance: Allowance::default(),
            progress: Progress::default(),
            callables: Callables::default(),
            rules,
            is_on_disk,
            is_shared: AtomicBool::new(is_shared),
            pending: Held::default(),
            has_pending: Held::default(),
            calls: Held::default(),
            forks: FORKS.load(Ordering::Relaxed),
            blobs: Held::default(),
            controls: Held::default(),
        });
        Progress::install(&session);
        sessions::register(&session);
        session
    }

    /// Notes what a statement may change that is known of the connection: that pages are shared
    /// with others, how long locks are waited for.
    pub(super) fn note_text(&self, text: &[u8]) {
        if names_shared_cache(text) {
            self.is_shared.store(true, Ordering::Relaxed);
        }
        self.allowance.note_text(text);
    }

    /// Whether SQLite has mutexes that this thread would wait for.
    pub(super) fn is_shared(&self) -> bool {
        self.is_shared.load(Ordering::Relaxed)
    }

    /// Whether it was opened before this process was forked.
    #[inline]
    pub(super) fn is_foreign(&self) -> bool {
        self.forks != FORKS.load(Ordering::Relaxed)
    }

    /// Closes the blob with the session, if it is still open then.
    pub(super) fn adopt(&self, py: Python<'_>, blob: &Arc<OpenBlob>) {
        let mut blobs = self.blobs.get(py).borrow_mut();
        if blobs.len() == blobs.capacity() {
            blobs.retain(|blob| blob.strong_count() > 0);
        }
        blobs.push(Arc::downgrade(blob));
    }

    /// Closes all blobs, with which what was written to them may be committed.
    ///
    /// # Errors
    ///
    /// The first that a blob was closed with; the others are closed all the same.
    pub(super) fn close_blobs(&self, py: Python<'_>) -> PyResult<()> {
        let blobs = self.blobs.get(py).take();
        let open: Vec<_> =
            blobs.iter().filter_map(Weak::upgrade).filter_map(|blob| blob.take(py)).collect();
        let closed =
            self.work(|| open.into_iter().map(sqlite::Blob::close).fold(Ok(()), Result::and));
        closed.map_err(|error| self.error(py, &error))
    }

    /// Owns it for a piece of work, which nobody else can do with it.
    pub(super) fn owned<T>(&self, py: Python<'_>, work: impl FnOnce() -> T) -> T {
        let is_owned = self.owner.try_enter(py, thread_number());
        self.watch.begin_call();
        let done = work();
        if is_owned {
            self.owner.leave(py);
        }
        done
    }

    /// Runs what may take SQLite long. The interpreter is there again when it returns.
    #[inline(always)]
    pub(super) fn work<T>(&self, work: impl FnOnce() -> T) -> T {
        self.watch.begin_turn();
        let _back = Back { session: self, was_working: self.database.begin_work() };
        if self.is_shared.load(Ordering::Relaxed) {
            self.lease.give_up();
        }
        work()
    }

    /// Runs what is known to wait, as for a disk, without the interpreter from the start.
    pub(super) fn work_detached<T>(&self, work: impl FnOnce() -> T) -> T {
        self.work(|| {
            self.lease.give_up();
            work()
        })
    }

    /// Runs Python code that SQLite calls back.
    pub(super) fn call<T>(&self, work: impl FnOnce(Python<'_>) -> T) -> T {
        self.lease.attached(work)
    }

    /// Counts a call of Python code by SQLite.
    pub(super) fn note_call(&self, py: Python<'_>) {
        let calls = self.calls.get(py);
        calls.set(calls.get() + 1);
    }

    /// How often Python code was called back.
    pub(super) fn calls(&self, py: Python<'_>) -> usize {
        self.calls.get(py).get()
    }

    /// Whether an error is to be raised when SQLite has returned.
    pub(super) fn has_pending(&self, py: Python<'_>) -> bool {
        self.has_pending.get(py).get()
    }

    /// Keeps an error that is to be raised when SQLite has returned. The first one counts.
    pub(super) fn raise_later(&self, py: Python<'_>, error: PyErr) {
        let kept = self.pending.get(py).try_borrow_mut();
        if let Ok(mut kept) = kept
            && kept.is_none()
        {
            *kept = Some(self.of_callback(py, error));
            self.has_pending.get(py).set(true);
        }
    }

    /// The error of a callback, as it is raised.
    #[cold]
    pub(super) fn of_callback(&self, py: Python<'_>, error: PyErr) -> PyErr {
        if self.rules.is_strict { of_callback(py, error) } else { error }
    }

    /// The error that was kept.
    #[inline]
    pub(super) fn take_pending(&self, py: Python<'_>) -> Option<PyErr> {
        if !self.has_pending.get(py).replace(false) {
            return None;
        }
        self.pending.get(py).take()
    }

    /// Shows the error that was kept where nobody can raise it: a statement that is given up ends
    /// with callbacks, too.
    #[inline]
    pub(super) fn show_pending(&self, py: Python<'_>) {
        if let Some(error) = self.take_pending(py) {
            error.write_unraisable(py, None);
        }
    }

    /// # Errors
    ///
    /// What is under way was stopped, or took too long.
    #[inline]
    pub(super) fn go_on(&self, py: Python<'_>) -> PyResult<()> {
        if self.watch.is_over(self) { Err(self.stopped(py)) } else { Ok(()) }
    }

    /// The error of what was stopped.
    #[cold]
    pub(super) fn stopped(&self, py: Python<'_>) -> PyErr {
        self.error(py, &sqlite::Error::of_code(sqlite::codes::INTERRUPT))
    }

    /// What to raise for an error of SQLite's: what was kept, or else SQLite's own.
    #[cold]
    pub(super) fn error(&self, py: Python<'_>, error: &sqlite::Error) -> PyErr {
        self.take_pending(py).unwrap_or_else(|| errors::of_sqlite(py, error))
    }

    /// The same for the error of a statement, which it carries.
    #[cold]
    pub(super) fn error_of(
        &self,
        py: Python<'_>,
        error: &sqlite::Error,
        text: &Bound<'_, PyString>,
    ) -> PyErr {
        match self.take_pending(py) {
            Some(error) => error,
            None => errors::of_statement(py, error, text, self.rules.is_strict),
        }
    }
}

/// Takes the interpreter back and ends the work, even where a panic passes.
struct Back<'a> {
    session: &'a Session,
    was_working: bool,
}

impl Drop for Back<'_> {
    #[inline]
    fn drop(&mut self) {
        self.session.lease.take_back();
        self.session.database.end_work(self.was_working);
    }
}

/// Whether the URI of a database whose pages are shared may stand in a text.
pub(super) fn names_shared_cache(text: &[u8]) -> bool {
    const SHARED: &[u8] = b"cache=shared";
    text.windows(SHARED.len()).any(|part| part == SHARED)
}
