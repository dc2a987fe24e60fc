//! Functions in SQL that answer one value for each row.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::{self, NonNull};
use std::rc::Rc;

use libsqlite3_sys as ffi;

use super::call::{Answer, Arguments};
use super::{Inside, enter};
use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;

/// A function that answers one value for the arguments of one row.
///
/// It may use the connection, but neither step nor reset the statement that calls it.
pub type Scalar = Box<dyn Fn(Arguments<'_>, &mut Answer<'_>) + Send>;

/// How a function is called.
#[derive(Clone, Copy)]
pub struct Signature<'a> {
    /// Its name, in UTF-8, of at most 255 bytes.
    pub name: &'a CStr,
    /// How many arguments it takes; any number of them, for -1.
    pub arguments: c_int,
    /// `SQLITE_DETERMINISTIC`, `SQLITE_DIRECTONLY`, `SQLITE_INNOCUOUS`, together or none.
    pub flags: c_int,
}

impl Signature<'_> {
    pub(super) fn flags(&self) -> c_int {
        self.flags | ffi::SQLITE_UTF8
    }
}

/// What SQLite keeps of a function.
pub(super) struct Registered<F: ?Sized> {
    pub(super) handle: *const Handle,
    pub(super) function: Rc<F>,
}

impl Connection {
    /// Makes a function, or replaces the one of that name and number of arguments.
    ///
    /// # Errors
    ///
    /// This and all that make or remove functions: SQLite refuses the name or the number of
    /// arguments; a function would be replaced while statements run; the connection cannot be used
    /// here; or memory runs out.
    pub fn create_scalar(&self, signature: &Signature<'_>, function: Scalar) -> Result<(), Error> {
        self.handle.admit()?;
        type Function = dyn Fn(Arguments<'_>, &mut Answer<'_>) + Send;
        let registered = Registered::<Function> {
            handle: ptr::from_ref(&*self.handle),
            function: Rc::from(function),
        };
        // SAFETY: SQLite owns what is registered from here on, and destroys it in every case.
        let code = unsafe {
            ffi::sqlite3_create_function_v2(
                self.raw(),
                signature.name.as_ptr(),
                signature.arguments,
                signature.flags(),
                Box::into_raw(Box::new(registered)).cast(),
                Some(call),
                None,
                None,
                Some(destroy::<Function>),
            )
        };
        self.handle.check(code)
    }

    /// Removes the function of that name and number of arguments, if there is one.
    pub fn remove_function(&self, signature: &Signature<'_>) -> Result<(), Error> {
        self.handle.admit()?;
        // SAFETY: the connection is open, and the name is a C text.
        let code = unsafe {
            ffi::sqlite3_create_function_v2(
                self.raw(),
                signature.name.as_ptr(),
                signature.arguments,
                signature.flags(),
                ptr::null_mut(),
                None,
                None,
                None,
                None,
            )
        };
        self.handle.check(code)
    }
}

/// Hands what SQLite no longer needs to the handle, which drops it once SQLite has returned.
pub(super) unsafe extern "C" fn destroy<F: ?Sized + 'static>(registered: *mut c_void) {
    // SAFETY: what was registered, of which SQLite lets go once.
    let registered = unsafe { Box::from_raw(registered.cast::<Registered<F>>()) };
    // SAFETY: the handle outlives the connection that calls this.
    unsafe { &*registered.handle }.discard(Box::new(registered.function));
}

unsafe extern "C" fn call(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    type Function = dyn Fn(Arguments<'_>, &mut Answer<'_>) + Send;
    // SAFETY: SQLite calls this with the context, the arguments and what was registered for it; the
    // function is counted, so that it lives even where it is replaced.
    let (handle, function, arguments, mut answer) = unsafe {
        let registered = ffi::sqlite3_user_data(context).cast::<Registered<Function>>();
        let function = Rc::clone(&(*registered).function);
        let arguments = Arguments::new(count, values);
        (&*(*registered).handle, function, arguments, Answer::new(context))
    };
    let inside = NonNull::new(context).map_or(Inside::Closed("function"), Inside::Scalar);
    enter(handle, inside, (), || {
        function(arguments, &mut answer);
        drop(function);
        Ok(())
    });
    if handle.is_failing() {
        answer.abort();
    }
}
