//! How large the things may be that a connection works with.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

use crate::connection::Connection;

impl Connection {
    /// The limit of a category, one of `SQLITE_LIMIT_*`; `None` where there is no such category.
    ///
    /// Reference: <https://sqlite.org/c3ref/c_limit_attached.html>.
    pub fn limit(&self, category: c_int) -> Option<c_int> {
        self.set_limit(category, -1)
    }

    /// Sets a limit and returns the one before. It never exceeds what SQLite was built with, and is
    /// left as it is by a negative one.
    pub fn set_limit(&self, category: c_int, limit: c_int) -> Option<c_int> {
        // SAFETY: the connection is open; SQLite returns -1 for a category that it does not know.
        let before = unsafe { ffi::sqlite3_limit(self.raw(), category, limit) };
        (before >= 0).then_some(before)
    }

    /// How many bytes the text of a statement may have.
    pub fn longest_statement(&self) -> usize {
        self.limit(ffi::SQLITE_LIMIT_SQL_LENGTH).map_or(0, |limit| limit as usize)
    }
}
