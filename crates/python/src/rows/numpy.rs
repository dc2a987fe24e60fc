//! Rows as NumPy's arrays, one for each column.

use arrow_array::{Array, BooleanArray};
use arrow_buffer::Buffer;
use onecross_columns::{Batch, Cell, Column, Kind, Reason, Rule, Zone, exact_float};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::arrow::{gathered, uniform};
use super::listed::check_names;
use super::objects::{Failure, Maker};
use super::reading::Reading;
use crate::cpython::{ColumnBuffer, Text, fill_objects, new_dict, text};
use crate::errors::new_error;
use crate::gate::Passage;

/// What stands for NULL.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Nulls {
    /// A masked element.
    Masked,
    /// Not-a-number, not-a-time or None.
    Nan,
}

impl Nulls {
    pub(super) fn of(py: Python<'_>, name: Option<&Bound<'_, PyString>>) -> PyResult<Self> {
        let Some(name) = name else { return Ok(Self::Masked) };
        match Text::of(name).to_lossy().as_str() {
            "masked" => Ok(Self::Masked),
            "nan" => Ok(Self::Nan),
            other => {
                let message = format!("nulls must be 'masked' or 'nan', not '{other}'");
                Err(new_error::<PyValueError>(py, &message))
            }
        }
    }
}

/// What an array is made of: memory and the type of its elements, or objects.
enum Elements<'py> {
    Memory(Buffer, &'static str),
    Objects(Bound<'py, PyAny>),
}

/// All rows that are left, as a dict of arrays.
pub(super) fn arrays<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    nulls: Nulls,
    only: Option<usize>,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyDict>> {
    if only.is_none() {
        check_names(py, reading)?;
    }
    let numpy = py.import(intern!(py, "numpy"))?;
    let mut batches = gathered(py, reading, passage)?;
    let columns = reading.header(py)?.texts.len();
    let uniform = uniform(py, reading, &batches)?;
    let arrays = new_dict(py)?;
    for column in (0..columns).filter(|column| only.is_none_or(|only| only == *column)) {
        let is_mixed = reading.header(py)?.rules[column] == Rule::Any;
        let is_masked =
            nulls == Nulls::Masked && batches.iter().any(|batch| has_nulls(&batch.columns[column]));
        let mut parts = Vec::new();
        for batch in &mut batches {
            let checked = if is_mixed { Ok(()) } else { uniform.array(column, batch).map(drop) };
            checked.map_err(|misfit| reading.misfit(py, &misfit))?;
            let plan = Plan { py, reading, batch, column, nulls, kind: uniform.kind(column) };
            parts.push(plan.array(&numpy)?);
        }
        let array = match <[_; 1]>::try_from(parts) {
            Ok([array]) => array,
            Err(parts) if parts.is_empty() => {
                let kind = element_type(uniform.kind(column));
                numpy.call_method1(intern!(py, "empty"), (0, kind))?
            }
            Err(parts) => {
                let masked = numpy.getattr(intern!(py, "ma"))?;
                let name = intern!(py, "concatenate");
                if is_masked {
                    masked.call_method1(name, (parts,))?
                } else {
                    numpy.call_method1(name, (parts,))?
                }
            }
        };
        arrays.set_item(reading.header(py)?.names[column].bind(py), array)?;
    }
    Ok(arrays)
}

/// The type of elements that a column of a type has, as NumPy names it.
fn element_type(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Integer) => "<i8",
        Some(Kind::Real) => "<f8",
        Some(Kind::Boolean) => "?",
        Some(Kind::Date) => "<M8[D]",
        Some(Kind::Timestamp) => "<M8[us]",
        _ => "O",
    }
}

/// How the array of one column of a batch is made.
struct Plan<'a, 'py> {
    py: Python<'py>,
    reading: &'a Reading,
    batch: &'a mut Batch,
    column: usize,
    nulls: Nulls,
    /// The type that the column has in all batches.
    kind: Option<Kind>,
}

