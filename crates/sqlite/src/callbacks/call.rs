//! What a function in SQL is given, and how it answers.

use std::ffi::c_int;
use std::marker::PhantomData;
use std::slice;

use libsqlite3_sys as ffi;

use crate::value::Value;

/// The arguments of a function, lent while it runs.
#[derive(Clone, Copy)]
pub struct Arguments<'a>(&'a [*mut ffi::sqlite3_value]);

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// There are so many values, all SQLite's and protected, during `'a`.
    pub(super) unsafe fn new(count: c_int, values: *mut *mut ffi::sqlite3_value) -> Self {
        if count <= 0 || values.is_null() {
            return Self(&[]);
        }
        // SAFETY: as the caller promises.
        Self(unsafe { slice::from_raw_parts(values, count as usize) })
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An argument, counted from 0. `None` where memory runs out, or for one that there is not.
    pub fn get(&self, number: usize) -> Option<Value<'a>> {
        let value = *self.0.get(number)?;
        // SAFETY: SQLite changes the argument only when it is read for the first time.
        unsafe { Value::read(value) }
    }
}

/// What a function answers: NULL, until it says otherwise.
pub struct Answer<'a> {
    context: *mut ffi::sqlite3_context,
    life: PhantomData<&'a ()>,
}

impl Answer<'_> {
    /// # Safety
    ///
    /// The context is that of a function that runs during the life of the answer.
    pub(super) unsafe fn new(context: *mut ffi::sqlite3_context) -> Self {
        Self { context, life: PhantomData }
    }

    /// NULL.
    pub fn null(&mut self) {
        // SAFETY: the context is alive, here and below.
        unsafe { ffi::sqlite3_result_null(self.context) };
    }

    /// INTEGER.
    pub fn integer(&mut self, value: i64) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_int64(self.context, value) };
    }

    /// REAL; not-a-number becomes NULL.
    pub fn real(&mut self, value: f64) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_double(self.context, value) };
    }

    /// A copy of a TEXT. One larger than the limit of the connection is an error.
    pub fn text(&mut self, text: &[u8]) {
        let (data, length) = (text.as_ptr().cast(), text.len() as u64);
        let (destructor, encoding) = (ffi::SQLITE_TRANSIENT(), ffi::SQLITE_UTF8 as u8);
        // SAFETY: SQLite copies data of that length before it returns.
        unsafe { ffi::sqlite3_result_text64(self.context, data, length, destructor, encoding) };
    }

    /// A copy of a BLOB. One larger than the limit of the connection is an error.
    pub fn blob(&mut self, blob: &[u8]) {
        let (data, length) = (blob.as_ptr().cast(), blob.len() as u64);
        // SAFETY: SQLite copies data of that length before it returns.
        unsafe {
            ffi::sqlite3_result_blob64(self.context, data, length, ffi::SQLITE_TRANSIENT());
        }
    }

    /// An error that ends the statement, with its message.
    pub fn error(&mut self, message: &str) {
        let length = c_int::try_from(message.len()).unwrap_or(c_int::MAX);
        // SAFETY: SQLite copies the message, which is at least of that length.
        unsafe { ffi::sqlite3_result_error(self.context, message.as_ptr().cast(), length) };
    }

    /// The error of a value that is too big.
    pub fn too_big(&mut self) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_error_toobig(self.context) };
    }

    /// The error of memory that ran out.
    pub fn no_memory(&mut self) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_error_nomem(self.context) };
    }

    /// The error of a statement that was stopped.
    pub fn interrupted(&mut self) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_error_code(self.context, ffi::SQLITE_INTERRUPT) };
    }

    /// The error of a callback that failed, which is told once SQLite has returned.
    pub(super) fn abort(&mut self) {
        // SAFETY: the context is alive.
        unsafe { ffi::sqlite3_result_error_code(self.context, ffi::SQLITE_ABORT) };
    }
}
