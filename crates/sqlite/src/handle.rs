//! SQLite's own connection, shared by all that was made from it and closed with the last of them.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::{CStr, c_int};
use std::panic::resume_unwind;
use std::ptr::NonNull;

use libsqlite3_sys as ffi;

use crate::error::{Code, Error};
use crate::progress::Handler;

/// The connection itself, and a panic of a callback on its way through SQLite.
pub(crate) struct Handle {
    raw: NonNull<ffi::sqlite3>,
    /// Whether there may be a panic, looked at after every step.
    pub(crate) is_panicking: Cell<bool>,
    pub(crate) panic: RefCell<Option<Box<dyn Any + Send>>>,
    pub(crate) progress: OnceCell<Handler>,
}

// SAFETY: SQLite binds no connection to a thread, and who shares one owns it before its use; what
// is called without owning it, `sqlite3_interrupt`, any thread may call.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    /// # Safety
    ///
    /// The connection is open, and nobody else closes it.
    pub(crate) unsafe fn new(raw: NonNull<ffi::sqlite3>) -> Self {
        Self {
            raw,
            is_panicking: Cell::new(false),
            panic: RefCell::new(None),
            progress: OnceCell::new(),
        }
    }

    #[inline]
    pub(crate) fn raw(&self) -> *mut ffi::sqlite3 {
        self.raw.as_ptr()
    }

    /// What SQLite tells of the code it just returned.
    #[cold]
    pub(crate) fn error(&self, code: c_int) -> Error {
        // SAFETY: the connection is open; its message lives until the next call, and is copied.
        unsafe {
            let raw = self.raw();
            if code == ffi::SQLITE_MISUSE
                || ffi::sqlite3_extended_errcode(raw) & 0xff != code & 0xff
            {
                return Error::of_code(code);
            }
            let message = CStr::from_ptr(ffi::sqlite3_errmsg(raw)).to_string_lossy().into_owned();
            let offset = usize::try_from(ffi::sqlite3_error_offset(raw)).ok();
            Error { code: Code(ffi::sqlite3_extended_errcode(raw)), message, offset }
        }
    }

    /// Whether the code is success.
    #[inline]
    pub(crate) fn check(&self, code: c_int) -> Result<(), Error> {
        self.resume();
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.error(code)) }
    }

    /// Lets a panic of a callback go on, now that no frame of SQLite is left between.
    #[inline]
    pub(crate) fn resume(&self) {
        if self.is_panicking.get() {
            self.unwind();
        }
    }

    #[cold]
    fn unwind(&self) {
        self.is_panicking.set(false);
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: nothing that was made from the connection is left, for each holds the handle.
        unsafe { ffi::sqlite3_close(self.raw()) };
    }
}
