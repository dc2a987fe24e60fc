//! A prepared statement: its parameters, its steps, its columns.

use std::cell::Cell;
use std::ffi::{CStr, CString, c_int};
use std::ptr::NonNull;
use std::slice;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::{Code, Error};
use crate::handle::Handle;
use crate::leftover::Leftover;
use crate::value::Value;

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is a row to read.
    Row,
    /// The statement has run to its end.
    Done,
}

/// A statement that was prepared once and can be run any number of times.
pub struct Statement {
    raw: NonNull<ffi::sqlite3_stmt>,
    handle: Arc<Handle>,
    columns: usize,
    parameters: usize,
    is_read_only: bool,
    /// Whether a value of the current row may be in somebody's hands.
    has_lent: Cell<bool>,
}

// SAFETY: SQLite binds no statement to a thread; who uses one at a time is the caller's to see to.
unsafe impl Send for Statement {}

impl Statement {
    /// # Safety
    ///
    /// The statement was just prepared on the connection of the handle.
    pub(crate) unsafe fn new(raw: NonNull<ffi::sqlite3_stmt>, handle: Arc<Handle>) -> Self {
        // SAFETY: the statement is whole.
        let (parameters, is_read_only) = unsafe {
            let parameters = ffi::sqlite3_bind_parameter_count(raw.as_ptr());
            (parameters as usize, ffi::sqlite3_stmt_readonly(raw.as_ptr()) != 0)
        };
        let has_lent = Cell::new(false);
        let mut statement = Self { raw, handle, columns: 0, parameters, is_read_only, has_lent };
        statement.columns = statement.count_columns();
        statement
    }

    #[inline]
    pub(crate) fn raw(&self) -> *mut ffi::sqlite3_stmt {
        self.raw.as_ptr()
    }

    /// Whether it was prepared on that connection.
    #[inline]
    pub fn is_of(&self, connection: &Connection) -> bool {
        Arc::ptr_eq(&self.handle, &connection.handle)
    }

    /// How many parameters there are, the largest number of `?NNN` among them.
    #[inline]
    pub fn parameter_count(&self) -> usize {
        self.parameters
    }

    /// The name of a parameter, counted from 1, with the sign before it; `None` for a plain `?`.
    pub fn parameter_name(&self, number: usize) -> Option<&CStr> {
        // SAFETY: returns null for what is no named parameter, else a text of the statement's own.
        unsafe {
            let name = ffi::sqlite3_bind_parameter_name(self.raw(), number as c_int);
            (!name.is_null()).then(|| CStr::from_ptr(name))
        }
    }

    /// How many columns a row has; 0 where the statement returns none.
    #[inline]
    pub fn column_count(&self) -> usize {
        self.columns
    }

