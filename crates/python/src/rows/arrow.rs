//! Rows as Arrow's arrays, handed over without a copy.
//!
//! Reference: "The Arrow PyCapsule Interface", <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchOptions};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{Field, Schema, SchemaRef};
use onecross_columns::{Batch, Misfit, Uniform};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::reading::{Portion, Reading};
use crate::errors::new_error;
use crate::gate::{self, Passage};

/// Columns in Arrow's layout, which whoever speaks its interface for Python takes as they are.
#[pyclass(frozen, module = "onecross", name = "ArrowStream")]
pub(crate) struct ArrowStream {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

/// All rows that are left, in as few batches as they have room in.
pub(super) fn gathered(
    py: Python<'_>,
    reading: &mut Reading,
    passage: &Passage<'_>,
) -> PyResult<Vec<Batch>> {
    let mut batches = Vec::new();
    reading.header(py)?;
    while let Some(batch) = reading.next(py, Portion::All)? {
        batches.push(batch);
        passage.pulse_idle(0).map_err(|error| *error)?;
    }
    Ok(batches)
}

/// The types that columns have in all batches: those that were fixed before, or found now.
pub(super) fn uniform(
    py: Python<'_>,
    reading: &mut Reading,
    batches: &[Batch],
) -> PyResult<Arc<Uniform>> {
    if let Some(uniform) = reading.uniform() {
        return Ok(uniform);
    }
    Ok(Arc::new(Uniform::of(&reading.header(py)?.rules, batches)))
}

/// The names and types of the columns of all rows that are left, none of which is taken.
pub(super) fn schema<'py>(
    py: Python<'py>,
    reading: &mut Reading,
) -> PyResult<Bound<'py, PyCapsule>> {
    let rules = reading.header(py)?.rules.clone();
    let known = reading.uniform();
    let batches = reading.gather(py)?;
    let uniform = known.unwrap_or_else(|| Arc::new(Uniform::of(&rules, batches)));
    capsule_of(py, &*schema_of(py, reading, &uniform)?)
}

fn schema_of(py: Python<'_>, reading: &mut Reading, uniform: &Uniform) -> PyResult<SchemaRef> {
    let names = reading.header(py)?.texts.iter().enumerate();
    let field = |(column, name)| Ok(Field::new(name, uniform.data_type(column)?, true));
    let fields = names.map(field).collect::<Result<Vec<_>, &Misfit>>();
    Ok(Arc::new(Schema::new(fields.map_err(|misfit| reading.misfit(py, misfit))?)))
}

fn capsule_of<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| failure(py, &error))?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

impl ArrowStream {
    pub(super) fn of(
        py: Python<'_>,
        reading: &mut Reading,
        passage: &Passage<'_>,
    ) -> PyResult<Self> {
        let batches = gathered(py, reading, passage)?;
        let uniform = uniform(py, reading, &batches)?;
        let schema = schema_of(py, reading, &uniform)?;
        let columns = (0..schema.fields().len()).map(|column| {
            let arrays = batches.iter().map(|batch| uniform.array(column, batch));
            let arrays = arrays.collect::<Result<Vec<_>, _>>();
            arrays.map_err(|misfit| reading.misfit(py, &misfit))
        });
        let columns = columns.collect::<PyResult<Vec<_>>>()?;
        let made = batches.iter().enumerate().map(|(place, batch)| {
            let arrays = columns.iter().map(|arrays| arrays[place].clone()).collect();
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.rows));
            let made = RecordBatch::try_new_with_options(schema.clone(), arrays, &rows);
            made.map_err(|error| failure(py, &error))
        });
        let batches = made.collect::<PyResult<_>>()?;
        Ok(Self { schema, batches })
    }

    pub(super) fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn failure(py: Python<'_>, error: &arrow_schema::ArrowError) -> PyErr {
    new_error::<PyRuntimeError>(py, &error.to_string())
}

#[pymethods]
impl ArrowStream {
    /// The columns as a stream of Arrow's C interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        slf: &Bound<'py, Self>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A schema is a wish, and who gets another casts it.
        let _ = requested_schema;
        gate::guard(|| slf.get().stream(slf.py()))
    }

    /// The names and types of the columns, of Arrow's C interface.
    fn __arrow_c_schema__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyCapsule>> {
        gate::guard(|| capsule_of(slf.py(), &slf.get().schema))
    }

    /// How many rows there are.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
