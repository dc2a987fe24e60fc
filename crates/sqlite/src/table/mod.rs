//! Tables that are no part of any database: rows that are elsewhere in memory, read by SQL in place.
//!
//! Reference: <https://sqlite.org/vtab.html>, "Eponymous-only virtual tables". Such a table is known
//! to its connection alone. No schema names it, so that nobody who copies, dumps or opens the
//! database sees it, no transaction begins or undoes it, and no hook is told of it.

mod ahead;
mod cursor;
mod index;
mod key;
mod loader;
mod module;
mod plan;
mod registry;

use std::ops::Range;

pub use loader::{Loader, Unloaded};
pub(crate) use registry::{Registry, remove_module};

use crate::value::Value;

/// Rows that SQL reads as those of a table.
///
/// What it answers never changes, and none of it uses the connection. Rows and columns are counted
/// from 0 here; in SQL the first row has the rowid 1.
pub trait Table: Send + Sync {
    /// The columns, of which there is one at least.
    fn columns(&self) -> &[Column];

    /// How many rows there are.
    fn rows(&self) -> usize;

    /// A value, of a row and a column that there are.
    fn value(&self, row: usize, column: usize) -> Value<'_>;

    /// Appends the values of a column in these rows. A table may know a shorter way than this one.
    fn extend<'a>(&'a self, values: &mut Vec<Value<'a>>, rows: Range<usize>, column: usize) {
        values.extend(rows.map(|row| self.value(row, column)));
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The type as CREATE TABLE would name it, from which SQLite takes the affinity; or nothing.
    pub declared: &'static str,
}

/// An identifier as it may stand in a statement.
pub fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
