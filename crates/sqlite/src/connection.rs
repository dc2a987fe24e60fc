//! A connection to a database.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};
use std::sync::{Arc, Weak};

use libsqlite3_sys as ffi;

use crate::callbacks::watch_commits;
use crate::error::Error;
use crate::handle::Handle;
use crate::sleep;
use crate::statement::Statement;
use crate::value::Value;

/// How a database is opened.
pub struct Opening<'a> {
    /// The path, or the URI, or one of SQLite's own names, in UTF-8.
    pub path: &'a CStr,
    /// `SQLITE_OPEN_*`; that SQLite uses no mutex is added.
    pub flags: c_int,
}

/// An open connection. Its files are closed when it and all that was made from it is gone.
pub struct Connection {
    pub(crate) handle: Arc<Handle>,
}

impl Connection {
    /// Opens a database, with extended result codes.
    ///
    /// # Errors
    ///
    /// What SQLite reports: the file cannot be opened, say, or memory runs out.
    pub fn open(opening: &Opening<'_>) -> Result<Self, Error> {
        sleep::initialise()?;
        let flags = opening.flags | ffi::SQLITE_OPEN_NOMUTEX | ffi::SQLITE_OPEN_EXRESCODE;
        let mut raw = ptr::null_mut();
        // SAFETY: the path is a C text; SQLite sets the connection, or null where memory runs out.
        let code = unsafe {
            ffi::sqlite3_open_v2(opening.path.as_ptr(), &mut raw, flags, sleep::VFS_NAME.as_ptr())
        };
        let raw = NonNull::new(raw).ok_or_else(|| Error::of_code(ffi::SQLITE_NOMEM))?;
        // SAFETY: even a connection that could not be opened wants to be closed, once.
        let handle = Arc::new(unsafe { Handle::new(raw) });
        handle.check(code)?;
        watch_commits(&handle);
        Ok(Self { handle })
    }

    #[inline]
    pub(crate) fn raw(&self) -> *mut ffi::sqlite3 {
        self.handle.raw()
    }

    /// Prepares the first statement of a text, meant to be kept; tells how many bytes it took.
    ///
    /// There is no statement in an empty text or in one of comments alone. A text that ends with a
    /// NUL is read where it lies; of any other, SQLite makes a copy, as long as all of it.
    ///
    /// # Errors
    ///
    /// What SQLite reports: an error of syntax, say, with its place; or the connection cannot be used
    /// where the caller is.
    pub fn prepare(&self, text: &[u8]) -> Result<(Option<Statement>, usize), Error> {
        self.handle.admit()?;
        let Ok(length) = c_int::try_from(text.len()) else {
            return Err(Error::of_code(ffi::SQLITE_TOOBIG));
        };
        let mut raw = ptr::null_mut();
        let mut tail: *const c_char = ptr::null();
        let start = text.as_ptr().cast::<c_char>();
        // SAFETY: the text is of that length; the tail points into it or past its end.
        let (code, taken) = unsafe {
            let flags = ffi::SQLITE_PREPARE_PERSISTENT;
            let code =
                ffi::sqlite3_prepare_v3(self.raw(), start, length, flags, &mut raw, &mut tail);
            (code, if tail.is_null() { text.len() } else { tail.offset_from(start) as usize })
        };
        // SAFETY: SQLite just prepared it on this connection.
        let statement =
            NonNull::new(raw).map(|raw| unsafe { Statement::new(raw, Arc::clone(&self.handle)) });
        self.handle.check(code)?;
        Ok((statement, taken.min(text.len())))
    }

