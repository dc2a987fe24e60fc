//! What the elements of an array of NumPy's are, and how they are made of a column of a batch.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::Buffer;
use arrow_schema::DataType;
use onecross_columns::{Batch, Cell, Column, Misfit, Uniform};
use pyo3::intern;
use pyo3::prelude::*;

use super::objects::{Failure, Maker};
use super::reading::Reading;
use crate::cpython::{ColumnBuffer, fill_objects, text};

/// The type of the elements of an array.
#[derive(Clone, Copy)]
pub(super) enum Elements {
    Integers,
    /// Not-a-number stands in gaps, where they are not masked.
    Floats {
        has_gaps: bool,
    },
    Booleans,
    Days,
    Moments,
    Objects,
}

impl Elements {
    /// Those of a column of a type, where some may have to stand for no value.
    pub(super) fn of(data_type: &DataType, has_gaps: bool) -> Self {
        match data_type {
            DataType::Int64 if !has_gaps => Self::Integers,
            DataType::Int64 | DataType::Float64 => Self::Floats { has_gaps },
            DataType::Boolean if !has_gaps => Self::Booleans,
            DataType::Date32 => Self::Days,
            DataType::Timestamp(_, None) => Self::Moments,
            _ => Self::Objects,
        }
    }

    /// The type as NumPy names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Integers => "<i8",
            Self::Floats { .. } => "<f8",
            Self::Booleans => "?",
            Self::Days => "<M8[D]",
            Self::Moments => "<M8[us]",
            Self::Objects => "O",
        }
    }

    /// The array of a column, which the batch has no longer then.
    pub(super) fn array<'py>(
        self,
        numpy: &Bound<'py, PyModule>,
        reading: &Reading,
        uniform: &Uniform,
        batch: &mut Batch,
        column: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = numpy.py();
        let misfit = |misfit: Misfit| reading.misfit(py, &misfit);
        if let Self::Objects = self {
            uniform.check(column, batch).map_err(misfit)?;
            return objects(numpy, reading, batch, column);
        }
        let mut array = uniform.array(column, batch).map_err(misfit)?;
        if let (Self::Floats { .. }, DataType::Int64) = (self, array.data_type()) {
            array = Arc::new(batch.floats(column).map_err(misfit)?);
        }
        // Memory that nobody else has is handed over as it is.
        batch.columns[column] = Column::Null(batch.rows);
        let memory = self.memory(&array);
        drop(array);
        let memory = Bound::new(py, ColumnBuffer::new(memory))?;
        numpy.call_method1(intern!(py, "frombuffer"), (memory, self.name()))
    }

    fn memory(self, array: &ArrayRef) -> Buffer {
        let has_nulls = array.null_count() > 0;
        match self {
            Self::Integers => as_it_lies::<Int64Type>(array),
            Self::Floats { has_gaps: true } if has_nulls => {
                let floats = array.as_primitive::<Float64Type>().iter();
                Buffer::from_vec(floats.map(|it| it.unwrap_or(f64::NAN)).collect::<Vec<_>>())
            }
            Self::Floats { .. } => as_it_lies::<Float64Type>(array),
            Self::Booleans => {
                let values = array.as_boolean().values().iter();
                Buffer::from_vec(values.map(u8::from).collect::<Vec<_>>())
            }
            Self::Days => {
                let days = array.as_primitive::<Date32Type>().iter();
                moments(days.map(|day| day.map(i64::from)))
            }
            Self::Moments if has_nulls => {
                moments(array.as_primitive::<TimestampMicrosecondType>().iter())
            }
            Self::Moments => as_it_lies::<TimestampMicrosecondType>(array),
            Self::Objects => unreachable!("objects are made one by one"),
        }
    }
}

fn as_it_lies<T: ArrowPrimitiveType>(array: &ArrayRef) -> Buffer {
    array.as_primitive::<T>().values().inner().clone()
}

/// Not-a-time, which is the least integer, stands for no value.
fn moments(values: impl Iterator<Item = Option<i64>>) -> Buffer {
    Buffer::from_vec(values.map(|it| it.unwrap_or(i64::MIN)).collect::<Vec<_>>())
}

fn objects<'py>(
    numpy: &Bound<'py, PyModule>,
    reading: &Reading,
    batch: &Batch,
    column: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, maker) = (numpy.py(), Maker::new(numpy.py()));
    let array = numpy.call_method1(intern!(py, "empty"), (batch.rows, "O"))?;
    let values = &batch.columns[column];
    let filled = fill_objects(&array, batch.rows, |row| match values.cell(row) {
        // An array of lists would be one of more dimensions.
        Cell::Json(content) => Ok(text(py, content)?.into_any()),
        _ => maker.cell(batch, row, column),
    });
    filled.map_err(|failure: Failure| failure.told(|misfit| reading.misfit(py, misfit)))?;
    Ok(array)
}
