//! Inside which callback a connection is, and whether it may be used there.

use std::ffi::{c_int, c_void};
use std::ptr::{self, NonNull};

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::{Code, Error};
use crate::handle::Handle;

/// What SQLite is calling back right now.
#[derive(Clone, Copy)]
pub(crate) enum Inside {
    /// Nothing: whoever uses the connection was not called by it.
    Nothing,
    /// What may use the connection.
    Open(&'static str),
    /// A scalar function. It may use the connection, unless SQLite calls it to prepare a statement.
    Scalar(NonNull<ffi::sqlite3_context>),
    /// What must leave the connection alone: SQLite has pointers in its hands that would dangle.
    Closed(&'static str),
}

impl Inside {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "callback",
            Self::Scalar(_) => "function",
            Self::Open(name) | Self::Closed(name) => name,
        }
    }
}

impl Connection {
    /// Whether the connection may be used where the caller is.
    ///
    /// # Errors
    ///
    /// Inside a callback that must leave its connection alone: authorizer, collation, progress
    /// handler, profiler, commit, rollback and update hook, and a deterministic function that
    /// SQLite evaluates while it prepares a statement.
    pub fn admit(&self) -> Result<(), Error> {
        self.handle.admit()
    }
}

impl Handle {
    /// Whether some callback of the connection is running.
    pub(crate) fn is_inside(&self) -> bool {
        !matches!(self.inside.get(), Inside::Nothing)
    }

    /// Whether what runs must leave the connection alone.
    pub(crate) fn is_closed(&self) -> bool {
        match self.inside.get() {
            Inside::Nothing | Inside::Open(_) => false,
            Inside::Closed(_) => true,
            Inside::Scalar(context) => {
                // SAFETY: the function of the context is running.
                let is_preparing = unsafe { is_preparing(context) };
                self.inside.set(if is_preparing {
                    Inside::Closed("function that prepares a statement")
                } else {
                    Inside::Open("function")
                });
                is_preparing
            }
        }
    }

    #[inline(always)]
    pub(crate) fn admit(&self) -> Result<(), Error> {
        if matches!(self.inside.get(), Inside::Nothing) { Ok(()) } else { self.admit_inside() }
    }

    #[cold]
    fn admit_inside(&self) -> Result<(), Error> {
        if self.is_closed() { Err(self.refusal()) } else { Ok(()) }
    }

    fn refusal(&self) -> Error {
        let name = self.inside.get().name();
        Error {
            code: Code(ffi::SQLITE_MISUSE),
            message: format!("a connection cannot be used inside its own {name}"),
            offset: None,
        }
    }
}

/// Whether SQLite calls a function while it plans a statement, and not while it runs one.
///
/// With `SQLITE_ENABLE_STAT4`, it calls deterministic functions of constants to look up how many
/// rows there may be, with its parser's tables in its hands. Then there is no statement that could
/// keep auxiliary data, and SQLite destroys at once what it is given.
///
/// # Safety
///
/// The function of the context is running.
unsafe fn is_preparing(context: NonNull<ffi::sqlite3_context>) -> bool {
    /// A key that no function of ours uses; a negative one is of the whole statement.
    const KEY: c_int = -0x6f_63;
    unsafe extern "C" fn destroy(is_destroyed: *mut c_void) {
        // SAFETY: what was given below, which outlives both calls.
        unsafe { *is_destroyed.cast::<bool>() = true };
    }
    let mut is_destroyed = false;
    let told = &raw mut is_destroyed;
    // SAFETY: the second call takes back what the first may have left.
    unsafe {
        ffi::sqlite3_set_auxdata(context.as_ptr(), KEY, told.cast(), Some(destroy));
        let is_preparing = *told;
        ffi::sqlite3_set_auxdata(context.as_ptr(), KEY, ptr::null_mut(), None);
        is_preparing
    }
}
