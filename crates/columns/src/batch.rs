//! Columns of equal length, and how they are filled row by row.

use crate::appender::Appender;
use crate::column::Column;
use crate::kind::{Kind, Rule};
use crate::misfit::{Misfit, Reason};
use crate::value::Value;

/// How many rows a batch holds at most, for places within a column are counted in 32 bits.
const MOST_ROWS: usize = i32::MAX as usize;

/// How many bytes of text a batch holds at most when a row is begun. No value of SQLite's is longer
/// than 2^30 bytes, and offsets within a column go to 2^31.
const MOST_BYTES: usize = 1 << 30;

/// How many bytes the text of a number has at most, such as `-2.2250738585072014e-308`.
const NUMBER: usize = 24;

/// Columns of equal length.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The columns.
    pub columns: Vec<Column>,
    /// How many rows they have, even where there are no columns.
    pub rows: usize,
    /// How many rows were before these.
    pub first_row: usize,
}

/// When a batch is full.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    rows: usize,
    bytes: usize,
}

impl Limits {
    /// So many rows, or so many bytes of texts and blobs, whichever is reached first.
    pub fn new(rows: usize, bytes: usize) -> Self {
        Self { rows: rows.min(MOST_ROWS), bytes: bytes.min(MOST_BYTES) }
    }

    /// As many rows as a batch has room for.
    pub fn none() -> Self {
        Self::new(usize::MAX, MOST_BYTES)
    }
}

/// Takes values row by row, and gives them back as batches.
#[derive(Debug)]
pub struct Batcher {
    rules: Vec<Rule>,
    /// How many bytes of a row may be numbers that become text.
    numbers: usize,
    appenders: Vec<Appender>,
    limits: Limits,
    rows: usize,
    bytes: usize,
    first_row: usize,
}

impl Batcher {
    /// One column for each rule.
    pub fn new(rules: Vec<Rule>, limits: Limits) -> Self {
        let appenders = rules.iter().copied().map(Appender::new).collect();
        let is_written =
            |rule: &&Rule| matches!(rule, Rule::Exactly(Kind::Text | Kind::Decimal | Kind::Json));
        let numbers = NUMBER * rules.iter().filter(is_written).count();
        Self { rules, numbers, appenders, limits, rows: 0, bytes: 0, first_row: 0 }
    }

    /// Ends batches elsewhere from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Appends a value to a column. Each column is given one before the row is ended.
    ///
    /// # Errors
    ///
    /// It does not fit what was asked of the column.
    ///
    /// # Panics
    ///
    /// There is no such column.
    #[inline]
    pub fn push(&mut self, column: usize, value: Value<'_>) -> Result<(), Box<Misfit>> {
        if let Value::Text(bytes) | Value::Blob(bytes) = value {
            self.bytes += bytes.len();
        }
        let pushed = self.appenders[column].push(value);
        pushed.map_err(|misfit| self.located(misfit, column))
    }

    /// Appends a row, whose values are asked for column by column.
    ///
    /// # Errors
    ///
    /// What a value cannot be had for, or that it does not fit what was asked of its column.
    #[inline(always)]
    pub fn push_row<'a, E: From<Box<Misfit>>>(
        &mut self,
        mut value: impl FnMut(usize) -> Result<Value<'a>, E>,
    ) -> Result<bool, E> {
        let mut bytes = self.bytes;
        for (column, appender) in self.appenders.iter_mut().enumerate() {
            let pushed = match value(column)? {
                Value::Null => appender.push(Value::Null),
                Value::Integer(integer) => appender.push(Value::Integer(integer)),
                Value::Real(real) => appender.push(Value::Real(real)),
                Value::Text(text) => {
                    bytes += text.len();
                    appender.push(Value::Text(text))
                }
                Value::Blob(blob) => {
                    bytes += blob.len();
                    appender.push(Value::Blob(blob))
                }
            };
            if let Err(misfit) = pushed {
                return Err(E::from(self.located(misfit, column)));
            }
        }
        self.bytes = bytes;
        Ok(self.end_row())
    }

    #[cold]
    fn located(&self, mut misfit: Box<Misfit>, column: usize) -> Box<Misfit> {
        misfit.row = self.first_row + self.rows;
        misfit.column = column;
        misfit
    }

    /// Ends a row; tells whether the batch is full.
    #[inline]
    pub fn end_row(&mut self) -> bool {
        self.rows += 1;
        self.bytes += self.numbers;
        self.rows >= self.limits.rows || self.bytes >= self.limits.bytes
    }

    /// How many rows were ended since the last batch was taken.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Takes the rows since the last batch. Of one that was begun and not ended, as where a value
    /// did not fit, nothing is left. Where a text is not UTF-8, the rows before it are taken, and
    /// those behind it are lost.
    pub fn take(&mut self) -> (Batch, Option<Box<Misfit>>) {
        let (rows, first_row) = (std::mem::take(&mut self.rows), self.first_row);
        self.first_row += rows;
        self.bytes = 0;
        let anew = self.rules.iter().copied().map(Appender::new).collect();
        let appenders = std::mem::replace(&mut self.appenders, anew);
        let misfits = appenders.iter().enumerate();
        let misfits = misfits.filter_map(|(column, it)| Some(it.first_no_text()?.of(column)));
        let first = misfits.filter(|it| it.row < rows).min_by_key(|it| it.row);
        let rows = first.as_ref().map_or(rows, |misfit| misfit.row);
        let columns = appenders.into_iter().map(|appender| appender.finish(rows)).collect();
        let misfit = first.map(|misfit| Box::new(misfit.at(first_row + rows)));
        (Batch { columns, rows, first_row }, misfit)
    }
}

impl Batch {
    /// Some of the rows.
    ///
    /// # Panics
    ///
    /// There are not so many rows.
    pub fn slice(&self, first: usize, rows: usize) -> Self {
        assert!(first + rows <= self.rows, "{rows} rows from {first} on, of {}", self.rows);
        let columns = self.columns.iter().map(|column| column.slice(first, rows)).collect();
        Self { columns, rows, first_row: self.first_row + first }
    }

    /// Tells of a value that there is no room for.
    pub fn misfit(&self, row: usize, column: usize, reason: Reason) -> Misfit {
        Misfit::new(&self.columns[column].cell(row), reason).at(self.first_row + row).of(column)
    }
}
