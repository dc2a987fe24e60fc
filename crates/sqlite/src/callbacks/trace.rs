//! Which statements run, and how long they took.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::time::Duration;

use libsqlite3_sys as ffi;

use super::{Failed, Inside, enter};
use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;
use crate::statement;

/// A statement that begins or has ended.
pub struct Traced<'a> {
    statement: *mut ffi::sqlite3_stmt,
    text: &'a CStr,
    life: PhantomData<&'a ()>,
}

impl Traced<'_> {
    /// The text as it was written; for a trigger, a comment that names it.
    pub fn text(&self) -> &CStr {
        self.text
    }

    /// The text of the statement with the values of its parameters in their places. `None` where
    /// it would be longer than the limit of the connection, or memory runs out.
    pub fn expanded_text(&self) -> Option<CString> {
        // SAFETY: the statement lives as long as what is told of it.
        unsafe { statement::expanded_text(self.statement) }
    }
}

/// Told of each statement that begins; it may use the connection.
pub type Tracer = Box<Trace>;

pub(super) type Trace = dyn Fn(&Traced<'_>) -> Result<(), Failed> + Send;

/// Told of each statement that has ended and how long it took; it must leave the connection alone.
pub type Profiler = Box<Profile>;

pub(super) type Profile = dyn Fn(&Traced<'_>, Duration) -> Result<(), Failed> + Send;

impl Connection {
    /// Replaces what is told of statements that begin, also while it runs; removes it, for `None`.
    ///
    /// # Errors
    ///
    /// None that SQLite documents.
    pub fn set_tracer(&self, tracer: Option<Tracer>) -> Result<(), Error> {
        self.handle.callbacks.trace.set(tracer);
        self.trace()
    }

    /// Replaces what is told of statements that have ended.
    ///
    /// # Errors
    ///
    /// None that SQLite documents.
    pub fn set_profiler(&self, profiler: Option<Profiler>) -> Result<(), Error> {
        self.handle.callbacks.profile.set(profiler);
        self.trace()
    }

    fn trace(&self) -> Result<(), Error> {
        let callbacks = &self.handle.callbacks;
        let trace = if callbacks.trace.is_some() { ffi::SQLITE_TRACE_STMT } else { 0 };
        let profile = if callbacks.profile.is_some() { ffi::SQLITE_TRACE_PROFILE } else { 0 };
        let handle = ptr::from_ref::<Handle>(&self.handle).cast_mut().cast();
        // SAFETY: the handle lives until after the connection is closed.
        let code =
            unsafe { ffi::sqlite3_trace_v2(self.raw(), trace | profile, Some(tell), handle) };
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.handle.error(code)) }
    }
}

/// SQLite ignores what this answers.
unsafe extern "C" fn tell(
    event: c_uint,
    handle: *mut c_void,
    statement: *mut c_void,
    detail: *mut c_void,
) -> c_int {
    // SAFETY: the handle outlives the connection that calls this.
    let handle = unsafe { &*handle.cast::<Handle>() };
    if handle.tables.is_private() {
        return 0;
    }
    let statement = statement.cast();
    match event {
        ffi::SQLITE_TRACE_STMT => enter(handle, Inside::Open("tracer"), (), || {
            let Some(trace) = handle.callbacks.trace.get() else { return Ok(()) };
            // SAFETY: the detail is the text, which lives until this returns.
            let text = unsafe { text(detail.cast()) };
            trace(&Traced { statement, text, life: PhantomData })
        }),
        ffi::SQLITE_TRACE_PROFILE => enter(handle, Inside::Closed("profiler"), (), || {
            let Some(profile) = handle.callbacks.profile.get() else { return Ok(()) };
            // SAFETY: the detail is a number of nanoseconds, and the text the statement's own.
            let (text, took) = unsafe {
                (text(ffi::sqlite3_sql(statement)), ptr::read_unaligned(detail.cast::<i64>()))
            };
            let took = Duration::from_nanos(u64::try_from(took).unwrap_or(0));
            profile(&Traced { statement, text, life: PhantomData }, took)
        }),
        _ => (),
    }
    0
}

/// # Safety
///
/// Null, or a C text during `'a`.
unsafe fn text<'a>(text: *const c_char) -> &'a CStr {
    if text.is_null() {
        return c"";
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(text) }
}
