//! SQL by columns: the rows of SQLite's statements, appended to typed columns, and columns that its
//! statements read.

#![forbid(unsafe_code)]

mod read;
pub mod write;

pub use read::{Unread, append_row, rules_of};
