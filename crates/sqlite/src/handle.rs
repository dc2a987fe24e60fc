//! SQLite's own connection, shared by all that was made from it and closed with the last of them.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_int};
use std::panic::resume_unwind;
use std::ptr::NonNull;

use libsqlite3_sys as ffi;

use crate::callbacks::{Callbacks, Inside};
use crate::error::{Code, Error};
use crate::leftover::Leftovers;
use crate::table::Registry;

/// The connection itself, its callbacks, and what waits for SQLite to return.
pub(crate) struct Handle {
    raw: NonNull<ffi::sqlite3>,
    pub(crate) callbacks: Callbacks,
    pub(crate) inside: Cell<Inside>,
    /// Whether there is any of what follows, looked at after every step.
    has_aftermath: Cell<bool>,
    /// How many statements may have lent values of their current rows.
    pub(crate) lenders: Cell<usize>,
    failure: RefCell<Option<Failure>>,
    pub(crate) leftovers: Leftovers,
    pub(crate) tables: Registry,
    /// What SQLite let go: dropping it may run anybody's code.
    discarded: RefCell<Vec<Box<dyn Any>>>,
}

/// How a callback ended SQLite's work.
pub(crate) enum Failure {
    /// It failed: the callback of that name.
    Callback(&'static str),
    /// It panicked.
    Panic(Box<dyn Any + Send>),
}

// SAFETY: SQLite binds no connection to a thread, and who shares one owns it before its use; all
// that is counted or in cells here is used by the owner alone. What is called without owning it,
// `sqlite3_interrupt`, `sqlite3_get_autocommit` and `sqlite3_total_changes`, any thread may call.
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
            callbacks: Callbacks::default(),
            inside: Cell::new(Inside::Nothing),
            has_aftermath: Cell::new(false),
            lenders: Cell::new(0),
            failure: RefCell::new(None),
            leftovers: Leftovers::new(),
            tables: Registry::default(),
            discarded: RefCell::new(Vec::new()),
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

    /// What SQLite tells of the call that just failed without returning a code.
    #[cold]
    pub(crate) fn last_error(&self) -> Error {
        // SAFETY: the connection is open.
        self.error(unsafe { ffi::sqlite3_errcode(self.raw()) })
    }

    /// Whether the code is success, and no callback failed.
    #[inline]
    pub(crate) fn check(&self, code: c_int) -> Result<(), Error> {
        self.settle()?;
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.error(code)) }
    }

    /// Does what waited for SQLite to return, once no frame of it is left between.
    ///
    /// # Errors
    ///
    /// A callback failed, whatever SQLite itself made of it. A panic goes on.
    #[inline(always)]
    pub(crate) fn settle(&self) -> Result<(), Error> {
        if self.has_aftermath.get() { self.settle_aftermath() } else { Ok(()) }
    }

    #[cold]
    fn settle_aftermath(&self) -> Result<(), Error> {
        match self.end() {
            None => Ok(()),
            Some(Failure::Callback(name)) => Err(Error {
                code: Code(ffi::SQLITE_ABORT),
                message: format!("the {name} failed"),
                offset: None,
            }),
            Some(Failure::Panic(panic)) => resume_unwind(panic),
        }
    }

    /// The same for who has nobody to tell of a failure; whoever panics has told of it already.
    #[inline(always)]
    pub(crate) fn settle_untold(&self) {
        if self.has_aftermath.get() {
            drop(self.end());
        }
    }

    #[cold]
    fn end(&self) -> Option<Failure> {
        if matches!(self.inside.get(), Inside::Closed(_)) {
            return None;
        }
        self.has_aftermath.set(false);
        let failure = self.failure.take();
        self.free_leftovers_if_idle();
        drop(self.discarded.take());
        failure
    }

    #[inline]
    pub(crate) fn is_failing(&self) -> bool {
        self.has_aftermath.get() && self.failure.borrow().is_some()
    }

    /// Keeps the first failure until SQLite has returned.
    #[cold]
    pub(crate) fn fail(&self, failure: Failure) {
        self.has_aftermath.set(true);
        self.failure.borrow_mut().get_or_insert(failure);
    }

    /// Has what waits for SQLite to return looked for then.
    pub(crate) fn await_return(&self) {
        self.has_aftermath.set(true);
    }

    /// Drops something once SQLite has returned.
    pub(crate) fn discard(&self, discarded: Box<dyn Any>) {
        self.has_aftermath.set(true);
        self.discarded.borrow_mut().push(discarded);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.leftovers.are_foreign() {
            return;
        }
        self.free_leftovers();
        // SAFETY: nothing that was made from the connection is left, for each holds the handle.
        unsafe { ffi::sqlite3_close(self.raw()) };
    }
}
