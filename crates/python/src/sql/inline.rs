//! Statements that are run where nobody may wait: they only read, and end within an allowance.
//!
//! Nothing that such a run finds is given to anybody before its end, so that one which is given up
//! can be run anew by a thread that may wait. That includes what fails: an error is told there.

use onecross_sqlite::Step;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::allowance::Allowed;
use super::columns;
use super::connection::Connection;
use super::convert::{self, TextFactory};
use super::cursor::Cursor;
use super::entered::Entered;
use super::keyword::Keyword;
use super::parameters;
use super::prepared::Prepared;
use super::session::Session;
use super::strict_cursor::StrictCursor;
use crate::cpython::{attach, let_go};
use crate::gate;

/// What `execute` answers where a statement was not tried, and where it was given up.
const NOT_TRIED: i64 = 0;
const GIVEN_UP: i64 = -1;

/// How often at most a statement is not tried that was given up ever and again.
const LONGEST_PAUSE: u16 = 1023;

/// Whether a statement is tried: one that was given up is not for a while.
#[derive(Default)]
pub(super) struct Patience {
    may_run: bool,
    pause: u16,
    left: u16,
}

impl Patience {
    /// That with a statement which was just prepared of a text.
    pub(super) fn of(prepared: &Prepared, text: &[u8]) -> Self {
        let may_run = prepared.statement().is_read_only() && only_selects(text);
        Self { may_run, pause: 0, left: 0 }
    }

    #[inline]
    fn is_tried(&mut self) -> bool {
        let is_tried = self.may_run && self.left == 0;
        self.left = self.left.saturating_sub(1);
        is_tried
    }

    fn note(&mut self, is_done: bool) {
        self.pause = if is_done { 0 } else { (self.pause * 2 + 1).min(LONGEST_PAUSE) };
        self.left = self.pause;
    }
}

/// Whether a text can do no more than select. A PRAGMA has its effects when it is prepared.
fn only_selects(text: &[u8]) -> bool {
    let names = |name: &[u8]| text.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name));
    let selects = matches!(Keyword::of(text, true), Keyword::Select | Keyword::With);
    selects && !names(b"pragma_") && !names(b"load_extension")
}

/// Runs a statement to its end, if that is possible at once. Its rows wait for who fetches them.
///
/// # Returns
///
/// How many ticks of SQLite's progress it took, at least one; 0 where it was not tried, and -1 where
/// it was given up.
///
/// # Errors
///
/// The cursor or the connection cannot be used.
fn execute<'py>(
    cursor: &Bound<'py, Cursor>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
    ticks: u32,
) -> PyResult<i64> {
    let (py, this) = (cursor.py(), cursor.get());
    let Ok(sql) = sql.cast::<PyString>() else { return Ok(NOT_TRIED) };
    if this.state.get(py).is_locked.get() {
        return Ok(NOT_TRIED);
    }
    let connection = this.usable(py)?;
    let connection = connection.get();
    let Some(session) = connection.enter_now(py)? else { return Ok(NOT_TRIED) };
    if session.owner.depth(py) > 1 || session.is_shared() || calls_python(connection, py) {
        return Ok(NOT_TRIED);
    }
    let _lock = this.lock(py);
    this.begin_anew(py, connection, &session);
    let taken = {
        let Some(_allowed) = Allowed::begin(&session, ticks) else { return Ok(NOT_TRIED) };
        try_prepared(this, connection, &session, sql, parameters, ticks)
    };
    if taken == GIVEN_UP {
        let_go(py, this.state.get(py).waiting.take());
    }
    Ok(taken)
}

fn try_prepared(
    cursor: &Cursor,
    connection: &Connection,
    session: &Entered<'_>,
    sql: &Bound<'_, PyString>,
    parameters: Option<&Bound<'_, PyAny>>,
    ticks: u32,
) -> i64 {
    let py = session.py();
    let selects = |sql: &Bound<'_, PyString>| {
        sql.encode_utf8().is_ok_and(|text| only_selects(text.as_bytes()))
    };
    let prepared = connection.find_or_prepare(py, session, sql, selects);
    drop(session.take_pending(py));
    let Ok(Some(mut prepared)) = prepared else { return NOT_TRIED };
    if !prepared.patience.is_tried() {
        connection.keep(py, session, prepared);
        return NOT_TRIED;
    }
    let is_done = run(cursor, connection, session, &mut prepared, parameters).is_some();
    if is_done || session.allowance.is_spent() {
        prepared.patience.note(is_done);
    }
    if is_done {
        connection.keep(py, session, prepared);
        return i64::from(session.allowance.taken(ticks).max(1));
    }
    drop(session.take_pending(py));
    connection.keep_unfinished(py, session, prepared);
    GIVEN_UP
}

/// `None` where it is given up, for whatever reason.
fn run(
    cursor: &Cursor,
    connection: &Connection,
    session: &Session,
    prepared: &mut Prepared,
    parameters: Option<&Bound<'_, PyAny>>,
) -> Option<()> {
    attach(|py| {
        connection.prepare_for(py, session, prepared).ok()?;
        parameters::bind(session, prepared, parameters, py).ok()?;
        let mut step = session.work(|| prepared.bound.step()).ok()?;
        prepared.refresh(py);
        columns::learn(py, session, prepared, 0).ok()?;
        let state = cursor.state.get(py);
        while step == Step::Row {
            let row = convert::row(py, prepared, &TextFactory::Text).ok()?;
            state.waiting.borrow_mut().push_back(row.unbind());
            step = session.work(|| prepared.bound.step()).ok()?;
        }
        state.last_row.set(None);
        cursor.describe_as(py, prepared);
        (!session.has_pending(py)).then_some(())
    })
}

/// Whether Python code makes the texts.
fn calls_python(connection: &Connection, py: Python<'_>) -> bool {
    !matches!(*connection.state.get(py).texts.borrow(), TextFactory::Text)
}

/// Runs a statement that only reads, if it ends within so many ticks and waits for nothing.
///
/// Returns:
///     How many ticks it took; 0 where it was not tried, and -1 where it was given up: it must be
///     run by a thread that may wait then.
#[pyfunction]
#[pyo3(signature = (cursor, sql, parameters, ticks, /))]
pub(crate) fn execute_inline<'py>(
    cursor: &Bound<'py, StrictCursor>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
    ticks: u32,
) -> PyResult<i64> {
    gate::guard(|| execute(cursor.as_super(), sql, parameters, ticks))
}
