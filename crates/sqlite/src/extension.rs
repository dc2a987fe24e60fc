//! Extensions of SQLite, loaded from shared libraries.

use std::ffi::{CStr, c_char};
use std::ptr;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::Error;

impl Connection {
    /// Loads an extension, which extensions must be allowed for.
    ///
    /// The code of the library runs in this process and may do anything: whoever allows extensions
    /// answers for what is loaded. Without an entry point SQLite derives one from the path.
    ///
    /// # Errors
    ///
    /// Extensions are not allowed, there is no such library or entry point, or it reports an error.
    pub fn load_extension(&self, path: &CStr, entry_point: Option<&CStr>) -> Result<(), Error> {
        self.handle.admit()?;
        let mut message: *mut c_char = ptr::null_mut();
        // SAFETY: the connection is open, the texts are C texts; the message is set, or null.
        let code = unsafe {
            let entry_point = entry_point.map_or(ptr::null(), CStr::as_ptr);
            ffi::sqlite3_load_extension(self.raw(), path.as_ptr(), entry_point, &mut message)
        };
        let message = take(message);
        self.handle.settle()?;
        if code == ffi::SQLITE_OK {
            return Ok(());
        }
        let mut error = Error::of_code(code);
        error.message = message.unwrap_or(error.message);
        Err(error)
    }
}

/// Copies a message and frees it.
fn take(message: *mut c_char) -> Option<String> {
    if message.is_null() {
        return None;
    }
    // SAFETY: a C text of SQLite's that is ours to free.
    unsafe {
        let copy = CStr::from_ptr(message).to_string_lossy().into_owned();
        ffi::sqlite3_free(message.cast());
        Some(copy)
    }
}
