//! The SQLite driver: connections, statements, stepping and callbacks, behind safe types.
//!
//! A connection and what was made from it may go from thread to thread, but only one thread at a
//! time may use them: SQLite is opened without its own mutexes. Whoever shares one owns it first.

mod backup;
mod blob;
mod callbacks;
pub mod codes;
mod complete;
mod connection;
mod constants;
mod error;
mod extension;
mod handle;
mod image;
mod leftover;
mod limit;
mod result_codes;
mod sleep;
mod statement;
mod switch;
mod table;
mod value;

pub use backup::{Backup, Copied, Database};
pub use blob::{Access, Blob, Place};
pub use callbacks::{
    Action, Aggregate, Answer, Arguments, Authorizer, Change, Collation, CommitHook, Failed, Group,
    Profiler, RollbackHook, Scalar, Signature, Traced, Tracer, UpdateHook,
};
pub use complete::is_complete;
pub use connection::{Connection, Interrupter, Opening, enable_shared_cache};
pub use constants::{ACTIONS, LIMITS, SWITCHES};
pub use error::{Code, Error};
pub use image::Image;
pub use result_codes::RESULT_CODES;
pub use sleep::around_sleep;
pub use statement::{Statement, Step};
pub use switch::Switch;
pub use table::{Column, Loader, Table, Unloaded, quoted};
pub use value::Value;

/// The version of SQLite, as its numbers and as its text.
pub fn version() -> (i32, &'static str) {
    let text = libsqlite3_sys::SQLITE_VERSION.to_str().unwrap_or_default();
    (libsqlite3_sys::SQLITE_VERSION_NUMBER, text)
}

/// What authorizers and hooks are told of, and how an authorizer forbids it.
pub mod action_codes {
    pub use libsqlite3_sys::{
        SQLITE_DENY as DENY, SQLITE_INSERT as INSERT, SQLITE_UPDATE as UPDATE,
    };
}

/// What is said of functions.
pub mod function_flags {
    pub use libsqlite3_sys::SQLITE_DETERMINISTIC as DETERMINISTIC;
}

/// How a file is opened.
pub mod open_flags {
    pub use libsqlite3_sys::{
        SQLITE_OPEN_CREATE as CREATE, SQLITE_OPEN_READONLY as READONLY,
        SQLITE_OPEN_READWRITE as READWRITE, SQLITE_OPEN_URI as URI,
    };
}
