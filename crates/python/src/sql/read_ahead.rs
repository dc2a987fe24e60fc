//! Rows that one thread reads, and another takes without waiting for the connection.

use std::time::{Duration, Instant};

use onecross_sqlite::Step;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::convert::{self, TextFactory};
use super::cursor::{Cursor, unusable};
use super::prepared::Prepared;
use super::session::Session;
use super::strict_cursor::StrictCursor;
use super::{execute, fetch};
use crate::cpython::{append, new_list, ready};
use crate::gate;

/// How long rows are read, as long as there is one.
const LONGEST: Duration = Duration::from_millis(1);

/// How many rows are read between two looks at the clock, once as many have come quickly.
const STRIDE: usize = 16;

/// Why no more rows were read.
enum Unread {
    /// A row could not be made; it is left where it is.
    Row(PyErr),
    /// A step failed, which ends the statement.
    Step(PyErr),
}

/// Reads so many rows, or those that come quickly; tells whether there may be more.
fn read_ahead(cursor: &Bound<'_, Cursor>, most: usize) -> PyResult<bool> {
    let (py, this) = (cursor.py(), cursor.get());
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let Some(mut prepared) = this.take_running(py, &session) else { return Ok(false) };
    let read = {
        let _lock = this.lock(py);
        let texts = connection.state.get(py).texts.borrow().clone_ref(py);
        read_rows(py, this, &session, &mut prepared, &texts, most)
    };
    let state = this.state.get(py);
    match read {
        Ok(Step::Row) => drop(state.running.replace(Some(prepared))),
        Err(Unread::Row(_)) => {
            prepared.bound.take_values_back();
            drop(state.running.replace(Some(prepared)));
        }
        Ok(Step::Done) => {
            if prepared.is_change {
                state.rows.set(session.database.changes());
            }
            connection.keep(py, &session, prepared);
        }
        Err(Unread::Step(_)) => connection.keep_unfinished(py, &session, prepared),
    }
    match read {
        Ok(step) => Ok(step == Step::Row),
        Err(Unread::Row(error) | Unread::Step(error)) => Err(error),
    }
}

fn read_rows(
    py: Python<'_>,
    cursor: &Cursor,
    session: &Session,
    prepared: &mut Prepared,
    texts: &TextFactory,
    most: usize,
) -> Result<Step, Unread> {
    let begun = Instant::now();
    for read in 0..most {
        if read > 0 && (read < STRIDE || read.is_multiple_of(STRIDE)) && begun.elapsed() >= LONGEST
        {
            break;
        }
        let row = convert::row(py, prepared, texts);
        let row = row.map_err(|error| Unread::Row(session.of_callback(py, error)))?;
        cursor.state.get(py).waiting.borrow_mut().push_back(row.unbind());
        let step = execute::step(py, session, prepared).map_err(Unread::Step)?;
        if step == Step::Done {
            return Ok(step);
        }
    }
    Ok(Step::Row)
}

/// # Errors
///
/// The cursor or its connection is closed.
pub(super) fn check_open(cursor: &Cursor, py: Python<'_>) -> PyResult<()> {
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
    gate::guard(|| Ok(take_one(cursor.as_super())?.unwrap_or(default)))
}

fn take_one<'py>(cursor: &Bound<'py, Cursor>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = cursor.py();
    check_open(cursor.get(), py)?;
    match cursor.get().take_waiting(py) {
        Some(row) => fetch::made(cursor, row).map(Some),
        None => cursor.get().check_result(py, true).map(|()| None),
    }
}

/// Rows that are awaited one by one: what was read ahead at once, the rest by `_next_row`.
#[pyclass(frozen, subclass, module = "onecross._core")]
pub(crate) struct AwaitedRows {
    cursor: Py<StrictCursor>,
}

#[pymethods]
impl AwaitedRows {
    #[new]
    #[pyo3(signature = (cursor, /, *_arguments))]
    fn new(cursor: Py<StrictCursor>, _arguments: &Bound<'_, PyTuple>) -> Self {
        Self { cursor }
    }

    fn __aiter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __anext__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| match take_one(slf.get().cursor.bind(slf.py()).as_super())? {
            Some(row) => ready(row),
            None => slf.call_method0(intern!(slf.py(), "_next_row")),
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.cursor)
    }
}

/// How many rows were read ahead and not taken.
#[pyfunction]
#[pyo3(signature = (cursor, /))]
pub(crate) fn count_waiting_rows(cursor: &Bound<'_, StrictCursor>) -> usize {
    cursor.as_super().get().state.get(cursor.py()).waiting.borrow().len()
}
