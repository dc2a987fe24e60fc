//! Tables that are handed out as Arrow's arrays.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field};
use onecross_columns::Stored;
use onecross_sql::write::{Column, Rows};
use pyo3::prelude::*;

use super::super::errors;
use super::misfit::Stand;
use crate::cpython::{ImportedArrays, Unimported};

/// How many rows of an array are taken at once.
const MOST_ROWS: usize = 65_536;

/// Types whose values stand for something that Arrow does not know, by the names of extensions.
const REFUSED: [&str; 2] = ["POLARS_EXTENSION_TYPE", "pandas.period"];

/// A table, batch by batch.
pub(super) struct Table {
    arrays: ImportedArrays,
    batch: Vec<ArrayRef>,
    rows: usize,
    at: usize,
}

impl Table {
    /// # Errors
    ///
    /// The arrays have no columns.
    pub(super) fn new(py: Python<'_>, arrays: ImportedArrays) -> PyResult<Self> {
        let kind = arrays.field().data_type();
        if !matches!(kind, DataType::Struct(_)) {
            let message = format!(
                "one column of Arrow's type {kind} was given, and no table: give it with its name, \
                 in a dict"
            );
            return Err(errors::programming(py, &message));
        }
        Ok(Self { arrays, batch: Vec::new(), rows: 0, at: 0 })
    }

    /// The names and types of the columns.
    pub(super) fn fields(&self) -> Vec<(String, DataType)> {
        match self.arrays.field().data_type() {
            DataType::Struct(fields) => {
                let fields = fields.iter();
                fields.map(|field| (field.name().clone(), field.data_type().clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The next rows, of the columns that are wanted; `None` behind the last.
    pub(super) fn next(
        &mut self,
        py: Python<'_>,
        first: usize,
        labels: &[String],
        is_wanted: impl Fn(usize) -> bool,
    ) -> PyResult<Option<Arc<Rows>>> {
        while self.at == self.rows {
            let next = self.arrays.next(py).map_err(|why| unimported(py, None, why))?;
            let Some(array) = next else { return Ok(None) };
            let table = array.as_struct();
            if table.null_count() > 0 {
                let message = "a row of the Arrow data is null, as a whole: no table has such rows";
                return Err(errors::programming(py, message));
            }
            (self.rows, self.at) = (table.len(), 0);
            self.batch = table.columns().to_vec();
        }
        let count = MOST_ROWS.min(self.rows - self.at);
        let columns = self.batch.iter().enumerate().map(|(place, array)| {
            if !is_wanted(place) {
                return Ok(Column::Cells(onecross_sql::write::Cells::default()));
            }
            let label = labels.get(place).map_or("", String::as_str);
            if let DataType::Struct(fields) = self.arrays.field().data_type() {
                check(py, &fields[place], label)?;
            }
            stored(py, &array.slice(self.at, count), label, first)
        });
        let columns = columns.collect::<PyResult<_>>()?;
        self.at += count;
        Ok(Some(Arc::new(Rows { names: Vec::new(), columns, rows: count })))
    }
}

/// # Errors
///
/// The values of a column are only to whom they belong what they are.
pub(super) fn check(py: Python<'_>, field: &Field, column: &str) -> PyResult<()> {
    let extension = field.extension_type_name();
    let Some(name) = extension.filter(|name| REFUSED.contains(name)) else { return Ok(()) };
    let message = format!(
        "column '{column}' is of the type {name}, of whose values Arrow has numbers or addresses \
         only: make them text, or times"
    );
    Err(errors::of_column(py, &message))
}

/// The error for Arrow's data that are not taken over, of that column or of a table.
#[cold]
pub(super) fn unimported(py: Python<'_>, given: Option<&str>, why: Unimported) -> PyErr {
    let (within, why) = match why {
        Unimported::Raised(error) => return error,
        Unimported::Column(within, why) => (within, why),
    };
    let Some(column) = given.or(within.as_deref()) else {
        return errors::programming(py, &format!("what was given {why}"));
    };
    errors::of_column(py, &format!("column '{column}' {why}"))
}

/// An array as it is stored, the first value of which is in that row.
pub(super) fn stored(
    py: Python<'_>,
    array: &ArrayRef,
    column: &str,
    row: usize,
) -> PyResult<Column> {
    let stored = Stored::of(array).map_err(|why| Stand { column, row }.unstorable(py, &why))?;
    Ok(Column::Stored(stored))
}
