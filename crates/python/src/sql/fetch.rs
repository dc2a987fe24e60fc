//! How rows are fetched: one ahead of what was asked for, as Python's `sqlite3` does it.

use onecross_sqlite::Step;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::connection::Connection;
use super::convert;
use super::cursor::Cursor;
use super::errors;
use super::execute;
use super::prepared::Prepared;
use super::row::Row;
use super::session::Session;
use super::strict_cursor::StrictCursor;
use crate::cpython::{append, new_list};
use crate::errors::of_callback;
use crate::gate::Passage;

/// The next row, or `None` behind the last.
#[inline(always)]
pub(super) fn next<'py>(cursor: &Bound<'py, Cursor>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (py, this) = (cursor.py(), cursor.get());
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let row = match this.take_running(py, &session) {
        Some(prepared) => this.counted(py, take_row(cursor, connection, &session, prepared)?),
        None => match this.take_waiting(py) {
            Some(row) => row,
            None => return this.check_result(py, session.rules.is_strict).map(|()| None),
        },
    };
    drop(session);
    made(cursor, row).map(Some)
}

/// The next rows, as many as `fetchmany` was asked for. The drop-in knows no fewer than one: it
/// counts them when they are fetched, and never comes to what was passed before.
pub(super) fn some<'py>(
    cursor: &Bound<'py, Cursor>,
    size: i32,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let py = cursor.py();
    let is_strict = {
        let connection = cursor.get().usable(py)?;
        connection.get().enter(py)?.rules.is_strict
    };
    let most = usize::try_from(size).ok().filter(|size| *size > 0 || is_strict);
    many(cursor, most.unwrap_or(usize::MAX), passage)
}

/// The next rows, so many or as many as there are.
pub(super) fn many<'py>(
    cursor: &Bound<'py, Cursor>,
    most: usize,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let (py, this) = (cursor.py(), cursor.get());
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let rows = new_list(py, 0);
    let mut fetched = 0;
    while fetched < most {
        let row = match this.take_running(py, &session) {
            Some(prepared) => this.counted(py, take_row(cursor, connection, &session, prepared)?),
            None => match this.take_waiting(py) {
                Some(row) => row,
                None => break,
            },
        };
        append(&rows, made(cursor, row)?);
        fetched += 1;
        passage.pulse_idle(fetched).map_err(|error| *error)?;
    }
    if fetched == 0 && most > 0 {
        this.check_result(py, session.rules.is_strict)?;
    }
    Ok(rows)
}

/// Takes the row where the statement stands, and the step behind it.
///
/// A row that cannot be made is left where it is. A step that fails ends the statement.
#[inline(always)]
fn take_row<'py>(
    cursor: &Bound<'py, Cursor>,
    connection: &Connection,
    session: &Session,
    mut prepared: Box<Prepared>,
) -> PyResult<Bound<'py, PyTuple>> {
    let (py, this) = (cursor.py(), cursor.get());
    if !prepared.statement().is_of(&session.database) {
        return take_former_row(cursor, connection, prepared);
    }
    let state = this.state.get(py);
    let lock = this.lock(py);
    let texts = connection.state.get(py).texts.borrow().clone_ref(py);
    let row = convert::row(py, &mut prepared, &texts);
    texts.drop_ref(py);
    let row = match row {
        Ok(row) => row,
        Err(error) => {
            prepared.bound.take_values_back();
            drop(state.running.replace(Some(prepared)));
            return Err(session.of_callback(py, error));
        }
    };
    let stepped = execute::step(py, session, &mut prepared);
    drop(lock);
    if let Ok(Step::Row) = stepped {
        drop(state.running.replace(Some(prepared)));
        return Ok(row);
    }
    match stepped {
        Ok(_) => {
            if prepared.is_change {
                state.rows.set(session.database.changes());
            }
            connection.keep(py, session, prepared);
            Ok(row)
        }
        Err(error) => {
            connection.keep_unfinished(py, session, prepared);
            Err(error)
        }
    }
}

/// The same of a statement of a database that the connection had open before.
#[cold]
fn take_former_row<'py>(
    cursor: &Bound<'py, Cursor>,
    connection: &Connection,
    prepared: Box<Prepared>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = cursor.py();
    let taken = connection.with_former(py, prepared, |session, prepared| {
        take_row(cursor, connection, session, prepared)
    });
    taken.unwrap_or_else(|| Err(connection.not_open(py)))
}

