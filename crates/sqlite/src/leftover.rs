//! What is let go where its connection cannot be touched, freed as soon as it can.

use std::ffi::CString;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::handle::Handle;
use crate::table::remove_module;

/// Something of a connection that nobody uses any more.
pub(crate) enum Leftover {
    /// A statement, and whether it is counted among those that have lent values.
    Statement(NonNull<ffi::sqlite3_stmt>, bool),
    Blob(NonNull<ffi::sqlite3_blob>),
    /// A table that no statement reads any more.
    Module(CString),
}

/// What is left over of a connection, and whether it can be freed now.
pub(crate) struct Leftovers {
    /// Whether a thread is within SQLite, so that all others must keep away.
    is_working: AtomicBool,
    has_any: AtomicBool,
    kept: Mutex<Vec<Leftover>>,
    /// The process that opened the files. Its children share them, and must not even close them:
    /// SQLite would end the parent's transactions for it.
    process: u32,
}

// SAFETY: what is kept is freed by who owns the connection, whatever thread left it.
unsafe impl Send for Leftover {}

impl Leftovers {
    pub(crate) fn new() -> Self {
        Self {
            is_working: AtomicBool::new(false),
            has_any: AtomicBool::new(false),
            kept: Mutex::default(),
            process: std::process::id(),
        }
    }

    /// Whether this process is another than the one that opened the connection.
    pub(crate) fn are_foreign(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Handle {
    /// Frees something now, or once the connection can be touched.
    ///
    /// # Safety
    ///
    /// It is of this connection, and nobody uses it any more.
    pub(crate) unsafe fn let_go(&self, leftover: Leftover) {
        let leftovers = &self.leftovers;
        if leftovers.are_foreign() {
            return;
        }
        let is_working = leftovers.is_working.load(Ordering::Relaxed);
        let is_closed = !is_working && self.is_inside() && self.is_closed();
        if is_closed {
            self.await_return();
        }
        if is_working || is_closed {
            let mut kept = leftovers.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(leftover);
            leftovers.has_any.store(true, Ordering::Relaxed);
            return;
        }
        // SAFETY: as the caller promises; nothing else is done with the connection now.
        unsafe { self.free(leftover) };
        self.settle_untold();
    }

    /// Frees what was kept, unless that is left to who ends the work.
    #[inline]
    pub(crate) fn free_leftovers_if_idle(&self) {
        let leftovers = &self.leftovers;
        let is_working = leftovers.is_working.load(Ordering::Relaxed);
        if !is_working && leftovers.has_any.load(Ordering::Relaxed) {
            self.free_leftovers();
        }
    }

    /// Frees what was kept. Nothing must be within SQLite.
    #[cold]
    pub(crate) fn free_leftovers(&self) {
        let leftovers = &self.leftovers;
        leftovers.has_any.store(false, Ordering::Relaxed);
        let kept = {
            let mut kept = leftovers.kept.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *kept)
        };
        for leftover in kept {
            // SAFETY: whose it was has left it to us, and nothing is within SQLite.
            unsafe { self.free(leftover) };
        }
        self.settle_untold();
    }

    /// # Safety
    ///
    /// It is of this connection, nobody uses it any more, and nobody else is within the connection.
    unsafe fn free(&self, leftover: Leftover) {
        // SAFETY: as the caller promises.
        unsafe {
            match leftover {
                Leftover::Statement(statement, has_lent) => {
                    self.lenders.set(self.lenders.get() - usize::from(has_lent));
                    ffi::sqlite3_finalize(statement.as_ptr());
                }
                Leftover::Blob(blob) => {
                    ffi::sqlite3_blob_close(blob.as_ptr());
                }
                Leftover::Module(name) => remove_module(self.raw(), &name),
            }
        }
    }
}

impl Connection {
    /// Notes that the caller goes into SQLite, so that what others let go meanwhile is kept;
    /// answers what to end the work with.
    #[inline]
    pub fn begin_work(&self) -> bool {
        let is_working = &self.handle.leftovers.is_working;
        let before = is_working.load(Ordering::Relaxed);
        is_working.store(true, Ordering::Relaxed);
        before
    }

    /// Notes that the caller is back, and frees what was kept if it is the outermost.
    #[inline]
    pub fn end_work(&self, before: bool) {
        let leftovers = &self.handle.leftovers;
        leftovers.is_working.store(before, Ordering::Relaxed);
        if before || !leftovers.has_any.load(Ordering::Relaxed) {
            return;
        }
        if self.handle.is_inside() && self.handle.is_closed() {
            self.handle.await_return();
        } else {
            self.handle.free_leftovers();
        }
    }
}
