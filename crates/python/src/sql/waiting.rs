//! How SQLite waits for a lock: in short sleeps, between which signals and deadlines are heeded.

use std::time::Duration;

use super::sessions;
use crate::gate;

/// How long is slept before the handlers of signals are run.
const SLICE: Duration = Duration::from_millis(20);

/// Sleeps as long as SQLite wants it, or until an error is waiting to be raised.
///
/// SQLite goes on trying as often as it would have done, but without a pause, and then gives up.
pub(super) fn sleep(time: Duration, plain: &mut dyn FnMut(Duration)) {
    let mut left = time;
    while !left.is_zero() && may_wait() {
        let slice = left.min(SLICE);
        left -= slice;
        gate::wait(&mut || plain(slice));
    }
}

/// Whether no session that this thread works with has an error to raise.
fn may_wait() -> bool {
    gate::attached(|py| {
        sessions::owned_here(py).iter().all(|session| session.watch.may_wait(py, session))
    })
}
