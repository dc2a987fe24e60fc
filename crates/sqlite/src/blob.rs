//! A BLOB or TEXT in its row, read and written in parts without being loaded whole.

use std::ffi::{CStr, c_int};
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;
use crate::leftover::Leftover;

/// Where a blob is stored.
pub struct Place<'a> {
    /// The name of the database: `main`, `temp` or one that is attached.
    pub database: &'a CStr,
    /// The name of the table.
    pub table: &'a CStr,
    /// The name of the column.
    pub column: &'a CStr,
    /// The key of the row.
    pub row: i64,
}

/// What may be done with a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only reading.
    Read,
    /// Reading and writing.
    Write,
}

/// A value that is open for reading, or for writing, too. Its size cannot be changed.
///
/// It holds a transaction open, and is void once its row was changed or deleted by other means.
///
/// Reference: <https://sqlite.org/c3ref/blob_open.html>.
pub struct Blob {
    raw: NonNull<ffi::sqlite3_blob>,
    handle: Arc<Handle>,
    /// Closing tells of the last error once more: it is told only where nobody has heard of it.
    has_told: bool,
    is_void: bool,
}

// SAFETY: SQLite binds no blob to a thread; who uses one at a time is the caller's to see to.
unsafe impl Send for Blob {}

impl Connection {
    /// Opens a value that is stored as BLOB or TEXT.
    ///
    /// # Errors
    ///
    /// What SQLite reports: there is no such table, column or row, the value is of another type,
    /// the column cannot be written because it is indexed, or the database is locked.
    pub fn open_blob(&self, place: &Place<'_>, access: Access) -> Result<Blob, Error> {
        self.handle.admit()?;
        let mut raw = ptr::null_mut();
        // SAFETY: the connection is open and the names are C texts; the blob is set, or null.
        let code = unsafe {
            ffi::sqlite3_blob_open(
                self.raw(),
                place.database.as_ptr(),
                place.table.as_ptr(),
                place.column.as_ptr(),
                place.row,
                c_int::from(access == Access::Write),
                &mut raw,
            )
        };
        self.handle.check(code)?;
        let raw = NonNull::new(raw).ok_or_else(|| Error::of_code(ffi::SQLITE_NOMEM))?;
        Ok(Blob { raw, handle: Arc::clone(&self.handle), has_told: false, is_void: false })
    }
}

impl Blob {
    /// Whether the blob can still be used, as far as is known.
    ///
    /// # Errors
    ///
    /// `SQLITE_ABORT` once a call found the blob to be void.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_void { Err(Error::of_code(ffi::SQLITE_ABORT)) } else { Ok(()) }
    }

    /// How many bytes there are; none once a call found the blob to be void.
    pub fn length(&self) -> usize {
        // SAFETY: the blob is open; its length is never negative.
        unsafe { ffi::sqlite3_blob_bytes(self.raw.as_ptr()) as usize }
    }

    /// Reads as many bytes as fit into the buffer, all of which must be there.
    ///
    /// # Errors
    ///
    /// This and all that follow: `SQLITE_ERROR` where the part reaches past the end,
    /// `SQLITE_ABORT` where the blob is void, and what else SQLite reports.
    pub fn read_at(&mut self, offset: usize, buffer: &mut [u8]) -> Result<(), Error> {
        self.handle.admit()?;
        let (length, offset) = part(buffer.len(), offset)?;
        // SAFETY: the blob is open, and the buffer of that length.
        self.done(unsafe {
            let data = buffer.as_mut_ptr().cast();
            ffi::sqlite3_blob_read(self.raw.as_ptr(), data, length, offset)
        })
    }

    /// Writes bytes over those that are there.
    pub fn write_at(&mut self, offset: usize, data: &[u8]) -> Result<(), Error> {
        self.handle.admit()?;
        let (length, offset) = part(data.len(), offset)?;
        // SAFETY: the blob is open, and the data of that length.
        self.done(unsafe {
            let data = data.as_ptr().cast();
            ffi::sqlite3_blob_write(self.raw.as_ptr(), data, length, offset)
        })
    }

    /// Turns to the same column of another row, which is cheaper than to open a blob there.
    pub fn reopen(&mut self, row: i64) -> Result<(), Error> {
        self.handle.admit()?;
        // SAFETY: the blob is open.
        self.done(unsafe { ffi::sqlite3_blob_reopen(self.raw.as_ptr(), row) })
    }

    /// Closes the blob, with which what was written may be committed.
    pub fn close(self) -> Result<(), Error> {
        self.handle.admit()?;
        let blob = ManuallyDrop::new(self);
        // SAFETY: the blob is forgotten: nobody else closes it, nor lets go of its handle.
        let (code, handle) =
            unsafe { (ffi::sqlite3_blob_close(blob.raw.as_ptr()), ptr::read(&blob.handle)) };
        handle.settle()?;
        if blob.has_told { Ok(()) } else { handle.check(code) }
    }

    fn done(&mut self, code: c_int) -> Result<(), Error> {
        let result = self.handle.check(code);
        self.has_told = result.is_err();
        self.is_void |= code & 0xff == ffi::SQLITE_ABORT;
        result
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        // SAFETY: nobody else closes it.
        unsafe { self.handle.let_go(Leftover::Blob(self.raw)) };
    }
}

/// The length and the offset of a part as SQLite takes them: no value reaches beyond.
fn part(length: usize, offset: usize) -> Result<(c_int, c_int), Error> {
    match (c_int::try_from(length), c_int::try_from(offset)) {
        (Ok(length), Ok(offset)) => Ok((length, offset)),
        _ => Err(Error::of_code(ffi::SQLITE_ERROR)),
    }
}
