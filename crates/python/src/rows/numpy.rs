//! Rows as NumPy's arrays, one for each column.

use std::sync::Arc;

use arrow_buffer::Buffer;
use onecross_columns::{Batch, Cell, Uniform};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::arrow::{gathered, uniform};
use super::elements::Elements;
use super::listed::check_names;
use super::reading::Reading;
use crate::cpython::{ColumnBuffer, Text, new_dict};
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

/// All rows that are left, as a dict of arrays.
pub(super) fn arrays<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    nulls: Nulls,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyDict>> {
    check_names(py, reading)?;
    let mut columns = Columns::gathered(py, reading, nulls, passage)?;
    let arrays = new_dict(py)?;
    for column in 0..reading.header(py)?.texts.len() {
        let array = columns.array(py, reading, column)?;
        arrays.set_item(reading.header(py)?.names[column].bind(py), array)?;
    }
    Ok(arrays)
}

/// One column of all rows that are left.
pub(super) fn array<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    column: usize,
    nulls: Nulls,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    Columns::gathered(py, reading, nulls, passage)?.array(py, reading, column)
}

/// All rows that are left, column by column.
struct Columns<'py> {
    numpy: Bound<'py, PyModule>,
    batches: Vec<Batch>,
    uniform: Arc<Uniform>,
    nulls: Nulls,
}

impl<'py> Columns<'py> {
    fn gathered(
        py: Python<'py>,
        reading: &mut Reading,
        nulls: Nulls,
        passage: &Passage<'py>,
    ) -> PyResult<Self> {
        let numpy = py.import(intern!(py, "numpy"))?;
        let batches = gathered(py, reading, passage)?;
        let uniform = uniform(py, reading, &batches)?;
        Ok(Self { numpy, batches, uniform, nulls })
    }

    /// The array of a column. Its elements are of one type, which is decided before any are made.
    fn array(
        &mut self,
        py: Python<'py>,
        reading: &Reading,
        column: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let data_type = self.uniform.data_type(column);
        let data_type = data_type.map_err(|misfit| reading.misfit(py, misfit))?;
        let has_nulls = self.batches.iter().any(|batch| batch.columns[column].null_count() > 0);
        let elements = Elements::of(&data_type, has_nulls && self.nulls == Nulls::Nan);
        let is_masked = has_nulls && self.nulls == Nulls::Masked;
        let (mut parts, mut mask) = (Vec::new(), Vec::new());
        for batch in &mut self.batches {
            if is_masked {
                let values = &batch.columns[column];
                mask.extend((0..batch.rows).map(|row| u8::from(values.cell(row) == Cell::Null)));
            }
            let made = elements.array(&self.numpy, reading, &self.uniform, batch, column);
            parts.push(made?);
        }
        let array = match <[_; 1]>::try_from(parts) {
            Ok([array]) => array,
            Err(parts) if parts.is_empty() => {
                self.numpy.call_method1(intern!(py, "empty"), (0, elements.name()))?
            }
            Err(parts) => self.numpy.call_method1(intern!(py, "concatenate"), (parts,))?,
        };
        if !is_masked {
            return Ok(array);
        }
        let mask = Bound::new(py, ColumnBuffer::new(Buffer::from_vec(mask)))?;
        let mask = self.numpy.call_method1(intern!(py, "frombuffer"), (mask, "?"))?;
        let class = self.numpy.getattr(intern!(py, "ma"))?.getattr(intern!(py, "MaskedArray"))?;
        let options = new_dict(py)?;
        options.set_item(intern!(py, "mask"), mask)?;
        class.call((array,), Some(&options))
    }
}
