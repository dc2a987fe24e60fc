//! Rows that one thread reads, and another takes without waiting for the connection.

use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::cursor::{Cursor, unusable};
use super::fetch;
use super::strict_cursor::StrictCursor;
use crate::cpython::{append, new_list};
use crate::gate;

/// How long rows are read, as long as there is one.
const LONGEST: Duration = Duration::from_millis(1);

/// How many rows are read between two looks at the clock, once as many have come quickly.
const STRIDE: usize = 16;

/// Reads so many rows, or those that come quickly; tells whether there may be more.
fn read_ahead(cursor: &Bound<'_, Cursor>, most: usize) -> PyResult<bool> {
    let (py, this) = (cursor.py(), cursor.get());
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let begun = Instant::now();
    for read in 0..most {
        if read > 0 && (read < STRIDE || read.is_multiple_of(STRIDE)) && begun.elapsed() >= LONGEST
        {
            break;
        }
        let Some(prepared) = this.take_running(py, &session) else { break };
        let row = fetch::take_row(cursor, connection, &session, prepared)?;
        this.state.get(py).waiting.borrow_mut().push_back(row.unbind());
    }
    Ok(this.state.get(py).running.borrow().is_some())
}

/// # Errors
///
/// The cursor or its connection is closed.
fn check_open(cursor: &Cursor, py: Python<'_>) -> PyResult<()> {
    let state = cursor.state.get(py);
    match &*state.connection.borrow() {
        Some(connection) if !state.is_closed.get() => connection.get().check_open(py),
        connection => Err(unusable(py, connection.is_some())),
    }
}

/// The next of the rows that were read, so many or as many as there are.
fn take<'py>(cursor: &Bound<'py, Cursor>, most: usize) -> PyResult<Bound<'py, PyList>> {
    let py = cursor.py();
    check_open(cursor.get(), py)?;
    let rows = new_list(py, 0);
    for taken in 0..most {
        let Some(row) = cursor.get().take_waiting(py) else {
            if taken == 0 {
                cursor.get().check_result(py, true)?;
            }
            break;
        };
        append(&rows, fetch::made(cursor, row)?);
    }
    Ok(rows)
}

/// Reads so many rows, or those that come quickly, to be taken later.
///
/// Returns:
///     Whether there may be more.
#[pyfunction]
#[pyo3(signature = (cursor, most, /))]
pub(crate) fn read_rows_ahead(cursor: &Bound<'_, StrictCursor>, most: usize) -> PyResult<bool> {
    gate::guard(|| read_ahead(cursor.as_super(), most))
}

/// The next of the rows that were read ahead, so many or as many as there are.
#[pyfunction]
#[pyo3(signature = (cursor, most, /))]
pub(crate) fn take_rows<'py>(
    cursor: &Bound<'py, StrictCursor>,
    most: usize,
) -> PyResult<Bound<'py, PyList>> {
    gate::guard(|| take(cursor.as_super(), most))
}

/// The next of the rows that were read ahead, or what is given for none.
#[pyfunction]
#[pyo3(signature = (cursor, default, /))]
pub(crate) fn take_row<'py>(
    cursor: &Bound<'py, StrictCursor>,
    default: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    gate::guard(|| {
        let cursor = cursor.as_super();
        let py = cursor.py();
        check_open(cursor.get(), py)?;
        match cursor.get().take_waiting(py) {
            Some(row) => fetch::made(cursor, row),
            None => cursor.get().check_result(py, true).map(|()| default),
        }
    })
}

/// How many rows were read ahead and not taken.
#[pyfunction]
#[pyo3(signature = (cursor, /))]
pub(crate) fn count_waiting_rows(cursor: &Bound<'_, StrictCursor>) -> usize {
    cursor.as_super().get().state.get(cursor.py()).waiting.borrow().len()
}
