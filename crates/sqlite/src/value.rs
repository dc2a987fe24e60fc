//! A value as SQLite stores it.

use std::slice;

use libsqlite3_sys as ffi;

/// A value that SQLite lends until the statement moves on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT: UTF-8 as far as whoever stored it kept to that.
    Text(&'a [u8]),
    /// BLOB.
    Blob(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Reads a value without changing what it is. `None` where memory runs out.
    ///
    /// # Safety
    ///
    /// The value is SQLite's, protected, and neither changed nor freed during `'a`.
    #[inline]
    pub(crate) unsafe fn read(value: *mut ffi::sqlite3_value) -> Option<Self> {
        // SAFETY: as the caller promises. The text is asked for before its length, as SQLite
        // demands, for it may be converted to UTF-8 then.
        unsafe {
            Some(match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Self::Integer(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => Self::Real(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_TEXT => {
                    let data = ffi::sqlite3_value_text(value);
                    if data.is_null() {
                        return None;
                    }
                    Self::Text(slice::from_raw_parts(data, length(value)))
                }
                ffi::SQLITE_BLOB => {
                    let data = ffi::sqlite3_value_blob(value);
                    let length = length(value);
                    match (data.is_null(), length) {
                        (true, 0) => Self::Blob(&[]),
                        (true, _) => return None,
                        (false, _) => Self::Blob(slice::from_raw_parts(data.cast(), length)),
                    }
                }
                _ => Self::Null,
            })
        }
    }
}

/// # Safety
///
/// The value is SQLite's, and its content was just asked for.
#[inline]
unsafe fn length(value: *mut ffi::sqlite3_value) -> usize {
    // SAFETY: as the caller promises. SQLite never returns a negative length.
    unsafe { ffi::sqlite3_value_bytes(value) as usize }
}
