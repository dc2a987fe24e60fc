//! Columns side by side, as a table that SQL reads.

use std::ops::Range;
use std::sync::Arc;

use onecross_columns::{Stored, Value};
use onecross_sqlite as sqlite;

use super::cells::Cells;

/// A column of a table in memory.
#[derive(Clone, Debug)]
pub enum Column {
    /// An array.
    Stored(Stored),
    /// Values of any type.
    Cells(Cells),
}

impl Column {
    /// The value of a row.
    ///
    /// # Panics
    ///
    /// There is no such row.
    #[inline(always)]
    pub fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Stored(stored) => stored.value(row),
            Self::Cells(cells) => cells.value(row),
        }
    }
}

/// Columns of equal length.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// What a statement calls the columns.
    pub names: Vec<sqlite::Column>,
    /// The columns.
    pub columns: Vec<Column>,
    /// How many rows they have.
    pub rows: usize,
}

impl sqlite::Table for Rows {
    fn columns(&self) -> &[sqlite::Column] {
        &self.names
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn value(&self, row: usize, column: usize) -> sqlite::Value<'_> {
        lent(self.columns[column].value(row))
    }

    fn extend<'a>(
        &'a self,
        values: &mut Vec<sqlite::Value<'a>>,
        rows: Range<usize>,
        column: usize,
    ) {
        match &self.columns[column] {
            Column::Stored(stored) => stored.each(rows, |value| values.push(lent(value))),
            Column::Cells(cells) => values.extend(rows.map(|row| lent(cells.value(row)))),
        }
    }
}

/// The same value as the driver has it.
#[inline(always)]
pub fn lent(value: Value<'_>) -> sqlite::Value<'_> {
    match value {
        Value::Null => sqlite::Value::Null,
        Value::Integer(value) => sqlite::Value::Integer(value),
        Value::Real(value) => sqlite::Value::Real(value),
        Value::Text(text) => sqlite::Value::Text(text),
        Value::Blob(blob) => sqlite::Value::Blob(blob),
    }
}

/// Rows one behind the other, as they came.
#[derive(Debug)]
pub struct Joined {
    names: Vec<sqlite::Column>,
    parts: Vec<Rows>,
    /// How many rows are before each part, and before the end.
    starts: Vec<usize>,
}

impl Joined {
    /// Joins parts that have the same columns.
    pub fn new(names: Vec<sqlite::Column>, mut parts: Vec<Rows>) -> Self {
        parts.retain(|part| part.rows > 0);
        let mut starts = vec![0];
        starts.extend(parts.iter().scan(0, |before, part| {
            *before += part.rows;
            Some(*before)
        }));
        Self { names, parts, starts }
    }
}

impl sqlite::Table for Joined {
    fn columns(&self) -> &[sqlite::Column] {
        &self.names
    }

    fn rows(&self) -> usize {
        self.starts[self.parts.len()]
    }

    #[inline]
    fn value(&self, row: usize, column: usize) -> sqlite::Value<'_> {
        let part = match &self.parts[..] {
            [_] => 0,
            _ => self.starts.partition_point(|start| *start <= row) - 1,
        };
        lent(self.parts[part].columns[column].value(row - self.starts[part]))
    }
}

/// One row of a table.
pub struct One<T> {
    /// The table.
    pub table: Arc<T>,
    /// The row.
    pub row: usize,
}

impl<T: sqlite::Table> sqlite::Table for One<T> {
    fn columns(&self) -> &[sqlite::Column] {
        self.table.columns()
    }

    fn rows(&self) -> usize {
        1
    }

    fn value(&self, _row: usize, column: usize) -> sqlite::Value<'_> {
        self.table.value(self.row, column)
    }
}
