//! How much SQLite may do where nobody may wait: so many operations, so long, no lock, no callback.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::time::Duration;

use super::session::Session;

/// How long is worked at most. Operations that read a disk take longer than others.
const LONGEST: Duration = Duration::from_millis(1);

/// It is not known how long locks are waited for.
const UNKNOWN: c_int = -1;

/// What is left to the statement that runs. Only the owner of the connection uses it.
pub(super) struct Allowance {
    is_on: AtomicBool,
    /// How many ticks of SQLite's progress it may take.
    left: AtomicU32,
    /// How long locks are waited for at other times.
    busy_timeout: AtomicI32,
    /// Whether a statement was prepared that may set it, and sets it again when SQLite prepares it
    /// anew.
    is_busy_timeout_told: AtomicBool,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            is_on: AtomicBool::new(false),
            left: AtomicU32::new(0),
            busy_timeout: AtomicI32::new(UNKNOWN),
            is_busy_timeout_told: AtomicBool::new(false),
        }
    }
}

impl Allowance {
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// Told of a tick, and of how long the call has taken; answers whether to go on.
    pub(super) fn spend(&self, since: Duration) -> bool {
        let left = self.left.load(Ordering::Relaxed).saturating_sub(1);
        let left = if since < LONGEST { left } else { 0 };
        self.left.store(left, Ordering::Relaxed);
        left > 0
    }

    /// Takes away what is left.
    #[cold]
    pub(super) fn exhaust(&self) {
        self.left.store(0, Ordering::Relaxed);
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// How many of so many ticks were taken.
    pub(super) fn taken(&self, ticks: u32) -> u32 {
        ticks - self.left.load(Ordering::Relaxed)
    }

    /// Notes that a statement may set how long locks are waited for.
    pub(super) fn note_text(&self, text: &[u8]) {
        const NAME: &[u8] = b"busy_timeout";
        if text.windows(NAME.len()).any(|part| part.eq_ignore_ascii_case(NAME)) {
            self.is_busy_timeout_told.store(true, Ordering::Relaxed);
        }
    }

    /// `None` where SQLite does not tell.
    fn busy_timeout(&self, session: &Session) -> Option<c_int> {
        let known = self.busy_timeout.load(Ordering::Relaxed);
        if known != UNKNOWN && !self.is_busy_timeout_told.load(Ordering::Relaxed) {
            return Some(known);
        }
        let told = session.work(|| session.database.busy_timeout()).ok()?;
        self.busy_timeout.store(told, Ordering::Relaxed);
        Some(told)
    }
}

/// The time in which a session has an allowance, and waits for no lock.
pub(super) struct Allowed<'a> {
    session: &'a Session,
    busy_timeout: c_int,
}

impl<'a> Allowed<'a> {
    /// `None` where it is not known how long locks are waited for at other times.
    #[inline]
    pub(super) fn begin(session: &'a Session, ticks: u32) -> Option<Self> {
        let allowance = &session.allowance;
        allowance.is_on.store(true, Ordering::Relaxed);
        allowance.left.store(ticks, Ordering::Relaxed);
        let Some(busy_timeout) = allowance.busy_timeout(session) else {
            allowance.is_on.store(false, Ordering::Relaxed);
            return None;
        };
        if busy_timeout > 0 {
            session.database.set_busy_timeout(0);
        }
        Some(Self { session, busy_timeout })
    }
}

impl Drop for Allowed<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.busy_timeout > 0 {
            self.session.database.set_busy_timeout(self.busy_timeout);
        }
        self.session.allowance.is_on.store(false, Ordering::Relaxed);
    }
}
