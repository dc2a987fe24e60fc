//! A value that a column has no room for: which one, where, and why.

use std::error::Error;
use std::fmt;

use crate::kind::Kind;

/// A value that does not fit its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The column, counted from 0.
    pub column: usize,
    /// The row, counted from 0.
    pub row: usize,
    /// The value, as a message shows it.
    pub value: String,
    /// Why it does not fit.
    pub reason: Reason,
}

/// Why a value does not fit its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is none of the type that the column is declared with, or that was asked for.
    NoSuchValue(Kind),
    /// The values before it are of the first type, and it is of the second.
    OtherType(Kind, Kind),
    /// It comes after rows without a value, when the type of the column had to be known already.
    AfterNulls,
    /// It is an integer among floats that has no exact float.
    NoExactFloat,
    /// It is a text that is not UTF-8.
    NoText,
    /// Its offset from UTC is not that of the values before it.
    OtherOffset,
    /// With it the decimal numbers of the column have more than 38 digits.
    TooManyDigits,
    /// Decimal numbers before it have no room for so many digits behind the point.
    FinerScale,
    /// It is no number, but one of the special values of decimals.
    NoNumber,
    /// JSON has no such number.
    NotFinite,
    /// JSON has no bytes.
    Bytes,
    /// It is not the JSON that it is declared as.
    NoJson,
    /// There is no memory for it.
    NoMemory,
}

impl Misfit {
    /// Where it stands is filled in by who knows it.
    pub(crate) fn new(value: &impl fmt::Display, reason: Reason) -> Self {
        Self { column: 0, row: 0, value: value.to_string(), reason }
    }

    pub(crate) fn at(mut self, row: usize) -> Self {
        self.row = row;
        self
    }

    pub(crate) fn of(mut self, column: usize) -> Self {
        self.column = column;
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = &self.value;
        match self.reason {
            Reason::NoSuchValue(kind) => write!(formatter, "{value} is no {}", kind.name()),
            Reason::OtherType(kind, _) => {
                write!(formatter, "{value} stands in a column of {}", kind.name())
            }
            Reason::AfterNulls => {
                write!(formatter, "{value} stands behind rows of NULL, which tell no type")
            }
            Reason::NoExactFloat => {
                write!(formatter, "{value} stands among floats, of which none is equal to it")
            }
            Reason::NoText => write!(formatter, "{value} is not UTF-8"),
            Reason::OtherOffset => {
                write!(formatter, "{value} has another offset from UTC than the values before it")
            }
            Reason::TooManyDigits => {
                write!(formatter, "with {value} the column needs more than 38 digits")
            }
            Reason::FinerScale => {
                write!(formatter, "{value} has more digits behind the point than those before it")
            }
            Reason::NoNumber => write!(formatter, "{value} is no number"),
            Reason::NotFinite => write!(formatter, "{value} is no number of JSON"),
            Reason::Bytes => write!(formatter, "{value} has no form in JSON"),
            Reason::NoMemory => formatter.write_str("there is no memory for a value"),
            Reason::NoJson => write!(formatter, "{value} is no JSON"),
        }
    }
}

impl Error for Misfit {}
