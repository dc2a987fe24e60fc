//! The way back from SQLite into Rust: functions, collations, hooks, and what becomes of a failure.
//!
//! Whatever SQLite calls back may replace or remove itself while it runs: what runs is counted, so
//! that it lives until it has returned.

mod aggregate;
mod authorizer;
mod call;
mod collation;
mod hooks;
mod inside;
mod progress;
mod scalar;
mod slot;
mod trace;

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use aggregate::{Aggregate, Group};
pub use authorizer::{Action, Authorizer};
pub use call::{Answer, Arguments};
pub use collation::Collation;
pub(crate) use hooks::watch_commits;
pub use hooks::{Change, CommitHook, RollbackHook, UpdateHook};
pub(crate) use inside::Inside;
pub use scalar::{Scalar, Signature};
pub use trace::{Profiler, Traced, Tracer};

use crate::handle::{Failure, Handle};
use progress::Handler;
use slot::Slot;

/// A callback could not do what SQLite asked for, and whoever wrote it knows why.
///
/// SQLite's work ends as soon as it can be ended, what it would commit is rolled back, and the
/// call that began it returns an error of code `SQLITE_ABORT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

/// The callbacks of a connection of which there is one each.
#[derive(Default)]
pub(crate) struct Callbacks {
    authorizer: Slot<authorizer::Function>,
    commit: Slot<hooks::Commit>,
    profile: Slot<trace::Profile>,
    progress: OnceCell<Handler>,
    rollback: Slot<hooks::Rollback>,
    trace: Slot<trace::Trace>,
    update: Slot<hooks::Update>,
}

/// Runs what SQLite called back; where that fails or panics, answers what ends SQLite's work.
///
/// Once something has failed, nothing runs any more until SQLite has returned.
#[inline]
pub(crate) fn enter<T>(
    handle: &Handle,
    inside: Inside,
    ending: T,
    work: impl FnOnce() -> Result<T, Failed>,
) -> T {
    if handle.is_failing() { ending } else { run(handle, inside, ending, work) }
}

/// The same for what is told of every failure, too.
#[inline]
fn run<T>(
    handle: &Handle,
    inside: Inside,
    ending: T,
    work: impl FnOnce() -> Result<T, Failed>,
) -> T {
    let outside = handle.inside.replace(inside);
    let worked = catch_unwind(AssertUnwindSafe(work));
    handle.inside.set(outside);
    match worked {
        Ok(Ok(answer)) => answer,
        Ok(Err(Failed)) => {
            handle.fail(Failure::Callback(inside.name()));
            ending
        }
        Err(panic) => {
            handle.fail(Failure::Panic(panic));
            ending
        }
    }
}
