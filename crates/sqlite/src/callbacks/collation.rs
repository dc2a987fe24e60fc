//! Orders of text that SQL can name.

use std::cmp::Ordering;
use std::ffi::{CStr, c_int, c_void};
use std::ptr;
use std::rc::Rc;
use std::slice;

use libsqlite3_sys as ffi;

use super::scalar::{Registered, destroy};
use super::{Failed, Inside, enter};
use crate::connection::Connection;
use crate::error::Error;

/// Orders two texts, which are UTF-8 as far as whoever stored them kept to that.
///
/// It must leave the connection alone, and be a total order: indexes are built on it.
pub type Collation = Box<Function>;

type Function = dyn Fn(&[u8], &[u8]) -> Result<Ordering, Failed> + Send;

impl Connection {
    /// Makes a collation, or replaces the one of that name.
    ///
    /// # Errors
    ///
    /// A collation would be replaced while statements run; the connection cannot be used here; or
    /// memory runs out.
    pub fn create_collation(&self, name: &CStr, collation: Collation) -> Result<(), Error> {
        self.handle.admit()?;
        let registered = Box::into_raw(Box::new(Registered::<Function> {
            handle: ptr::from_ref(&*self.handle),
            function: Rc::from(collation),
        }));
        // SAFETY: SQLite owns what is registered, unless it refuses it.
        let code = unsafe {
            ffi::sqlite3_create_collation_v2(
                self.raw(),
                name.as_ptr(),
                ffi::SQLITE_UTF8,
                registered.cast(),
                Some(compare),
                Some(destroy::<Function>),
            )
        };
        if code != ffi::SQLITE_OK {
            // SAFETY: other than with functions, SQLite leaves this to us.
            unsafe { destroy::<Function>(registered.cast()) };
        }
        self.handle.check(code)
    }

    /// Removes the collation of that name, if there is one.
    ///
    /// # Errors
    ///
    /// As `create_collation`.
    pub fn remove_collation(&self, name: &CStr) -> Result<(), Error> {
        self.handle.admit()?;
        // SAFETY: the connection is open, and the name is a C text.
        let code = unsafe {
            let encoding = ffi::SQLITE_UTF8;
            let (context, compare, destroy) = (ptr::null_mut(), None, None);
            let name = name.as_ptr();
            ffi::sqlite3_create_collation_v2(self.raw(), name, encoding, context, compare, destroy)
        };
        self.handle.check(code)
    }
}

/// There is no answer that ends SQLite's work: after a failure, all texts are equal until it does.
unsafe extern "C" fn compare(
    registered: *mut c_void,
    left_length: c_int,
    left: *const c_void,
    right_length: c_int,
    right: *const c_void,
) -> c_int {
    // SAFETY: SQLite gives what was registered, and two texts that live until this returns; the
    // collation is counted, so that it lives even where it is replaced.
    let (handle, function, left, right) = unsafe {
        let registered = registered.cast::<Registered<Function>>();
        let function = Rc::clone(&(*registered).function);
        let left = text(left, left_length);
        (&*(*registered).handle, function, left, text(right, right_length))
    };
    let order = enter(handle, Inside::Closed("collation"), Ordering::Equal, || {
        let order = function(left, right);
        drop(function);
        order
    });
    order as c_int
}

/// # Safety
///
/// There is a text of that length during `'a`.
unsafe fn text<'a>(data: *const c_void, length: c_int) -> &'a [u8] {
    if data.is_null() || length <= 0 {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts(data.cast(), length as usize) }
}
