//! The watch over running statements: other threads, signals and the deadline get their due.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use super::errors;
use super::session::Session;
use crate::gate;

/// How long the interpreter is kept while SQLite works.
const TURN: Duration = Duration::from_millis(1);

/// How often the handlers of signals are run while SQLite works.
const BEAT: Duration = Duration::from_millis(20);

/// A time as nanoseconds; 0 stands for none.
#[derive(Default)]
pub(super) struct Moment(AtomicU64);

impl Moment {
    #[inline]
    pub(super) fn forget(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn set(&self, other: &Self) {
        self.0.store(other.0.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// How long ago it was; if there is none, it is now.
    fn elapsed(&self, now: u64) -> Duration {
        match self.0.load(Ordering::Relaxed) {
            0 => {
                self.0.store(now, Ordering::Relaxed);
                Duration::ZERO
            }
            then => Duration::from_nanos(now - then),
        }
    }
}

fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
}

/// What is looked at while SQLite works. Only the owner of the connection does.
pub(super) struct Watch {
    deadline: Option<Duration>,
    call: Moment,
    turn: Moment,
    beat: Moment,
    /// The number of the job for which the owner works; 0 where there is none.
    job: AtomicU64,
    is_stopped: AtomicBool,
    /// Whether the call is to end that is under way.
    is_interrupted: AtomicBool,
    /// Whether there is a deadline, or something was stopped: a call of some hundred nanoseconds
    /// looks at this alone.
    is_bounded: AtomicBool,
    /// Whether something is undone, which goes on to its end.
    is_undoing: AtomicBool,
}

impl Watch {
    pub(super) fn new(deadline: Option<Duration>) -> Self {
        let (call, turn, beat) = (Moment::default(), Moment::default(), Moment::default());
        Self {
            deadline,
            call,
            turn,
            beat,
            job: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
            is_interrupted: AtomicBool::new(false),
            is_bounded: AtomicBool::new(deadline.is_some()),
            is_undoing: AtomicBool::new(false),
        }
    }

    /// What is done from now on belongs to the job of that number; to none, for 0.
    pub(super) fn begin_job(&self, number: u64) {
        self.job.store(number, Ordering::Relaxed);
        self.is_stopped.store(false, Ordering::Relaxed);
    }

    /// Stops what is done for the job of that number, and nothing that is done for another.
    ///
    /// The interpreter is held here and where jobs begin, so that none begins in between.
    pub(super) fn stop_job(&self, number: u64) {
        if number == self.job.load(Ordering::Relaxed) {
            self.is_stopped.store(true, Ordering::Relaxed);
            self.is_bounded.store(true, Ordering::Relaxed);
        }
    }

    /// Stops the call that is under way. SQLite forgets an interrupt where no statement runs, as
    /// between two records of a generator.
    pub(super) fn interrupt(&self) {
        self.is_interrupted.store(true, Ordering::Relaxed);
        self.is_bounded.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }

    /// Whether the job was stopped, or the call.
    #[inline]
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed) || self.is_interrupted()
    }

    /// Whether what is under way is to end: it was stopped, or took too long, which is raised then.
    #[inline]
    pub(super) fn is_over(&self, session: &Session) -> bool {
        self.is_bounded.load(Ordering::Relaxed) && (self.is_stopped() || self.is_late(session))
    }

    #[cold]
    fn is_late(&self, session: &Session) -> bool {
        let Some(deadline) = self.missed_deadline(now()) else { return false };
        session.call(|py| session.raise_later(py, errors::deadline(py, deadline)));
        true
    }

    /// Has all go on to its end that is done until what is answered is dropped.
    pub(super) fn begin_undoing(&self) -> Undoing<'_> {
        self.is_undoing.store(true, Ordering::Relaxed);
        Undoing(self)
    }

    /// A call from Python begins.
    #[inline]
    pub(super) fn begin_call(&self) {
        self.call.forget();
        if self.is_bounded.load(Ordering::Relaxed) {
            self.is_interrupted.store(false, Ordering::Relaxed);
            let is_bounded = self.deadline.is_some() || self.is_stopped();
            self.is_bounded.store(is_bounded, Ordering::Relaxed);
        }
    }

    /// Goes on with a call that began before, until what is answered is dropped: the moment tells
    /// when that was.
    pub(super) fn resume_call<'a>(&'a self, begun: &'a Moment) -> Resumed<'a> {
        self.call.set(begun);
        Resumed { call: &self.call, begun }
    }

    /// SQLite begins to work, with the interpreter in its hands.
    #[inline]
    pub(super) fn begin_turn(&self) {
        self.turn.forget();
    }

    /// Whether SQLite may wait for a lock, or go on to.
    pub(super) fn may_wait(&self, py: Python<'_>, session: &Session) -> bool {
        if let Some(deadline) = self.missed_deadline(now()) {
            session.raise_later(py, errors::deadline(py, deadline));
        }
        if session.has_pending(py) || self.is_stopped() || session.allowance.is_on() {
            return false;
        }
        run_signal_handlers(py, session)
    }

    fn missed_deadline(&self, now: u64) -> Option<Duration> {
        self.deadline.filter(|deadline| self.call.elapsed(now) >= *deadline)
    }

    /// Answers whether to go on.
    pub(super) fn look(&self, session: &Session) -> bool {
        if self.is_undoing.load(Ordering::Relaxed) {
            return true;
        }
        if self.is_stopped() {
            return false;
        }
        let now = now();
        if session.allowance.is_on() {
            let goes_on = session.allowance.spend(self.call.elapsed(now));
            return goes_on && self.missed_deadline(now).is_none();
        }
        let turn = self.turn.elapsed(now);
        if self.call.elapsed(now) == Duration::ZERO {
            self.beat.forget();
        }
        if let Some(deadline) = self.missed_deadline(now) {
            session.call(|py| session.raise_later(py, errors::deadline(py, deadline)));
            return false;
        }
        if self.beat.elapsed(now) >= BEAT {
            self.beat.forget();
            if !session.call(|py| run_signal_handlers(py, session)) {
                return false;
            }
        }
        if turn >= TURN {
            session.lease.give_up();
        }
        true
    }
}

/// The time in which a call goes on.
pub(super) struct Resumed<'a> {
    call: &'a Moment,
    begun: &'a Moment,
}

impl Drop for Resumed<'_> {
    fn drop(&mut self) {
        self.begun.set(self.call);
    }
}

/// The time in which something is undone.
pub(super) struct Undoing<'a>(&'a Watch);

impl Drop for Undoing<'_> {
    fn drop(&mut self) {
        self.0.is_undoing.store(false, Ordering::Relaxed);
    }
}

/// Answers whether to go on: an error of a handler is raised when SQLite has returned.
fn run_signal_handlers(py: Python<'_>, session: &Session) -> bool {
    gate::run_signal_handlers(py).map_err(|error| session.raise_later(py, error)).is_ok()
}
