//! Columns that are given one beside the other: NumPy's arrays, lists, Arrow's arrays.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Date32Array, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};
use onecross_sql::write::{Cells, Column, Rows};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::super::errors;
use super::arrays::stored;
use super::misfit::Stand;
use super::value::append;
use crate::cpython::NumberBuffer;

/// How many rows are taken at once.
const MOST_ROWS: usize = 8_192;

/// A column.
pub(super) enum Given {
    /// Numbers, of which those are missing that the mask names.
    Numbers(NumberBuffer, Option<NumberBuffer>),
    /// Numbers that count units of time since 1970-01-01. The least of them is no time.
    Times(NumberBuffer, Option<NumberBuffer>, Unit),
    /// Objects.
    Values(Py<PyList>),
    /// Arrays of a type one behind the other.
    Arrays(DataType, Vec<ArrayRef>, Used),
}

/// The first array that is not used up, and how much of it is.
#[derive(Clone, Copy, Default)]
pub(super) struct Used {
    part: usize,
    rows: usize,
}

/// What times are counted in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Of(TimeUnit),
}

impl Unit {
    /// The unit that NumPy calls so.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "D" => Self::Day,
            "s" => Self::Of(TimeUnit::Second),
            "ms" => Self::Of(TimeUnit::Millisecond),
            "us" => Self::Of(TimeUnit::Microsecond),
            "ns" => Self::Of(TimeUnit::Nanosecond),
            _ => return None,
        })
    }

    /// Arrow's array of such times; `None` where a day is none of Arrow's.
    fn array(self, values: ScalarBuffer<i64>, nulls: Option<NullBuffer>) -> Option<ArrayRef> {
        Some(match self {
            Self::Day => {
                let days = values.iter().enumerate().map(|(place, day)| {
                    let is_missing = nulls.as_ref().is_some_and(|nulls| nulls.is_null(place));
                    if is_missing { Some(0) } else { i32::try_from(*day).ok() }
                });
                let days: ScalarBuffer<i32> = days.collect::<Option<Vec<_>>>()?.into();
                Arc::new(Date32Array::new(days, nulls))
            }
            Self::Of(TimeUnit::Second) => Arc::new(TimestampSecondArray::new(values, nulls)),
            Self::Of(TimeUnit::Millisecond) => {
                Arc::new(TimestampMillisecondArray::new(values, nulls))
            }
            Self::Of(TimeUnit::Microsecond) => {
                Arc::new(TimestampMicrosecondArray::new(values, nulls))
            }
            Self::Of(TimeUnit::Nanosecond) => {
                Arc::new(TimestampNanosecondArray::new(values, nulls))
            }
        })
    }
}

/// Columns of equal length.
#[derive(Default)]
pub(super) struct Columns {
    given: Vec<Given>,
    rows: usize,
    at: usize,
}

impl Given {
    fn len(&self, py: Python<'_>) -> usize {
        match self {
            Self::Numbers(numbers, _) | Self::Times(numbers, ..) => numbers.len(),
            Self::Values(values) => values.bind(py).len(),
            Self::Arrays(_, arrays, _) => arrays.iter().map(|array| array.len()).sum(),
        }
    }

    /// How many rows can be taken at once.
    fn ready(&self, most: usize) -> usize {
        match self {
            Self::Arrays(_, arrays, used) => {
                arrays.get(used.part).map_or(most, |array| most.min(array.len() - used.rows))
            }
            _ => most,
        }
    }

    /// The type for CREATE TABLE, where it is known without a look at the values.
    pub(super) fn data_type(&self, py: Python<'_>) -> Option<DataType> {
        match self {
            Self::Numbers(numbers, _) => Some(numbers.copy(py, 0, 0, None).data_type().clone()),
            Self::Times(_, _, Unit::Day) => Some(DataType::Date32),
            Self::Times(_, _, Unit::Of(unit)) => Some(DataType::Timestamp(*unit, None)),
            Self::Values(_) => None,
            Self::Arrays(data_type, ..) => Some(data_type.clone()),
        }
    }

