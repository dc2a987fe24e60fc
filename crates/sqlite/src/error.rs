//! What SQLite reports when it cannot do what it was asked for.

use std::ffi::{CStr, c_int};
use std::fmt;

use libsqlite3_sys as ffi;

/// A result code of SQLite, extended by what it tells beyond its lowest byte.
///
/// Reference: <https://sqlite.org/rescode.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub c_int);

impl Code {
    /// The code without its extension.
    pub fn primary(self) -> c_int {
        self.0 & 0xff
    }

    /// What SQLite says of the code when it has nothing to say of the case.
    pub fn description(self) -> String {
        // SAFETY: returns a static text for every code.
        unsafe { CStr::from_ptr(ffi::sqlite3_errstr(self.0)) }.to_string_lossy().into_owned()
    }
}

/// What went wrong, and where in the text of the statement.
#[derive(Clone, Debug)]
pub struct Error {
    /// The extended result code.
    pub code: Code,
    /// SQLite's own message.
    pub message: String,
    /// The byte of the statement's text that the error is about, where SQLite tells it.
    pub offset: Option<usize>,
}

impl Error {
    /// An error of which only the code is known.
    #[cold]
    pub fn of_code(code: c_int) -> Self {
        let code = Code(code);
        Self { code, message: code.description(), offset: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
