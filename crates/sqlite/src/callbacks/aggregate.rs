//! Functions in SQL that answer one value for many rows, as aggregates and over windows.

use std::ffi::c_int;
use std::ptr;
use std::rc::Rc;

use libsqlite3_sys as ffi;

use super::call::{Answer, Arguments};
use super::scalar::{Registered, Signature, destroy};
use super::{Inside, enter};
use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;

/// A function over many rows.
///
/// It and its groups may use the connection, but neither step nor reset the statement that calls.
pub trait Aggregate: Send {
    /// Begins a group. `None` where that fails and the answer is an error.
    fn begin(&self, answer: &mut Answer<'_>) -> Option<Box<dyn Group>>;

    /// Answers for a group that never began, as of no row at all.
    fn empty(&self, answer: &mut Answer<'_>);
}

/// The rows over which the function is taken, so far.
pub trait Group: Send {
    /// Adds a row.
    fn step(&mut self, arguments: Arguments<'_>, answer: &mut Answer<'_>);

    /// Removes the row that was added first, of a window that moves on.
    fn inverse(&mut self, arguments: Arguments<'_>, answer: &mut Answer<'_>);

    /// Answers for a window as it is.
    fn value(&mut self, answer: &mut Answer<'_>);

    /// Answers for the group, which ends; also when the statement is given up.
    fn finish(&mut self, answer: &mut Answer<'_>);
}

type Function = dyn Aggregate;

impl Connection {
    /// Makes an aggregate function, or replaces the function of that name and number of arguments.
    ///
    /// # Errors
    ///
    /// As `create_scalar`.
    pub fn create_aggregate(
        &self,
        signature: &Signature<'_>,
        function: Box<dyn Aggregate>,
    ) -> Result<(), Error> {
        self.handle.admit()?;
        // SAFETY: SQLite owns what is registered from here on, and destroys it in every case.
        let code = unsafe {
            ffi::sqlite3_create_function_v2(
                self.raw(),
                signature.name.as_ptr(),
                signature.arguments,
                signature.flags(),
                self.registered(function).cast(),
                None,
                Some(step),
                Some(finish),
                Some(destroy::<Function>),
            )
        };
        self.handle.check(code)
    }

    /// Makes a function that is also taken over windows.
    ///
    /// # Errors
    ///
    /// As `create_scalar`.
    pub fn create_window(
        &self,
        signature: &Signature<'_>,
        function: Box<dyn Aggregate>,
    ) -> Result<(), Error> {
        self.handle.admit()?;
        // SAFETY: SQLite owns what is registered from here on, and destroys it in every case.
        let code = unsafe {
            ffi::sqlite3_create_window_function(
                self.raw(),
                signature.name.as_ptr(),
                signature.arguments,
                signature.flags(),
                self.registered(function).cast(),
                Some(step),
                Some(finish),
                Some(value),
                Some(inverse),
                Some(destroy::<Function>),
            )
        };
        self.handle.check(code)
    }

    fn registered(&self, function: Box<dyn Aggregate>) -> *mut Registered<Function> {
        let handle: *const Handle = ptr::from_ref(&*self.handle);
        Box::into_raw(Box::new(Registered { handle, function: Rc::from(function) }))
    }
}

/// A call of SQLite's for a group.
struct Call<'a> {
    handle: &'a Handle,
    function: Rc<Function>,
    answer: Answer<'a>,
    /// Where SQLite keeps the group; null where it keeps none.
    place: *mut *mut Box<dyn Group>,
}

impl Call<'_> {
    /// # Safety
    ///
    /// The context is that of a function made above, and the call ends before SQLite's does.
    unsafe fn new(context: *mut ffi::sqlite3_context, begins: bool) -> Self {
        let size = if begins { size_of::<*mut Box<dyn Group>>() as c_int } else { 0 };
        // SAFETY: SQLite gives what was registered, and memory that is zero at first.
        unsafe {
            let registered = ffi::sqlite3_user_data(context).cast::<Registered<Function>>();
            Self {
                handle: &*(*registered).handle,
                function: Rc::clone(&(*registered).function),
                answer: Answer::new(context),
                place: ffi::sqlite3_aggregate_context(context, size).cast(),
            }
        }
    }

    /// Has the group do something; one that there is not yet begins.
    ///
    /// # Safety
    ///
    /// As for `new`. The group is used by nobody else: SQLite makes one call for it at a time.
    unsafe fn enter(self, work: impl FnOnce(&mut Box<dyn Group>, &mut Answer<'_>)) {
        let Self { handle, function, mut answer, place } = self;
        if place.is_null() {
            return answer.no_memory();
        }
        enter(handle, Inside::Open("function"), (), || {
            // SAFETY: the memory is SQLite's, for the group alone, which only `finish` takes away.
            let group = unsafe {
                if (*place).is_null()
                    && let Some(group) = function.begin(&mut answer)
                {
                    *place = Box::into_raw(Box::new(group));
                }
                (*place).as_mut()
            };
            if let Some(group) = group {
                work(group, &mut answer);
            }
            drop(function);
            Ok(())
        });
        if handle.is_failing() {
            answer.abort();
        }
    }
}

unsafe extern "C" fn step(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite calls this for a function made above, and the arguments live until it returns.
    unsafe {
        let arguments = Arguments::new(count, values);
        Call::new(context, true).enter(|group, answer| group.step(arguments, answer));
    }
}

unsafe extern "C" fn inverse(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as in `step`.
    unsafe {
        let arguments = Arguments::new(count, values);
        Call::new(context, true).enter(|group, answer| group.inverse(arguments, answer));
    }
}

/// The first window may be empty, so that there is no group yet.
unsafe extern "C" fn value(context: *mut ffi::sqlite3_context) {
    // SAFETY: SQLite calls this for a function made above.
    unsafe { Call::new(context, true).enter(|group, answer| group.value(answer)) };
}

unsafe extern "C" fn finish(context: *mut ffi::sqlite3_context) {
    // SAFETY: SQLite calls this for a function made above, last of all calls for the group.
    unsafe {
        let Call { handle, function, mut answer, place } = Call::new(context, false);
        let group = if place.is_null() { ptr::null_mut() } else { place.replace(ptr::null_mut()) };
        let group = (!group.is_null()).then(|| Box::from_raw(group));
        if handle.is_failing() {
            handle.discard(Box::new((function, group)));
            return;
        }
        enter(handle, Inside::Open("function"), (), || {
            match group {
                Some(mut group) => group.finish(&mut answer),
                None => function.empty(&mut answer),
            }
            drop(function);
            Ok(())
        });
        if handle.is_failing() {
            answer.abort();
        }
    }
}
