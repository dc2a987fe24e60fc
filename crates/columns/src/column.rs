//! A column, and what stands in one of its rows.

use std::fmt;

use arrow_array::{
    Array, BinaryArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};

use crate::kind::Kind;
use crate::mixed::Mixed;
use crate::moment::{Zone, date_text, timestamp_text};
use crate::value::Value;

/// Values of one type in Arrow's layout, or of several types where a row may hold any of them.
#[derive(Clone, Debug)]
pub enum Column {
    /// So many rows without a value.
    Null(usize),
    /// Integers.
    Integer(Int64Array),
    /// Floats.
    Real(Float64Array),
    /// Texts.
    Text(StringArray),
    /// Bytes.
    Blob(BinaryArray),
    /// True and false.
    Boolean(BooleanArray),
    /// Days since 1970-01-01.
    Date(Date32Array),
    /// Microseconds since 1970-01-01, and what they are relative to.
    Timestamp(TimestampMicrosecondArray, Zone),
    /// The same, where that is not one for all of them.
    Moments(TimestampMicrosecondArray, Vec<Zone>),
    /// The texts of decimal numbers, each with the digits it has.
    Decimal(StringArray),
    /// Texts that are JSON.
    Json(StringArray),
    /// Values of several types.
    Mixed(Box<Mixed>),
}

/// What stands in a row of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// An integer.
    Integer(i64),
    /// A float.
    Real(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// True or false.
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01, and what they are relative to.
    Timestamp(i64, Zone),
    /// The text of a decimal number.
    Decimal(&'a str),
    /// A text that is JSON.
    Json(&'a str),
}

impl Column {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Integer(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Text(values) | Self::Decimal(values) | Self::Json(values) => values.len(),
            Self::Blob(values) => values.len(),
            Self::Boolean(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Timestamp(values, _) | Self::Moments(values, _) => values.len(),
            Self::Mixed(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the values, if it is one.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Null(_) | Self::Mixed(_) => None,
            Self::Integer(_) => Some(Kind::Integer),
            Self::Real(_) => Some(Kind::Real),
            Self::Text(_) => Some(Kind::Text),
            Self::Blob(_) => Some(Kind::Blob),
            Self::Boolean(_) => Some(Kind::Boolean),
            Self::Date(_) => Some(Kind::Date),
            Self::Timestamp(..) | Self::Moments(..) => Some(Kind::Timestamp),
            Self::Decimal(_) => Some(Kind::Decimal),
            Self::Json(_) => Some(Kind::Json),
        }
    }

    /// What stands in a row.
    ///
    /// # Panics
    ///
    /// There is no such row.
    #[inline]
    pub fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Null(rows) => {
                assert!(row < *rows, "row {row} of {rows}");
                Cell::Null
            }
            Self::Integer(values) => value(values, row, |it| Cell::Integer(it.value(row))),
            Self::Real(values) => value(values, row, |it| Cell::Real(it.value(row))),
            Self::Text(values) => value(values, row, |it| Cell::Text(it.value(row))),
            Self::Blob(values) => value(values, row, |it| Cell::Blob(it.value(row))),
            Self::Boolean(values) => value(values, row, |it| Cell::Boolean(it.value(row))),
            Self::Date(values) => value(values, row, |it| Cell::Date(it.value(row))),
            Self::Timestamp(values, zone) => {
                value(values, row, |it| Cell::Timestamp(it.value(row), *zone))
            }
            Self::Moments(values, zones) => {
                value(values, row, |it| Cell::Timestamp(it.value(row), zones[row]))
            }
            Self::Decimal(values) => value(values, row, |it| Cell::Decimal(it.value(row))),
            Self::Json(values) => value(values, row, |it| Cell::Json(it.value(row))),
            Self::Mixed(values) => values.cell(row),
        }
    }
}

impl Column {
    /// How many rows have no value.
    pub fn null_count(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Integer(values) => values.null_count(),
            Self::Real(values) => values.null_count(),
            Self::Text(values) | Self::Decimal(values) | Self::Json(values) => values.null_count(),
            Self::Blob(values) => values.null_count(),
            Self::Boolean(values) => values.null_count(),
            Self::Date(values) => values.null_count(),
            Self::Timestamp(values, _) | Self::Moments(values, _) => values.null_count(),
            Self::Mixed(values) => values.null_count(),
        }
    }

    /// Some of the rows, as if there were no others. Only values of several types are copied, for
    /// these may be of one.
    ///
    /// # Panics
    ///
    /// There are not so many rows.
    pub fn slice(&self, first: usize, rows: usize) -> Self {
        let slice = match self {
            Self::Null(_) => Self::Null(rows),
            Self::Integer(values) => Self::Integer(values.slice(first, rows)),
            Self::Real(values) => Self::Real(values.slice(first, rows)),
            Self::Text(values) => Self::Text(values.slice(first, rows)),
            Self::Blob(values) => Self::Blob(values.slice(first, rows)),
            Self::Boolean(values) => Self::Boolean(values.slice(first, rows)),
            Self::Date(values) => Self::Date(values.slice(first, rows)),
            Self::Timestamp(values, zone) => Self::Timestamp(values.slice(first, rows), *zone),
            Self::Moments(values, zones) => {
                moments(values.slice(first, rows), zones[first..first + rows].to_vec())
            }
            Self::Decimal(values) => Self::Decimal(values.slice(first, rows)),
            Self::Json(values) => Self::Json(values.slice(first, rows)),
            Self::Mixed(values) => values.slice(first, rows),
        };
        if slice.null_count() == rows { Self::Null(rows) } else { slice }
    }
}