    fn take(
        &mut self,
        py: Python<'_>,
        start: usize,
        count: usize,
        column: &str,
    ) -> PyResult<Column> {
        match self {
            Self::Numbers(numbers, mask) => {
                let nulls = unmasked(py, mask.as_ref(), start, count).map(NullBuffer::new);
                stored(py, &numbers.copy(py, start, count, nulls), column, start)
            }
            Self::Times(numbers, mask, unit) => {
                let values = numbers.integers(py, start, count).unwrap_or_default();
                let mut present = BooleanBuffer::from_iter(values.iter().map(|it| *it != i64::MIN));
                if let Some(unmasked) = unmasked(py, mask.as_ref(), start, count) {
                    present = &present & &unmasked;
                }
                let Some(array) = unit.array(values, Some(NullBuffer::new(present))) else {
                    let message = format!("column '{column}' has a day that is none of 1 to 9999");
                    return Err(errors::of_column(py, &message));
                };
                stored(py, &array, column, start)
            }
            Self::Values(values) => {
                let values = values.bind(py);
                let mut cells = Cells::default();
                for row in start..start + count {
                    let item = values.get_item(row)?;
                    let appended = append(&mut cells, &item);
                    appended.map_err(|why| Stand { column, row }.refused(&item, why))?;
                }
                Ok(Column::Cells(cells))
            }
            Self::Arrays(_, arrays, used) => {
                let taken = arrays[used.part].slice(used.rows, count);
                used.rows += count;
                if used.rows == arrays[used.part].len() {
                    *used = Used { part: used.part + 1, rows: 0 };
                }
                stored(py, &taken, column, start)
            }
        }
    }
}

/// Which are not masked.
fn unmasked(
    py: Python<'_>,
    mask: Option<&NumberBuffer>,
    start: usize,
    count: usize,
) -> Option<BooleanBuffer> {
    mask.and_then(|mask| mask.flags(py, start, count)).map(|flags| !&flags)
}

impl Columns {
    /// Adds a column.
    ///
    /// # Errors
    ///
    /// It is longer or shorter than those before it.
    pub(super) fn add(
        &mut self,
        py: Python<'_>,
        mut given: Given,
        labels: &[String],
    ) -> PyResult<()> {
        if let Given::Arrays(_, arrays, _) = &mut given {
            arrays.retain(|array| !array.is_empty());
        }
        let rows = given.len(py);
        if !self.given.is_empty() && rows != self.rows {
            let (first, this) = (&labels[0], &labels[self.given.len()]);
            let message = format!(
                "column '{this}' has {rows} values, and column '{first}' has {}",
                self.rows
            );
            return Err(errors::programming(py, &message));
        }
        self.rows = rows;
        self.given.push(given);
        Ok(())
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn given(&self) -> &[Given] {
        &self.given
    }

    /// The next rows, of the columns that are wanted; `None` behind the last.
    pub(super) fn next(
        &mut self,
        py: Python<'_>,
        labels: &[String],
        is_wanted: impl Fn(usize) -> bool,
    ) -> PyResult<Option<Arc<Rows>>> {
        let count = (self.given.iter()).fold(MOST_ROWS, |most, given| given.ready(most));
        let count = count.min(self.rows - self.at);
        if count == 0 {
            return Ok(None);
        }
        let mut columns = Vec::with_capacity(self.given.len());
        for (place, given) in self.given.iter_mut().enumerate() {
            let is_read = is_wanted(place) || matches!(given, Given::Arrays(..));
            columns.push(if is_read {
                given.take(py, self.at, count, &labels[place])?
            } else {
                Column::Cells(Cells::default())
            });
        }
        self.at += count;
        Ok(Some(Arc::new(Rows { names: Vec::new(), columns, rows: count })))
    }
}
