//! A handler that SQLite calls every so many operations of a running statement.

use std::ffi::{c_int, c_void};
use std::ptr;

use libsqlite3_sys as ffi;

use super::{Inside, enter};
use crate::connection::Connection;
use crate::handle::Handle;

/// Told that so many operations were done; answers whether to go on.
pub(crate) type Handler = Box<dyn Fn() -> bool + Send>;

impl Connection {
    /// Installs the handler, once; it is called as often as `set_progress_interval` says.
    ///
    /// It may do anything but use the connection.
    pub fn install_progress_handler(&self, handler: Box<dyn Fn() -> bool + Send>) {
        let _ = self.handle.callbacks.progress.set(handler);
    }

    /// Has the handler called every so many operations; never, for 0.
    pub fn set_progress_interval(&self, operations: c_int) {
        let handle = ptr::from_ref::<Handle>(&self.handle).cast_mut().cast();
        // SAFETY: the handle lives until after the connection is closed.
        unsafe { ffi::sqlite3_progress_handler(self.raw(), operations, Some(call), handle) };
    }
}

/// Nonzero ends the statement.
unsafe extern "C" fn call(handle: *mut c_void) -> c_int {
    // SAFETY: the handle outlives the connection that calls this.
    let handle = unsafe { &*handle.cast::<Handle>() };
    let Some(handler) = handle.callbacks.progress.get() else { return 0 };
    c_int::from(!enter(handle, Inside::Closed("progress handler"), false, || Ok(handler())))
}
