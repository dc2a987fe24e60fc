//! Whether what a statement would do is allowed, asked while it is prepared.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use libsqlite3_sys as ffi;

use super::{Failed, Inside, enter};
use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;

/// What a statement would do.
///
/// Reference: <https://sqlite.org/c3ref/c_alter_table.html>.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    /// One of SQLite's action codes.
    pub code: c_int,
    /// What the code says of it: the name of a table, say.
    pub first: Option<&'a CStr>,
    /// What the code says of it: the name of a column, say.
    pub second: Option<&'a CStr>,
    /// The name of the database.
    pub database: Option<&'a CStr>,
    /// The innermost trigger or view that would do it.
    pub source: Option<&'a CStr>,
}

/// Answers `SQLITE_OK`, `SQLITE_DENY` or `SQLITE_IGNORE`; it must leave the connection alone.
pub type Authorizer = Box<Function>;

pub(super) type Function = dyn Fn(&Action<'_>) -> Result<c_int, Failed> + Send;

impl Connection {
    /// Replaces the authorizer, also while it runs; removes it, for `None`.
    ///
    /// # Errors
    ///
    /// None that SQLite documents.
    pub fn set_authorizer(&self, authorizer: Option<Authorizer>) -> Result<(), Error> {
        self.handle.callbacks.authorizer.set(authorizer);
        self.install_authorizer()
    }

    /// Has every statement prepared anew before it is run again. Those that run go on.
    ///
    /// SQLite does so for each authorizer that is set, be it the same.
    pub(crate) fn expire_statements(&self) {
        // It cannot fail.
        drop(self.install_authorizer());
    }

    fn install_authorizer(&self) -> Result<(), Error> {
        // What was replaced may have set another one as it was dropped.
        let call =
            if self.handle.callbacks.authorizer.is_some() { Some(authorize as _) } else { None };
        let handle = ptr::from_ref::<Handle>(&self.handle).cast_mut().cast();
        // SAFETY: the handle lives until after the connection is closed.
        let code = unsafe { ffi::sqlite3_set_authorizer(self.raw(), call, handle) };
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.handle.error(code)) }
    }
}

unsafe extern "C" fn authorize(
    handle: *mut c_void,
    code: c_int,
    first: *const c_char,
    second: *const c_char,
    database: *const c_char,
    source: *const c_char,
) -> c_int {
    // SAFETY: the handle outlives the connection that calls this; each text is null or lives until
    // this returns.
    let (handle, action) = unsafe {
        let action = Action {
            code,
            first: text(first),
            second: text(second),
            database: text(database),
            source: text(source),
        };
        (&*handle.cast::<Handle>(), action)
    };
    if handle.tables.allows(action.code, action.first) {
        return ffi::SQLITE_OK;
    }
    enter(handle, Inside::Closed("authorizer"), ffi::SQLITE_DENY, || {
        handle.callbacks.authorizer.get().map_or(Ok(ffi::SQLITE_OK), |authorize| authorize(&action))
    })
}

/// # Safety
///
/// Null, or a C text during `'a`.
unsafe fn text<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: as the caller promises.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}
