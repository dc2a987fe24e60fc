//! SQL by columns: the rows of SQLite's statements, appended to typed columns.

#![forbid(unsafe_code)]

mod read;

pub use read::{Unread, append_row, rules_of};