impl<'py> Plan<'_, 'py> {
    fn array(mut self, numpy: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyAny>> {
        let (py, mask) = (self.py, self.mask());
        let array = match self.elements(numpy)? {
            Elements::Memory(buffer, kind) => {
                let memory = Bound::new(py, ColumnBuffer::new(buffer))?;
                numpy.call_method1(intern!(py, "frombuffer"), (memory, kind))?
            }
            Elements::Objects(array) => array,
        };
        let Some(mask) = mask else { return Ok(array) };
        let mask = Bound::new(py, ColumnBuffer::new(Buffer::from_vec(mask)))?;
        let mask = numpy.call_method1(intern!(py, "frombuffer"), (mask, "?"))?;
        let class = numpy.getattr(intern!(py, "ma"))?.getattr(intern!(py, "MaskedArray"))?;
        let options = new_dict(py)?;
        options.set_item(intern!(py, "mask"), mask)?;
        class.call((array,), Some(&options))
    }

    /// Which rows have no value, if that is to be told.
    fn mask(&self) -> Option<Vec<u8>> {
        let column = &self.batch.columns[self.column];
        let is_masked = self.nulls == Nulls::Masked && has_nulls(column);
        let mask = (0..column.len()).map(|row| u8::from(column.cell(row) == Cell::Null));
        is_masked.then(|| mask.collect())
    }

    /// Whether integers are to be floats.
    fn is_real(&self) -> bool {
        self.kind == Some(Kind::Real)
    }

    fn elements(&mut self, numpy: &Bound<'py, PyModule>) -> PyResult<Elements<'py>> {
        if let Some(kind) = self.lies_as() {
            return Ok(Elements::Memory(self.take_memory(), kind));
        }
        let column = &self.batch.columns[self.column];
        let has_gaps = self.nulls == Nulls::Nan && has_nulls(column);
        Ok(match column {
            Column::Null(rows) => self.nothing(numpy, *rows)?,
            Column::Integer(_) | Column::Real(_) => self.floats()?,
            Column::Mixed(_) if self.is_real() => self.floats()?,
            Column::Boolean(values) if !has_gaps => Elements::Memory(bytes(values), "?"),
            Column::Date(_) => self.moments("<M8[D]", |cell| match cell {
                Cell::Date(days) => days.into(),
                _ => i64::MIN,
            }),
            Column::Timestamp(_, zone) if !matches!(zone, Zone::Offset(_)) => {
                self.moments("<M8[us]", |cell| match cell {
                    Cell::Timestamp(micros, _) => micros,
                    _ => i64::MIN,
                })
            }
            column => Elements::Objects(self.objects(numpy, column)?),
        })
    }

    /// The type of the elements, if they are what NumPy has, as they lie.
    fn lies_as(&self) -> Option<&'static str> {
        let column = &self.batch.columns[self.column];
        let has_gaps = self.nulls == Nulls::Nan && has_nulls(column);
        match column {
            Column::Integer(_) if !has_gaps && !self.is_real() => Some("<i8"),
            Column::Real(_) if !has_gaps => Some("<f8"),
            Column::Timestamp(_, Zone::Local) if !has_nulls(column) => Some("<M8[us]"),
            _ => None,
        }
    }

    /// The memory of the column, which the batch has no longer: nobody else has it then.
    fn take_memory(&mut self) -> Buffer {
        let column = &mut self.batch.columns[self.column];
        let rows = column.len();
        match std::mem::replace(column, Column::Null(rows)) {
            Column::Integer(values) => values.into_parts().1.into_inner(),
            Column::Real(values) => values.into_parts().1.into_inner(),
            Column::Timestamp(values, _) => values.into_parts().1.into_inner(),
            _ => unreachable!("only numbers lie as NumPy has them"),
        }
    }

    /// So many rows without a value, of the type that the column has elsewhere.
    fn nothing(&self, numpy: &Bound<'py, PyModule>, rows: usize) -> PyResult<Elements<'py>> {
        Ok(match self.kind {
            Some(Kind::Integer | Kind::Real) if self.nulls == Nulls::Nan => self.floats()?,
            Some(Kind::Boolean) if self.nulls == Nulls::Masked => {
                Elements::Memory(Buffer::from_vec(vec![0_u8; rows]), "?")
            }
            Some(Kind::Date | Kind::Timestamp) => {
                self.moments(element_type(self.kind), |_| i64::MIN)
            }
            Some(Kind::Integer | Kind::Real) => {
                Elements::Memory(Buffer::from_vec(vec![0_i64; rows]), element_type(self.kind))
            }
            _ => Elements::Objects(self.objects(numpy, &self.batch.columns[self.column])?),
        })
    }

    fn moments(&self, kind: &'static str, of: impl Fn(Cell<'_>) -> i64) -> Elements<'py> {
        let column = &self.batch.columns[self.column];
        let values: Vec<i64> = (0..column.len()).map(|row| of(column.cell(row))).collect();
        Elements::Memory(Buffer::from_vec(values), kind)
    }

    /// Numbers as floats, and not-a-number where there is none.
    fn floats(&self) -> PyResult<Elements<'py>> {
        let column = &self.batch.columns[self.column];
        let floats = (0..column.len()).map(|row| match column.cell(row) {
            Cell::Real(real) => Ok(real),
            Cell::Integer(integer) => exact_float(integer).ok_or_else(|| {
                let reason = Reason::NoExactFloat;
                let misfit = self.batch.misfit(row, self.column, reason);
                self.reading.misfit(self.py, &misfit)
            }),
            _ => Ok(f64::NAN),
        });
        let floats = floats.collect::<PyResult<Vec<f64>>>()?;
        Ok(Elements::Memory(Buffer::from_vec(floats), "<f8"))
    }

    fn objects(
        &self,
        numpy: &Bound<'py, PyModule>,
        column: &Column,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, maker) = (self.py, Maker::new(self.py));
        let array = numpy.call_method1(intern!(py, "empty"), (column.len(), "O"))?;
        let filled = fill_objects(&array, column.len(), |row| match column.cell(row) {
            // An array of lists would be one of more dimensions.
            Cell::Json(content) => Ok(text(py, content)?.into_any()),
            _ => maker.cell(self.batch, row, self.column),
        });
        filled
            .map_err(|failure: Failure| failure.told(|misfit| self.reading.misfit(py, misfit)))?;
        Ok(array)
    }
}

fn has_nulls(column: &Column) -> bool {
    match column {
        Column::Null(rows) => *rows > 0,
        Column::Integer(values) => values.null_count() > 0,
        Column::Real(values) => values.null_count() > 0,
        Column::Text(values) | Column::Decimal(values) | Column::Json(values) => {
            values.null_count() > 0
        }
        Column::Blob(values) => values.null_count() > 0,
        Column::Boolean(values) => values.null_count() > 0,
        Column::Date(values) => values.null_count() > 0,
        Column::Timestamp(values, _) => values.null_count() > 0,
        Column::Mixed(_) => (0..column.len()).any(|row| column.cell(row) == Cell::Null),
    }
}

fn bytes(values: &BooleanArray) -> Buffer {
    Buffer::from_vec(values.values().iter().map(u8::from).collect::<Vec<u8>>())
}