    /// Whether no transaction is open. Any thread may ask, and is told what was or will be so while
    /// another works with the connection.
    #[inline]
    pub fn is_autocommit(&self) -> bool {
        // SAFETY: the connection is open, here and below.
        unsafe { ffi::sqlite3_get_autocommit(self.raw()) != 0 }
    }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    #[inline]
    pub fn changes(&self) -> i64 {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_changes64(self.raw()) }
    }

    /// How many rows were changed since the connection opened; for any thread, as `is_autocommit`.
    #[inline]
    pub fn total_changes(&self) -> i64 {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_total_changes64(self.raw()) }
    }

    /// The key of the row that was inserted last.
    #[inline]
    pub fn last_insert_rowid(&self) -> i64 {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_last_insert_rowid(self.raw()) }
    }

    /// How long to wait for a lock that another connection holds; none at all for 0.
    pub fn set_busy_timeout(&self, milliseconds: c_int) {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_busy_timeout(self.raw(), milliseconds) };
    }

    /// How long a lock that another connection holds is waited for, in milliseconds.
    ///
    /// # Errors
    ///
    /// As `prepare` has them.
    pub fn busy_timeout(&self) -> Result<c_int, Error> {
        let (statement, _) = self.prepare(b"PRAGMA busy_timeout\0")?;
        let Some(mut statement) = statement else { return Ok(0) };
        statement.step().map_err(|error| *error)?;
        match statement.value(0) {
            Some(Value::Integer(milliseconds)) => {
                Ok(c_int::try_from(milliseconds).unwrap_or(c_int::MAX))
            }
            _ => Ok(0),
        }
    }

    /// The file of a database of the connection: `None` where there is no such database, empty
    /// where it lives in memory or is temporary.
    pub fn file_name(&self, database: &CStr) -> Option<&CStr> {
        // SAFETY: null or a text that lives as long as the database is attached; it is lent.
        unsafe {
            let name = ffi::sqlite3_db_filename(self.raw(), database.as_ptr());
            (!name.is_null()).then(|| CStr::from_ptr(name))
        }
    }

    /// Whether a database of the connection can only be read; `None` where there is none such.
    pub fn is_read_only(&self, database: &CStr) -> Option<bool> {
        // SAFETY: the connection is open and the name a C text.
        match unsafe { ffi::sqlite3_db_readonly(self.raw(), database.as_ptr()) } {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// Resets every statement of the connection, so that none keeps a lock. Blobs stay open.
    ///
    /// # Errors
    ///
    /// `SQLITE_MISUSE`, and none is reset, inside a callback, for some of them run then, and as long
    /// as a statement has lent values of the row where it stands. Else the first that a statement
    /// ended with, as with `Statement::reset`; all are reset all the same.
    pub fn reset_all(&self) -> Result<(), Error> {
        if self.handle.is_inside() || self.handle.lenders.get() > 0 {
            return Err(Error::of_code(ffi::SQLITE_MISUSE));
        }
        let mut outcome = Ok(());
        // SAFETY: the statements are whole as long as they are listed; none goes between two steps,
        // and no value is lent. A statement without a text is a blob's own, whose cursor is read
        // after a reset, too.
        unsafe {
            let mut next = ffi::sqlite3_next_stmt(self.raw(), ptr::null_mut());
            while !next.is_null() {
                if !ffi::sqlite3_sql(next).is_null() {
                    let code = ffi::sqlite3_reset(next);
                    if code != ffi::SQLITE_OK {
                        outcome = outcome.and_then(|()| Err(self.handle.error(code)));
                    }
                }
                next = ffi::sqlite3_next_stmt(self.raw(), next);
            }
        }
        self.handle.settle_untold();
        outcome
    }

    /// Whether a statement or a blob of the connection is left.
    pub fn has_dependents(&self) -> bool {
        Arc::strong_count(&self.handle) > 1
    }

    /// What can stop the connection's work from any thread.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(Arc::downgrade(&self.handle))
    }
}

/// Has connections that are opened from now on share the cache of a database, or not.
///
/// # Errors
///
/// What SQLite reports.
pub fn enable_shared_cache(is_enabled: bool) -> Result<(), Error> {
    // SAFETY: SQLite guards the setting itself.
    match unsafe { ffi::sqlite3_enable_shared_cache(c_int::from(is_enabled)) } {
        ffi::SQLITE_OK => Ok(()),
        code => Err(Error::of_code(code)),
    }
}

/// Stops what a connection is doing.
pub struct Interrupter(Weak<Handle>);

impl Interrupter {
    /// Whether the connection is still there, be it for what was made from it alone.
    pub fn is_open(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Ends the statements that run now with an error, if the connection is still there.
    pub fn interrupt(&self) {
        if let Some(handle) = self.0.upgrade() {
            // SAFETY: the handle keeps the connection open.
            unsafe { ffi::sqlite3_interrupt(handle.raw()) };
        }
    }
}
