//! Whether a text ends where a statement ends.

use std::ffi::CStr;

use libsqlite3_sys as ffi;

/// Whether the text ends with the semicolon of a statement: one within a trigger, a comment or a
/// string is none. That the statement is right is not said.
///
/// Reference: <https://sqlite.org/c3ref/complete.html>.
pub fn is_complete(text: &CStr) -> bool {
    // SAFETY: a C text, which is only read.
    unsafe { ffi::sqlite3_complete(text.as_ptr()) == 1 }
}