/// What the row factory makes of a row; a `Row` is made without a call.
#[inline(always)]
pub(super) fn made<'py>(
    cursor: &Bound<'py, Cursor>,
    row: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = cursor.py();
    let factory = {
        let factory = cursor.get().state.get(py).row_factory.borrow();
        match &*factory {
            None => return Ok(row.into_any()),
            Some(factory) if factory.is(py.get_type::<Row>()) => {
                return Row::of(cursor.get(), row).map(Bound::into_any);
            }
            Some(factory) => factory.bind(py).clone(),
        }
    };
    factory.call1((cursor, row)).map_err(|error| {
        let is_strict = cursor.is_instance_of::<StrictCursor>();
        if is_strict { of_callback(py, error) } else { error }
    })
}

/// Ends the statement that is running, if one is.
pub(super) fn abandon(cursor: &Bound<'_, Cursor>) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let Some(prepared) = this.state.get(py).running.take() else { return Ok(()) };
    let connection = {
        let connection = this.state.get(py).connection.borrow();
        connection.as_ref().map(|connection| connection.bind(py).clone())
    };
    if let Some(connection) = connection
        && let Ok(session) = connection.get().enter(py)
    {
        connection.get().give_up(py, &session, prepared);
    }
    Ok(())
}

/// Gives up the rows of the result that were not fetched.
pub(super) fn give_up(cursor: &Bound<'_, Cursor>) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let connection = this.usable(py)?;
    let session = connection.get().enter(py)?;
    this.check_result(py, session.rules.is_strict)?;
    give_up_rest(cursor)
}

/// The same, whatever there is. Whoever reads the rows elsewhere is told that they are gone.
pub(super) fn give_up_rest(cursor: &Bound<'_, Cursor>) -> PyResult<()> {
    let (py, state) = (cursor.py(), cursor.get().state.get(cursor.py()));
    let is_running = state.running.borrow().is_some();
    if is_running || !state.waiting.borrow().is_empty() {
        cursor.get().end_run(py);
    }
    abandon(cursor)?;
    drop(state.waiting.take());
    Ok(())
}

/// Ends the statement of a cursor that may have been closed before, or whose connection was.
pub(super) fn close_if_open(cursor: &Bound<'_, Cursor>) -> PyResult<()> {
    let (py, state) = (cursor.py(), cursor.get().state.get(cursor.py()));
    let is_open = state.connection.borrow().as_ref().is_some_and(|it| it.get().is_open(py));
    if state.is_closed.get() || !is_open { Ok(()) } else { close(cursor) }
}

/// Ends the statement; the cursor cannot be used any more.
pub(super) fn close(cursor: &Bound<'_, Cursor>) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let state = this.state.get(py);
    this.wait_for_others(py)?;
    let connection = {
        let connection = state.connection.borrow();
        let Some(connection) = &*connection else {
            return Err(errors::programming(py, "Base Cursor.__init__ not called."));
        };
        connection.bind(py).clone()
    };
    connection.get().check_open(py)?;
    abandon(cursor)?;
    drop(state.waiting.take());
    state.is_closed.set(true);
    Ok(())
}

impl Cursor {
    /// Takes the statement that stands at a row.
    #[inline(always)]
    pub(super) fn take_running(&self, py: Python<'_>, session: &Session) -> Option<Box<Prepared>> {
        let prepared = self.state.get(py).running.take()?;
        // A statement of a connection that was opened anew goes on, but not if it was closed before.
        let goes_on =
            prepared.statement().is_of(&session.database) || prepared.statement().data_count() > 0;
        goes_on.then_some(prepared)
    }

    /// Counts a run as one of which nothing is to be had any more.
    pub(super) fn end_run(&self, py: Python<'_>) {
        let runs = &self.state.get(py).runs;
        runs.set(runs.get() + 1);
    }

    /// The next of the rows that were fetched before they were asked for.
    #[inline]
    pub(super) fn take_waiting<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyTuple>> {
        let row = self.state.get(py).waiting.borrow_mut().pop_front()?;
        Some(self.counted(py, row.into_bound(py)))
    }

    /// A row that was asked for.
    #[inline(always)]
    fn counted<'py>(&self, py: Python<'_>, row: Bound<'py, PyTuple>) -> Bound<'py, PyTuple> {
        let fetched = &self.state.get(py).fetched;
        fetched.set(fetched.get() + 1);
        row
    }

    /// # Errors
    ///
    /// In the strict face, that the last statement selected nothing.
    pub(super) fn check_result(&self, py: Python<'_>, is_strict: bool) -> PyResult<()> {
        let selects = self.state.get(py).description.borrow().is_some();
        if selects || !is_strict {
            return Ok(());
        }
        let message = "there is no result to fetch from: the last statement selected nothing";
        Err(errors::programming(py, message))
    }
}
