//! Where a statement is in a table.

use std::sync::Arc;

use super::Table;
use super::index::{Found, Lookup};
use super::key::{Number, whole};
use super::plan::{Plan, Way};
use crate::value::Value;

/// The rows that are left to a statement, the current one first.
pub(super) struct Cursor {
    pub(super) table: Arc<dyn Table>,
    rows: Rows,
}

enum Rows {
    Ascending { next: usize, end: usize },
    Descending { left: usize, start: usize },
    Chain { column: usize, row: Option<u32> },
}

impl Cursor {
    pub(super) fn new(table: Arc<dyn Table>) -> Self {
        Self { table, rows: Rows::Ascending { next: 0, end: 0 } }
    }

    /// Begins anew with the rows of a plan, for these values.
    pub(super) fn filter(&mut self, plan: Plan, values: &[Value<'_>], lookups: &[Lookup]) {
        let count = self.table.rows();
        let all = (0, count);
        let (start, end) = match plan.way {
            Way::Row => match values.first().map(|value| rowid(*value)) {
                Some(Rowid::Number(rowid)) => {
                    let row = usize::try_from(rowid).ok().and_then(|rowid| rowid.checked_sub(1));
                    row.filter(|row| *row < count).map_or((0, 0), |row| (row, row + 1))
                }
                Some(Rowid::None) => (0, 0),
                Some(Rowid::Unclear) | None => all,
            },
            Way::Range { has_lower, has_upper } => {
                let mut values = values.iter();
                let lower = if has_lower { values.next().and_then(lower) } else { None };
                let upper = if has_upper { values.next().and_then(upper) } else { None };
                let row = |rowid: i64| usize::try_from(rowid.saturating_sub(1)).unwrap_or(0);
                let start = lower.map_or(0, row).min(count);
                let end = upper.map_or(count, |rowid| row(rowid.saturating_add(1)));
                (start, end.clamp(start, count))
            }
            Way::Equal(column) => {
                let value = values.first().copied().unwrap_or(Value::Null);
                let found = lookups
                    .get(column)
                    .map_or(Found::Anywhere, |lookup| lookup.find(&*self.table, column, value));
                match found {
                    Found::Nowhere => (0, 0),
                    Found::Anywhere => all,
                    Found::Chain(row) => {
                        self.rows = Rows::Chain { column, row: Some(row) };
                        return;
                    }
                }
            }
        };
        self.rows = if plan.descends {
            Rows::Descending { left: end, start }
        } else {
            Rows::Ascending { next: start, end }
        };
    }

    /// The current row; `None` behind the last one.
    #[inline]
    pub(super) fn row(&self) -> Option<usize> {
        match self.rows {
            Rows::Ascending { next, end } => (next < end).then_some(next),
            Rows::Descending { left, start } => (left > start).then(|| left - 1),
            Rows::Chain { row, .. } => row.map(|row| row as usize),
        }
    }

    /// Goes on to the next row.
    #[inline]
    pub(super) fn advance(&mut self, lookups: &[Lookup]) {
        match &mut self.rows {
            Rows::Ascending { next, .. } => *next += 1,
            Rows::Descending { left, .. } => *left -= 1,
            Rows::Chain { column, row } => {
                *row = row.and_then(|row| lookups.get(*column)?.next(row));
            }
        }
    }
}

enum Rowid {
    Number(i64),
    None,
    Unclear,
}

/// The rowid that a value is equal to.
fn rowid(value: Value<'_>) -> Rowid {
    match value {
        Value::Integer(value) => Rowid::Number(value),
        Value::Real(value) => whole(value).map_or(Rowid::None, Rowid::Number),
        Value::Text(text) => match Number::of(text) {
            Number::Integer(value) => Rowid::Number(value),
            Number::Real(value) => whole(value).map_or(Rowid::None, Rowid::Number),
            Number::None => Rowid::None,
            Number::Unclear => Rowid::Unclear,
        },
        Value::Null | Value::Blob(_) => Rowid::None,
    }
}

/// A rowid that no row below is to be looked for; none, where SQLite may tell better.
fn lower(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Integer(value) => Some(*value),
        Value::Real(value) => Some(value.floor() as i64),
        _ => None,
    }
}

/// A rowid that no row above is to be looked for.
fn upper(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Integer(value) => Some(*value),
        Value::Real(value) => Some(value.ceil() as i64),
        _ => None,
    }
}