/// Times that may be relative to different zones, or else to one.
pub(crate) fn moments(values: TimestampMicrosecondArray, zones: Vec<Zone>) -> Column {
    let mut known = (0..values.len()).filter(|row| values.is_valid(*row)).map(|row| zones[row]);
    let zone = known.next().unwrap_or_default();
    if known.all(|other| other == zone) {
        Column::Timestamp(values, zone)
    } else {
        Column::Moments(values, zones)
    }
}

impl<'a> Cell<'a> {
    /// The type of the value, if there is one.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            Self::Null => None,
            Self::Integer(_) => Some(Kind::Integer),
            Self::Real(_) => Some(Kind::Real),
            Self::Text(_) => Some(Kind::Text),
            Self::Blob(_) => Some(Kind::Blob),
            Self::Boolean(_) => Some(Kind::Boolean),
            Self::Date(_) => Some(Kind::Date),
            Self::Timestamp(..) => Some(Kind::Timestamp),
            Self::Decimal(_) => Some(Kind::Decimal),
            Self::Json(_) => Some(Kind::Json),
        }
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Null => Value::Null.fmt(formatter),
            Self::Integer(integer) => Value::Integer(integer).fmt(formatter),
            Self::Boolean(value) => Value::Integer(value.into()).fmt(formatter),
            Self::Real(real) => Value::Real(real).fmt(formatter),
            Self::Date(days) => Value::Text(date_text(days).as_bytes()).fmt(formatter),
            Self::Timestamp(micros, zone) => {
                Value::Text(timestamp_text(micros, zone, ' ').as_bytes()).fmt(formatter)
            }
            Self::Text(text) | Self::Decimal(text) | Self::Json(text) => {
                Value::Text(text.as_bytes()).fmt(formatter)
            }
            Self::Blob(bytes) => Value::Blob(bytes).fmt(formatter),
        }
    }
}

#[inline]
fn value<'a, A: Array>(values: &'a A, row: usize, get: impl FnOnce(&'a A) -> Cell<'a>) -> Cell<'a> {
    if values.nulls().is_some_and(|nulls| nulls.is_null(row)) { Cell::Null } else { get(values) }
}
