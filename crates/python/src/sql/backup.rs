//! Copies of whole databases into others.

use std::ffi::c_int;
use std::sync::Arc;
use std::time::{Duration, Instant};

use onecross_sqlite::{self as sqlite, Copied, codes};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::connection::Connection;
use super::entered::Entered;
use super::given::Given;
use super::name::Name;
use crate::errors::new_error;
use crate::gate;

/// How many pages are copied at a time where all are wanted, so that signals have their turn.
const STRIDE: c_int = 1000;

/// How many seconds to wait before pages that were locked are tried again.
const PAUSE: f64 = 0.25;

#[pymethods]
impl Connection {
    /// Copies a database over that of another connection, page by page.
    #[pyo3(signature = (
        target, *, pages=Given::Nothing, progress=None, name=Name::of_main(), sleep=PAUSE
    ))]
    fn backup(
        slf: &Bound<'_, Self>,
        target: &Bound<'_, Self>,
        pages: Given<'_>,
        progress: Option<&Bound<'_, PyAny>>,
        name: Name,
        sleep: f64,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let pages = pages.c_int_or(-1)?;
            slf.get().check_open(py)?;
            if slf.is(target) {
                let message = "target cannot be the same connection instance";
                return Err(new_error::<PyValueError>(py, message));
            }
            if progress.is_some_and(|progress| !progress.is_callable()) {
                let message = "progress argument must be a callable";
                return Err(new_error::<PyTypeError>(py, message));
            }
            let (source, written) = enter_both(slf, target)?;
            // What runs meanwhile in this thread, a progress handler say, must leave it alone, too.
            let _reserved = written.owner.reserve(py);
            let from = sqlite::Database { connection: &source.database, name: &name };
            let to = sqlite::Database { connection: &written.database, name: c"main" };
            let backup = sqlite::Backup::new(from, to);
            let backup = backup.map_err(|error| written.error(py, &error))?;
            let pause = Duration::try_from_secs_f64(sleep.max(0.0)).unwrap_or(Duration::MAX);
            Copying { backup, source: Some(source), connection: slf, written: &written, pause }
                .run(pages, progress)
        })
    }
}

/// Owns both connections. Neither is kept while the other is waited for, so that two that copy to
/// each other do not wait for ever.
fn enter_both<'py>(
    source: &'py Bound<'py, Connection>,
    target: &'py Bound<'py, Connection>,
) -> PyResult<(Entered<'py>, Entered<'py>)> {
    let py = source.py();
    loop {
        let written = target.get().enter(py)?;
        if let Some(source) = source.get().enter_now(py)? {
            return Ok((source, written));
        }
        drop(written);
        drop(source.get().enter(py)?);
    }
}

/// A backup under way. The source is owned but for pauses, and when the backup ends.
struct Copying<'a, 'py> {
    backup: sqlite::Backup,
    source: Option<Entered<'py>>,
    connection: &'py Bound<'py, Connection>,
    written: &'a Entered<'py>,
    pause: Duration,
}

impl<'py> Copying<'_, 'py> {
    fn run(mut self, pages: c_int, progress: Option<&Bound<'py, PyAny>>) -> PyResult<()> {
        let wants_all = pages <= 0;
        let mut stride = if wants_all { STRIDE } else { pages };
        let mut left = c_int::MAX;
        loop {
            let copied = self.step(stride)?;
            if wants_all && matches!(copied, Ok(Copied::Some)) {
                // Where somebody else writes, the backup begins anew, and does so for ever unless
                // all is copied at once.
                if self.backup.remaining() >= left {
                    stride = -1;
                }
                left = self.backup.remaining();
            } else {
                self.tell(progress, &copied)?;
            }
            match copied {
                Ok(Copied::All) => return Ok(()),
                Ok(Copied::Some) => self.look()?,
                Ok(Copied::Nothing(_)) => {
                    self.pause()?;
                    self.look()?;
                }
                Err(error) => return Err(self.written.error(self.written.py(), &error)),
            }
        }
    }

    /// Copies pages.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised meanwhile.
    fn step(&mut self, pages: c_int) -> PyResult<Result<Copied, sqlite::Error>> {
        let (backup, written) = (&mut self.backup, self.written);
        let Some(source) = &self.source else { return Ok(Ok(Copied::Some)) };
        let copied = source.work_detached(|| written.work(|| backup.step(pages)));
        source.take_pending(source.py()).map_or(Ok(copied), Err)
    }

    /// Tells the progress handler what a step came to.
    fn tell(
        &self,
        progress: Option<&Bound<'py, PyAny>>,
        copied: &Result<Copied, sqlite::Error>,
    ) -> PyResult<()> {
        let Some(progress) = progress else { return Ok(()) };
        let status = match copied {
            Ok(Copied::Some) => codes::OK,
            Ok(Copied::All) => codes::DONE,
            Ok(Copied::Nothing(code)) => code.0,
            Err(error) => error.code.0,
        };
        progress.call1((status, self.backup.remaining(), self.backup.page_count())).map(drop)
    }

    /// Lets signals and the deadline have their turn.
    fn look(&self) -> PyResult<()> {
        let Some(source) = &self.source else { return Ok(()) };
        if source.work(|| source.watch.look(source)) {
            return Ok(());
        }
        let stopped = sqlite::Error::of_code(codes::INTERRUPT);
        Err(source.error(source.py(), &stopped))
    }

    /// Lets others work with the source for a while, who may hold the lock.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised; the source is owned again. Or it was closed.
    fn pause(&mut self) -> PyResult<()> {
        let Some(source) = self.source.take() else { return Ok(()) };
        let (py, session) = (source.py(), Arc::clone(&source));
        drop(source);
        let until = Instant::now().checked_add(self.pause);
        let mut rested = session.owner.rest(py);
        let has_time = || until.is_none_or(|until| Instant::now() < until);
        while rested.is_ok() && !session.watch.is_stopped() && has_time() {
            rested = session.owner.rest(py);
        }
        loop {
            match self.connection.get().enter_now(py) {
                Ok(Some(entered)) if Arc::ptr_eq(&entered, &session) => {
                    self.source = Some(entered);
                    return rested;
                }
                Ok(Some(_)) => return rested.and(Err(self.connection.get().not_open(py))),
                Ok(None) => {
                    let waited = session.owner.wait(py);
                    // A signal must not end the backup while another thread works with the source.
                    // One that waits for this thread does not.
                    if waited.is_err() && session.owner.waits_for_this_thread(py) {
                        return rested.and(waited);
                    }
                    rested = rested.and(waited);
                }
                Err(error) => return rested.and(Err(error)),
            }
        }
    }
}
