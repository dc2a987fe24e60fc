//! What is forbidden where a database or its statements are somebody else's.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::Error;
use crate::switch::Switch;

const SWITCHES: [(c_int, bool); 7] = [
    (ffi::SQLITE_DBCONFIG_DEFENSIVE, true),
    (ffi::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (ffi::SQLITE_DBCONFIG_DQS_DML, false),
    (ffi::SQLITE_DBCONFIG_DQS_DDL, false),
    (ffi::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
    (ffi::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
    (ffi::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
];

const LIMITS: [(c_int, c_int); 11] = [
    (ffi::SQLITE_LIMIT_LENGTH, 1_000_000),
    (ffi::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (ffi::SQLITE_LIMIT_COLUMN, 100),
    (ffi::SQLITE_LIMIT_EXPR_DEPTH, 10),
    (ffi::SQLITE_LIMIT_COMPOUND_SELECT, 3),
    (ffi::SQLITE_LIMIT_VDBE_OP, 25_000),
    (ffi::SQLITE_LIMIT_FUNCTION_ARG, 8),
    (ffi::SQLITE_LIMIT_ATTACHED, 0),
    (ffi::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (ffi::SQLITE_LIMIT_VARIABLE_NUMBER, 10),
    (ffi::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
];

impl Connection {
    /// Forbids what can do harm, and sets the limits that SQLite's authors advise.
    ///
    /// Reference: <https://sqlite.org/security.html>.
    ///
    /// # Errors
    ///
    /// What SQLite reports.
    pub fn harden(&self) -> Result<(), Error> {
        for (option, on) in SWITCHES {
            let switch = Switch::new(option).ok_or_else(|| Error::of_code(ffi::SQLITE_MISUSE))?;
            self.turn(switch, on)?;
        }
        for (category, limit) in LIMITS {
            self.set_limit(category, limit);
        }
        Ok(())
    }
}
