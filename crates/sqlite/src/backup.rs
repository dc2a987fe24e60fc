//! A copy of a whole database into another, made page by page while the first is in use.

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::{Code, Error};
use crate::handle::Handle;

/// A database of a connection.
#[derive(Clone, Copy)]
pub struct Database<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// The name of the database in it: `main`, `temp` or one that is attached.
    pub name: &'a CStr,
}

/// What a step of a backup came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The pages were copied, and there may be more.
    Some,
    /// The copy is complete and committed.
    All,
    /// Somebody holds a lock, `SQLITE_BUSY` or `SQLITE_LOCKED`: the step may be tried again.
    Nothing(Code),
}

/// A backup under way.
///
/// What is written through the source's connection in between is written to the target, too; what
/// others write to the source begins the backup anew. Until the backup has gone, nobody may use the
/// target's connection, and who uses the source's owns both.
///
/// Reference: <https://sqlite.org/c3ref/backup_finish.html>.
pub struct Backup {
    raw: NonNull<ffi::sqlite3_backup>,
    source: Arc<Handle>,
    target: Arc<Handle>,
}

// SAFETY: SQLite binds no backup to a thread; who uses one at a time is the caller's to see to.
unsafe impl Send for Backup {}

impl Backup {
    /// Begins to copy one database over another, of another connection.
    ///
    /// # Errors
    ///
    /// What SQLite reports: there is no such database, both are of one connection, or the target is
    /// being read.
    pub fn new(source: Database<'_>, target: Database<'_>) -> Result<Self, Error> {
        let (from, to) = (&source.connection.handle, &target.connection.handle);
        from.admit()?;
        to.admit()?;
        // SAFETY: both connections are open and the names are C texts.
        let raw = unsafe {
            let (from_name, to_name) = (source.name.as_ptr(), target.name.as_ptr());
            ffi::sqlite3_backup_init(to.raw(), to_name, from.raw(), from_name)
        };
        match NonNull::new(raw) {
            Some(raw) => Ok(Self { raw, source: Arc::clone(from), target: Arc::clone(to) }),
            None => Err(to.last_error()),
        }
    }

    /// Copies so many pages, or all that are left if the number is negative.
    ///
    /// # Errors
    ///
    /// What SQLite reports. The backup has failed then.
    pub fn step(&mut self, pages: c_int) -> Result<Copied, Error> {
        self.source.admit()?;
        self.target.admit()?;
        // SAFETY: the backup is whole, and both connections are open.
        let code = unsafe { ffi::sqlite3_backup_step(self.raw.as_ptr(), pages) };
        self.source.settle()?;
        self.target.settle()?;
        match code & 0xff {
            ffi::SQLITE_OK => Ok(Copied::Some),
            ffi::SQLITE_DONE => Ok(Copied::All),
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Ok(Copied::Nothing(Code(code))),
            _ => Err(Error::of_code(code)),
        }
    }

    /// How many pages were left to copy after the last step.
    pub fn remaining(&self) -> c_int {
        // SAFETY: the backup is whole.
        unsafe { ffi::sqlite3_backup_remaining(self.raw.as_ptr()) }
    }

    /// How many pages the source had at the last step.
    pub fn page_count(&self) -> c_int {
        // SAFETY: the backup is whole.
        unsafe { ffi::sqlite3_backup_pagecount(self.raw.as_ptr()) }
    }
}

impl Drop for Backup {
    /// Ends the backup. A copy that is not complete is rolled back, and the target is as before.
    fn drop(&mut self) {
        if !self.target.leftovers.are_foreign() {
            // SAFETY: nobody else finishes it. What it returns, a step has told.
            unsafe { ffi::sqlite3_backup_finish(self.raw.as_ptr()) };
        }
    }
}
