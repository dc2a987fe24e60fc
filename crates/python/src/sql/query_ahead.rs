//! Queries whose rows one thread reads, and another takes without waiting for the connection.

use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::query;
use super::read_ahead::check_open;
use super::strict_cursor::StrictCursor;
use crate::cpython::ready;
use crate::gate;
use crate::rows::Rows;

/// Rows that are awaited one by one: what was read ahead at once, the rest by `_next_row`.
#[pyclass(frozen, subclass, module = "onecross._core")]
pub(crate) struct AwaitedQuery {
    cursor: Py<StrictCursor>,
    rows: Py<Rows>,
}

#[pymethods]
impl AwaitedQuery {
    #[new]
    #[pyo3(signature = (cursor, rows, /, *_arguments, **_options))]
    fn new(
        cursor: Py<StrictCursor>,
        rows: Py<Rows>,
        _arguments: &Bound<'_, PyTuple>,
        _options: Option<&Bound<'_, PyDict>>,
    ) -> Self {
        Self { cursor, rows }
    }

    fn __aiter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        gate::guard(|| {
            slf.get().rows.bind(slf.py()).get().check_left(slf.py())?;
            Ok(slf)
        })
    }

    fn __anext__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        gate::guard(|| {
            check_open(this.cursor.bind(py).as_super().get(), py)?;
            match this.rows.bind(py).get().row_at_hand(py)? {
                Some(row) => ready(row.into_any()),
                None => slf.call_method0(intern!(py, "_next_row")),
            }
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.cursor)?;
        visit.call(&self.rows)
    }
}

/// The rows of the statement that a cursor is to run next.
#[pyfunction]
#[pyo3(signature = (cursor, types, /))]
pub(crate) fn coming_rows<'py>(
    cursor: &Bound<'py, StrictCursor>,
    types: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, Rows>> {
    gate::guard(|| query::of_run(cursor.as_super(), None, types, None))
}

/// The rows of a cursor that were not fetched; behind them, what ended its statement is raised.
#[pyfunction]
#[pyo3(signature = (cursor, types, failure, /))]
pub(crate) fn remaining_rows<'py>(
    cursor: &Bound<'py, StrictCursor>,
    types: Option<&Bound<'py, PyAny>>,
    failure: Option<Bound<'py, PyBaseException>>,
) -> PyResult<Bound<'py, Rows>> {
    gate::guard(|| {
        let cursor = cursor.as_super();
        check_open(cursor.get(), cursor.py())?;
        let run = Some(cursor.get().run(cursor.py()));
        query::of_run(cursor, run, types, failure)
    })
}

/// Reads so many rows, or as many as are read ahead, unless some are at hand.
#[pyfunction]
#[pyo3(signature = (rows, most, /))]
pub(crate) fn read_query_ahead(rows: &Bound<'_, Rows>, most: Option<usize>) -> PyResult<()> {
    gate::guard(|| rows.get().read_ahead(rows.py(), most))
}

/// Whether the next row was read, or it is known that there is none.
#[pyfunction]
#[pyo3(signature = (rows, /))]
pub(crate) fn is_query_at_hand(rows: &Bound<'_, Rows>) -> PyResult<bool> {
    gate::guard(|| rows.get().is_at_hand(rows.py()))
}

/// Whether all rows were read, so that nobody need wait for what is left.
#[pyfunction]
#[pyo3(signature = (rows, /))]
pub(crate) fn is_query_read(rows: &Bound<'_, Rows>) -> PyResult<bool> {
    gate::guard(|| rows.get().is_read(rows.py()))
}
