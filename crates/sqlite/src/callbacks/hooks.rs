//! What is told of transactions that end and of rows that change.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use libsqlite3_sys as ffi;

use super::{Failed, Inside, enter, run};
use crate::connection::Connection;
use crate::handle::Handle;

/// A row that changed.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// `SQLITE_INSERT`, `SQLITE_UPDATE` or `SQLITE_DELETE`.
    pub operation: c_int,
    /// The name of the database.
    pub database: &'a CStr,
    /// The name of the table.
    pub table: &'a CStr,
    /// The key of the row, after the change.
    pub rowid: i64,
}

/// Answers whether to commit; else the transaction is rolled back. It, as the hooks below, must
/// leave the connection alone.
pub type CommitHook = Box<Commit>;

pub(super) type Commit = dyn Fn() -> Result<bool, Failed> + Send;

/// Told that a transaction is rolled back.
pub type RollbackHook = Box<Rollback>;

pub(super) type Rollback = dyn Fn() -> Result<(), Failed> + Send;

/// Told of each row of a table with rowids that changes.
pub type UpdateHook = Box<Update>;

pub(super) type Update = dyn Fn(&Change<'_>) -> Result<(), Failed> + Send;

impl Connection {
    /// Replaces the commit hook, also while it runs; removes it, for `None`.
    pub fn set_commit_hook(&self, hook: Option<CommitHook>) {
        self.handle.callbacks.commit.set(hook);
    }

    /// Replaces the rollback hook, also while it runs; removes it, for `None`.
    pub fn set_rollback_hook(&self, hook: Option<RollbackHook>) {
        self.handle.callbacks.rollback.set(hook);
        let call =
            if self.handle.callbacks.rollback.is_some() { Some(roll_back as _) } else { None };
        // SAFETY: the handle lives until after the connection is closed.
        unsafe { ffi::sqlite3_rollback_hook(self.raw(), call, pointer(&self.handle)) };
    }

    /// Replaces the update hook, also while it runs; removes it, for `None`.
    pub fn set_update_hook(&self, hook: Option<UpdateHook>) {
        self.handle.callbacks.update.set(hook);
        let call = if self.handle.callbacks.update.is_some() { Some(update as _) } else { None };
        // SAFETY: the handle lives until after the connection is closed.
        unsafe { ffi::sqlite3_update_hook(self.raw(), call, pointer(&self.handle)) };
    }
}

/// Has commits refused once a callback has failed that has no other way to end SQLite's work.
pub(crate) fn watch_commits(handle: &Handle) {
    // SAFETY: the handle lives until after the connection is closed.
    unsafe { ffi::sqlite3_commit_hook(handle.raw(), Some(commit), pointer(handle)) };
}

fn pointer(handle: &Handle) -> *mut c_void {
    ptr::from_ref(handle).cast_mut().cast()
}

/// Nonzero rolls back.
unsafe extern "C" fn commit(handle: *mut c_void) -> c_int {
    // SAFETY: the handle outlives the connection that calls this.
    let handle = unsafe { &*handle.cast::<Handle>() };
    let is_committed = enter(handle, Inside::Closed("commit hook"), false, || {
        handle.callbacks.commit.get().map_or(Ok(true), |hook| hook())
    });
    c_int::from(!is_committed)
}

unsafe extern "C" fn roll_back(handle: *mut c_void) {
    // SAFETY: the handle outlives the connection that calls this.
    let handle = unsafe { &*handle.cast::<Handle>() };
    run(handle, Inside::Closed("rollback hook"), (), || {
        handle.callbacks.rollback.get().map_or(Ok(()), |hook| hook())
    });
}

unsafe extern "C" fn update(
    handle: *mut c_void,
    operation: c_int,
    database: *const c_char,
    table: *const c_char,
    rowid: i64,
) {
    // SAFETY: the handle outlives the connection that calls this; the names live until it returns.
    let (handle, change) = unsafe {
        let (database, table) = (CStr::from_ptr(database), CStr::from_ptr(table));
        (&*handle.cast::<Handle>(), Change { operation, database, table, rowid })
    };
    enter(handle, Inside::Closed("update hook"), (), || {
        handle.callbacks.update.get().map_or(Ok(()), |hook| hook(&change))
    });
}
