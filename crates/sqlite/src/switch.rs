//! What of a connection's behaviour can be turned on and off.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::constants::SWITCHES;
use crate::error::Error;

/// One of those `SQLITE_DBCONFIG_*` that are on or off.
///
/// Reference: <https://sqlite.org/c3ref/c_dbconfig_defensive.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch(c_int);

impl Switch {
    /// Knows a switch by its number. The other options take other arguments.
    pub fn new(option: c_int) -> Option<Self> {
        SWITCHES.iter().any(|(_, known)| *known == option).then_some(Self(option))
    }
}

impl Connection {
    /// Whether a switch is on.
    ///
    /// # Errors
    ///
    /// What SQLite reports.
    pub fn is_on(&self, switch: Switch) -> Result<bool, Error> {
        self.configure(switch, -1)
    }

    /// Turns a switch on or off, and tells what it is then.
    ///
    /// # Errors
    ///
    /// What SQLite reports.
    pub fn turn(&self, switch: Switch, on: bool) -> Result<bool, Error> {
        self.configure(switch, c_int::from(on))
    }

    /// Allows extensions to be loaded, by `load_extension` and from within SQL, or forbids it.
    pub fn allow_extensions(&self, allowed: bool) {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_enable_load_extension(self.raw(), c_int::from(allowed)) };
    }

    fn configure(&self, switch: Switch, value: c_int) -> Result<bool, Error> {
        let mut now: c_int = 0;
        let now_at: *mut c_int = &mut now;
        // SAFETY: the connection is open, and every switch takes an int and a place for another.
        let code = unsafe { ffi::sqlite3_db_config(self.raw(), switch.0, value, now_at) };
        if code == ffi::SQLITE_OK { Ok(now != 0) } else { Err(Error::of_code(code)) }
    }
}