    /// Counts the columns anew: a change of the schema may have changed what `*` stands for.
    pub fn count_columns(&self) -> usize {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_column_count(self.raw()) as usize }
    }

    /// How often SQLite prepared it anew, as it does when the schema has changed.
    #[inline]
    pub fn preparations(&self) -> i32 {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_stmt_status(self.raw(), ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    /// The name of a column, counted from 0. `None` where memory runs out.
    pub fn column_name(&self, column: usize) -> Option<&CStr> {
        // SAFETY: null or a text that lives until the statement is prepared anew; `self` is lent.
        unsafe {
            let name = ffi::sqlite3_column_name(self.raw(), column as c_int);
            (!name.is_null()).then(|| CStr::from_ptr(name))
        }
    }

    /// The type a column was declared with, if it is a table's.
    pub fn column_declared_type(&self, column: usize) -> Option<&CStr> {
        // SAFETY: null or a text that lives until the statement is prepared anew; `self` is lent.
        unsafe {
            let name = ffi::sqlite3_column_decltype(self.raw(), column as c_int);
            (!name.is_null()).then(|| CStr::from_ptr(name))
        }
    }

    /// Whether the statement writes to no database by itself.
    #[inline]
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Whether it is EXPLAIN or EXPLAIN QUERY PLAN.
    pub fn is_explain(&self) -> bool {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_stmt_isexplain(self.raw()) != 0 }
    }

    /// Whether it was stepped and neither finished nor was reset.
    pub fn is_busy(&self) -> bool {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_stmt_busy(self.raw()) != 0 }
    }

    /// The text with the values of its parameters in their places. `None` where it would be longer
    /// than the limit of the connection, or memory runs out.
    pub fn expanded_text(&self) -> Option<CString> {
        // SAFETY: the statement is whole.
        unsafe { expanded_text(self.raw()) }
    }

    /// Binds NULL to a parameter, counted from 1.
    ///
    /// # Errors
    ///
    /// This and all that bind, with a code of which `error` tells more: there is no such parameter, the value is larger than the limit of
    /// the connection, the statement is being stepped, or memory runs out.
    #[inline]
    pub fn bind_null(&mut self, number: usize) -> Result<(), Code> {
        // SAFETY: SQLite checks the number and the state.
        self.bound(unsafe { ffi::sqlite3_bind_null(self.raw(), number as c_int) })
    }

    /// Binds an INTEGER.
    #[inline]
    pub fn bind_integer(&mut self, number: usize, value: i64) -> Result<(), Code> {
        // SAFETY: SQLite checks the number and the state.
        self.bound(unsafe { ffi::sqlite3_bind_int64(self.raw(), number as c_int, value) })
    }

    /// Binds a REAL; not-a-number becomes NULL.
    #[inline]
    pub fn bind_real(&mut self, number: usize, value: f64) -> Result<(), Code> {
        // SAFETY: SQLite checks the number and the state.
        self.bound(unsafe { ffi::sqlite3_bind_double(self.raw(), number as c_int, value) })
    }

    /// Binds a copy of a TEXT.
    pub fn bind_text(&mut self, number: usize, text: &[u8]) -> Result<(), Code> {
        // SAFETY: SQLite copies the text before it returns.
        unsafe { self.bind_text_with(number, text, ffi::SQLITE_TRANSIENT()) }
    }

    /// Binds a copy of a BLOB.
    pub fn bind_blob(&mut self, number: usize, blob: &[u8]) -> Result<(), Code> {
        // SAFETY: SQLite copies the blob before it returns.
        unsafe { self.bind_blob_with(number, blob, ffi::SQLITE_TRANSIENT()) }
    }

    /// Binds a TEXT where it lies.
    ///
    /// # Safety
    ///
    /// The text stays as it is until the statement was reset, after which it is not stepped before
    /// the parameter was bound anew or the bindings were cleared.
    #[inline]
    pub unsafe fn bind_text_in_place(&mut self, number: usize, text: &[u8]) -> Result<(), Code> {
        // SAFETY: as the caller promises.
        unsafe { self.bind_text_with(number, text, ffi::SQLITE_STATIC()) }
    }

    /// Binds a BLOB where it lies.
    ///
    /// # Safety
    ///
    /// The blob stays as it is until the statement was reset, after which it is not stepped before
    /// the parameter was bound anew or the bindings were cleared.
    #[inline]
    pub unsafe fn bind_blob_in_place(&mut self, number: usize, blob: &[u8]) -> Result<(), Code> {
        // SAFETY: as the caller promises.
        unsafe { self.bind_blob_with(number, blob, ffi::SQLITE_STATIC()) }
    }

    /// # Safety
    ///
    /// The text lives as long as the destructor says.
    #[inline]
    unsafe fn bind_text_with(
        &mut self,
        number: usize,
        text: &[u8],
        destructor: ffi::sqlite3_destructor_type,
    ) -> Result<(), Code> {
        let (data, length) = (text.as_ptr().cast(), text.len() as u64);
        let encoding = ffi::SQLITE_UTF8 as u8;
        // SAFETY: the data are of that length, and SQLite checks the number and the state.
        self.bound(unsafe {
            let number = number as c_int;
            ffi::sqlite3_bind_text64(self.raw(), number, data, length, destructor, encoding)
        })
    }

    /// # Safety
    ///
    /// The blob lives as long as the destructor says.
    #[inline]
    unsafe fn bind_blob_with(
        &mut self,
        number: usize,
        blob: &[u8],
        destructor: ffi::sqlite3_destructor_type,
    ) -> Result<(), Code> {
        let number = number as c_int;
        // SAFETY: the data are of that length, and SQLite checks the number and the state. An empty
        // slice has an address that is not null, so that it is an empty blob and no NULL.
        self.bound(unsafe {
            let (data, length) = (blob.as_ptr().cast(), blob.len() as u64);
            ffi::sqlite3_bind_blob64(self.raw(), number, data, length, destructor)
        })
    }

    #[inline]
    fn bound(&self, code: c_int) -> Result<(), Code> {
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(Code(code)) }
    }

    /// All that SQLite tells of the code that the last call of a method failed with.
    #[cold]
    pub fn error(&self, code: Code) -> Error {
        self.handle.error(code.0)
    }

    /// Binds NULL to all parameters.
    pub fn clear_bindings(&mut self) {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_clear_bindings(self.raw()) };
    }

    /// Runs to the next row, or to the end.
    ///
    /// # Errors
    ///
    /// What SQLite reports; a callback failed; or the connection cannot be used here. The statement
    /// should be reset then.
    ///
    /// # Panics
    ///
    /// Where a callback did.
    #[inline(always)]
    pub fn step(&mut self) -> Result<Step, Box<Error>> {
        self.handle.admit().map_err(Box::new)?;
        self.take_values_back();
        // SAFETY: the statement is whole.
        let code = unsafe { ffi::sqlite3_step(self.raw()) };
        self.handle.settle().map_err(Box::new)?;
        match code {
            ffi::SQLITE_ROW => Ok(Step::Row),
            ffi::SQLITE_DONE => Ok(Step::Done),
            code => Err(self.failure(code)),
        }
    }

    #[cold]
    fn failure(&self, code: c_int) -> Box<Error> {
        Box::new(self.handle.error(code))
    }

    /// Makes it ready to be run anew.
    ///
    /// # Errors
    ///
    /// What the last step failed with, once more. Of a statement that is given up at a row, what
    /// fails as it ends: outside of a transaction, what it has written is committed then.
    #[inline(always)]
    pub fn reset(&mut self) -> Result<(), Box<Error>> {
        self.take_values_back();
        // SAFETY: the statement is whole.
        let code = unsafe { ffi::sqlite3_reset(self.raw()) };
        let outcome = if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.failure(code)) };
        self.handle.settle_untold();
        outcome
    }

    /// A value of the current row. `None` where memory runs out.
    ///
    /// The value lives until the statement is stepped or reset, for which it must be lent anew.
    #[inline]
    pub fn value(&self, column: usize) -> Option<Value<'_>> {
        self.lend_values();
        // SAFETY: SQLite gives a NULL for a column that there is not. The statement can be neither
        // stepped nor reset during the life of the value, and each value is read once per row, so
        // that no conversion moves what was lent before.
        unsafe { Value::read(ffi::sqlite3_column_value(self.raw(), column as c_int)) }
    }

    /// A value of the current row as SQLite writes it in a text; a BLOB as it is. `None` for NULL,
    /// for what is empty, and where memory runs out.
    pub fn written(&mut self, column: usize) -> Option<&[u8]> {
        self.lend_values();
        let column = column as c_int;
        // SAFETY: the value is converted where it lies, so that what was lent of it before must be
        // gone, as it is when `self` is lent anew. Its length is asked for afterwards.
        unsafe {
            let data = ffi::sqlite3_column_blob(self.raw(), column);
            if data.is_null() {
                return None;
            }
            let length = ffi::sqlite3_column_bytes(self.raw(), column) as usize;
            Some(slice::from_raw_parts(data.cast(), length))
        }
    }

    #[inline(always)]
    fn lend_values(&self) {
        if !self.has_lent.replace(true) {
            self.handle.lenders.set(self.handle.lenders.get() + 1);
        }
    }

    /// Notes that nobody has a value of the current row any more: the statement is lent alone.
    #[inline(always)]
    pub fn take_values_back(&mut self) {
        if self.has_lent.replace(false) {
            self.handle.lenders.set(self.handle.lenders.get() - 1);
        }
    }

    /// How many columns the current row has; 0 when there is none.
    #[inline]
    pub fn data_count(&self) -> usize {
        // SAFETY: the statement is whole.
        unsafe { ffi::sqlite3_data_count(self.raw()) as usize }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: nobody else finalizes it.
        unsafe { self.handle.let_go(Leftover::Statement(self.raw, self.has_lent.get())) };
    }
}

/// The text of a statement with the values of its parameters in their places.
///
/// # Safety
///
/// The statement is whole.
pub(crate) unsafe fn expanded_text(statement: *mut ffi::sqlite3_stmt) -> Option<CString> {
    // SAFETY: null or a text that is ours to free, and is copied before.
    unsafe {
        let text = ffi::sqlite3_expanded_sql(statement);
        if text.is_null() {
            return None;
        }
        let copy = CStr::from_ptr(text).to_owned();
        ffi::sqlite3_free(text.cast());
        Some(copy)
    }
}
