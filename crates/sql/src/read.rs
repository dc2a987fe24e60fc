//! How the rows of a statement become columns.

use onecross_columns::{Batcher, Misfit, Rule, Value};
use onecross_sqlite as sqlite;
use onecross_sqlite::Statement;

/// What the columns of a statement are declared as.
pub fn rules_of(statement: &Statement) -> Vec<Rule> {
    let declared = |column| match statement.column_declared_type(column) {
        Some(declaration) => Rule::declared(&declaration.to_string_lossy()),
        None => Rule::Infer(None),
    };
    (0..statement.count_columns()).map(declared).collect()
}

/// Why a row could not be read.
#[derive(Debug)]
pub enum Unread {
    /// A value does not fit its column.
    Misfit(Box<Misfit>),
    /// There is no memory for a value.
    NoMemory,
}

impl From<Box<Misfit>> for Unread {
    fn from(misfit: Box<Misfit>) -> Self {
        Self::Misfit(misfit)
    }
}

/// Appends the row where a statement stands; tells whether the batch is full.
///
/// # Errors
///
/// A value does not fit its column, or there is no memory for it.
#[inline(always)]
pub fn append_row(statement: &Statement, batcher: &mut Batcher) -> Result<bool, Unread> {
    batcher.push_row(|column| {
        Ok(match statement.value(column).ok_or(Unread::NoMemory)? {
            sqlite::Value::Null => Value::Null,
            sqlite::Value::Integer(integer) => Value::Integer(integer),
            sqlite::Value::Real(real) => Value::Real(real),
            sqlite::Value::Text(text) => Value::Text(text),
            sqlite::Value::Blob(blob) => Value::Blob(blob),
        })
    })
}
