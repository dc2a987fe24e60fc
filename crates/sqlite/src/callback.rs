//! The way back from SQLite into Rust: a panic is kept until SQLite has returned.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::handle::Handle;

/// Runs what SQLite called back; where that panics, answers what ends SQLite's work.
pub(crate) fn enter<T>(handle: &Handle, ending: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        handle.is_panicking.set(true);
        handle.panic.replace(Some(panic));
        ending
    })
}
