//! How statements are run: one, one many times, all of a text.

use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Step};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::connection::Connection;
use super::cursor::{Cursor, text_of};
use super::entered::Entered;
use super::errors;
use super::inline::Patience;
use super::keyword::{Keyword, is_blank};
use super::prepared::Prepared;
use super::session::Session;
use super::transaction;
use super::{columns, columns_many, convert, parameters, template};
use crate::cpython::{attach, decoded, hash_of, let_go, memory_error};
use crate::errors::new_error;
use crate::gate::Passage;

/// Runs a statement up to its first row, or to its end.
pub(super) fn execute<'py>(
    cursor: &Bound<'py, Cursor>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let Ok(sql) = sql.cast::<PyString>() else {
        return template::execute(cursor, sql, parameters);
    };
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    run(this, connection, &session, sql, parameters)
}

/// The same with a connection that was entered.
#[inline(always)]
pub(super) fn run<'py>(
    this: &Cursor,
    connection: &Connection,
    session: &Entered<'py>,
    sql: &Bound<'py, PyString>,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let py = sql.py();
    let _lock = this.lock(py);
    this.begin_anew(py, connection, session);

    let Some(mut prepared) = connection.prepared(py, session, sql)? else { return Ok(()) };
    let state = this.state.get(py);
    match start(py, this, connection, session, &mut prepared, parameters) {
        Ok(step) => {
            state.last_row.set(last_row(session, &prepared));
            this.describe_as(py, &prepared);
            if prepared.is_change {
                let is_done = step == Step::Done;
                state.rows.set(if is_done { session.database.changes() } else { 0 });
            }
            match step {
                Step::Row => drop(state.running.replace(Some(prepared))),
                Step::Done => connection.keep(py, session, prepared),
            }
            Ok(())
        }
        Err(error) => {
            connection.keep_unfinished(py, session, prepared);
            Err(error)
        }
    }
}

/// Begins a transaction if one is wanted, binds the parameters, and takes the first step.
#[inline(always)]
fn start<'py>(
    py: Python<'py>,
    cursor: &Cursor,
    connection: &Connection,
    session: &Session,
    prepared: &mut Prepared,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<Step> {
    let state = connection.state.get(py);
    connection.prepare_for(py, session, prepared)?;
    parameters::bind(session, prepared, parameters, py)?;
    let step = first_step(py, session, prepared)?;
    if prepared.columns > 0 {
        prepared.refresh(py);
        columns::learn(py, session, prepared, state.detect_types.get())?;
        if step == Step::Row
            && session.rules.is_strict
            && !prepared.statement().is_read_only()
            && !cursor.state.get(py).is_of_query.get()
        {
            return fetch_ahead(cursor, connection, session, prepared);
        }
    }
    Ok(step)
}

/// Takes the first step. If it fails and ends the transaction, the error says so.
#[inline(always)]
pub(super) fn first_step(
    py: Python<'_>,
    session: &Session,
    prepared: &mut Prepared,
) -> PyResult<Step> {
    if session.watch.is_over(session) {
        return Err(stopped(py, session, prepared));
    }
    let is_watched = session.rules.is_strict && !session.database.is_autocommit();
    step(py, session, prepared).map_err(|error| {
        if is_watched && session.database.is_autocommit() && prepared.keyword != Keyword::Commit {
            errors::rolled_back(py, error)
        } else {
            error
        }
    })
}

/// The error of a call that was stopped between two steps. If it writes, the transaction is undone,
/// as SQLite undoes it where a step is stopped.
#[cold]
fn stopped(py: Python<'_>, session: &Session, prepared: &mut Prepared) -> PyErr {
    let interrupt = sqlite::Error::of_code(sqlite::codes::INTERRUPT);
    let error = session.error_of(py, &interrupt, prepared.text.bind(py));
    if prepared.statement().is_read_only() || session.database.is_autocommit() {
        return error;
    }
    transaction::undo(py, session, "ROLLBACK");
    if session.watch.is_interrupted() && !session.database.is_autocommit() {
        // SQLite ends whatever begins as long as others stand at rows, and undoes the transaction.
        drop(step(py, session, prepared));
    }
    if session.database.is_autocommit() { errors::rolled_back(py, error) } else { error }
}

/// Runs what writes to its end: nobody commits as long as it has rows to give.
#[cold]
pub(super) fn fetch_ahead(
    cursor: &Cursor,
    connection: &Connection,
    session: &Session,
    prepared: &mut Prepared,
) -> PyResult<Step> {
    attach(|py| {
        let texts = connection.state.get(py).texts.borrow().clone_ref(py);
        loop {
            let row = convert::row(py, prepared, &texts);
            let row = row.map_err(|error| session.of_callback(py, error))?;
            cursor.state.get(py).waiting.borrow_mut().push_back(row.unbind());
            if step(py, session, prepared)? == Step::Done {
                return Ok(Step::Done);
            }
        }
    })
}

/// The key of the row that was inserted last. PEP 249 wants it of no other statement's.
#[inline(always)]
fn last_row(session: &Session, prepared: &Prepared) -> Option<i64> {
    let inserts = !session.rules.is_strict
        || prepared.keyword == Keyword::Insert
        || prepared.keyword == Keyword::With && prepared.is_change;
    inserts.then(|| session.database.last_insert_rowid())
}

/// Takes a step, and ends the run behind the last row. What ends a transaction waits for the disk,
/// and does it without the interpreter.
#[inline(always)]
pub(super) fn step(py: Python<'_>, session: &Session, prepared: &mut Prepared) -> PyResult<Step> {
    let stepped = if session.is_on_disk && ends_transaction(session, prepared) {
        session.work_detached(|| prepared.bound.step())
    } else {
        session.work(|| prepared.bound.step())
    };
    match stepped {
        Ok(step) => session.take_pending(py).map_or(Ok(step), Err),
        Err(error) => Err(session.error_of(py, &error, prepared.text.bind(py))),
    }
}

fn ends_transaction(session: &Session, prepared: &Prepared) -> bool {
    prepared.keyword == Keyword::Commit
        || !prepared.statement().is_read_only() && session.database.is_autocommit()
}

/// Runs a statement once for each of many sets of parameters.
pub(super) fn execute_many<'py>(
    cursor: &Bound<'py, Cursor>,
    sql: &Bound<'py, PyAny>,
    sets: &Bound<'py, PyAny>,
    passage: &Passage<'py>,
) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let sql = text_of(sql, "executemany() argument 1")?;
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    if session.rules.is_strict
        && let Some(intake) = columns_many::columns_of(sets)?
    {
        return columns_many::execute(this, connection, &session, sql, &intake, passage);
    }
    let sets = sets.try_iter()?;
    let _lock = this.lock(py);
    this.begin_anew(py, connection, &session);

    let Some(mut prepared) = connection.prepared(py, &session, sql)? else { return Ok(()) };
    let state = this.state.get(py);
    let run_all = || {
        if prepared.statement().is_read_only() {
            let message = "executemany() can only execute DML statements.";
            return Err(errors::programming(py, message));
        }
        if prepared.is_change {
            state.rows.set(0);
        }
        connection.prepare_for(py, &session, &prepared)?;
        for (done, set) in sets.enumerate() {
            let set = set?;
            parameters::bind(&session, &mut prepared, Some(&set), py)?;
            let mut step = first_step(py, &session, &mut prepared)?;
            if step == Step::Row && session.rules.is_strict {
                fetch_ahead(this, connection, &session, &mut prepared)?;
                step = Step::Done;
            }
            // The drop-in keeps nothing of what is returned. The rows are counted at the end.
            while step == Step::Row {
                step = self::step(py, &session, &mut prepared)?;
            }
            if prepared.is_change {
                state.rows.set(state.rows.get() + session.database.changes());
            }
            prepared.bound.release(py);
            passage.pulse_idle(done + 1).map_err(|error| *error)?;
        }
        if session.rules.is_strict {
            prepared.refresh(py);
            columns::learn(py, &session, &mut prepared, 0)?;
            this.describe_as(py, &prepared);
        }
        Ok(())
    };
    let outcome = run_all();
    connection.keep_unfinished(py, &session, prepared);
    outcome.inspect_err(|_| state.rows.set(-1))
}

/// Runs all statements of a text, after what was begun before is committed.
pub(super) fn execute_script<'py>(
    cursor: &Bound<'py, Cursor>,
    script: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let script = text_of(script, "executescript() argument")?;
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let _lock = this.lock(py);
    if session.rules.is_strict {
        this.begin_anew(py, connection, &session);
    }

    let bytes = encoded(script, &session)?;
    let end = bytes.len() - 1;
    if bytes[..end].contains(&0) {
        return Err(new_error::<PyValueError>(py, "embedded null character"));
    }
    if connection.state.get(py).mode.get().commits_before_scripts()
        && !session.database.is_autocommit()
    {
        transaction::run(py, &session, "COMMIT")?;
    }
    let mut start = 0;
    while !is_blank(&bytes[start..end]) {
        let prepared = session.work(|| session.database.prepare(&bytes[start..]));
        let (statement, taken) = prepared.map_err(|mut error| {
            error.offset = error.offset.map(|offset| start + offset);
            session.error_of(py, &error, script)
        })?;
        let text = &bytes[start..start + taken];
        start += taken;
        let Some(statement) = statement else { continue };
        session.note_text(text);
        let is_strict = session.rules.is_strict;
        let keyword = Keyword::of(text, is_strict);
        let text = decoded(py, text)?.cast_into::<PyString>()?.unbind();
        let mut prepared = Prepared::new(statement, text, None, keyword, is_strict);
        if is_strict {
            connection.prepare_for(py, &session, &prepared)?;
        }
        while first_step(py, &session, &mut prepared)? == Step::Row {}
    }
    Ok(())
}

impl Connection {
    /// Begins what is to be begun before a statement.
    #[inline(always)]
    pub(super) fn prepare_for(
        &self,
        py: Python<'_>,
        session: &Session,
        prepared: &Prepared,
    ) -> PyResult<()> {
        let state = self.state.get(py);
        if state.blocks.is_open() || state.blocks.is_in_whole() {
            return state.blocks.prepare_for(py, session, prepared);
        }
        state.mode.get().prepare_for(py, session, prepared)
    }

    /// Has the statement of a text kept ready as long as the pin is held; tells whether it only
    /// reads.
    pub(super) fn prepare_pinned(
        &self,
        text: &Bound<'_, PyString>,
        pin: &Arc<()>,
    ) -> PyResult<bool> {
        let py = text.py();
        let session = self.enter(py)?;
        let Some(mut prepared) = self.prepared(py, &session, text)? else {
            return Err(errors::programming(py, "there is no statement in the text"));
        };
        prepared.pin = Some(Arc::downgrade(pin));
        let known = std::mem::replace(&mut prepared.text, text.clone().unbind());
        let is_read_only = prepared.statement().is_read_only();
        self.keep(py, &session, prepared);
        drop(known);
        Ok(is_read_only)
    }

    /// The statement of a text, kept or new; `None` where there is nothing in the text.
    #[inline(always)]
    pub(super) fn prepared(
        &self,
        py: Python<'_>,
        session: &Session,
        text: &Bound<'_, PyString>,
    ) -> PyResult<Option<Box<Prepared>>> {
        if let Some(prepared) = self.state.get(py).cache.borrow_mut().take_same(text) {
            return Ok(Some(prepared));
        }
        self.find_or_prepare(py, session, text, |_| true)
    }

    /// The same; `None` where there is none kept and the text is not one to prepare, too.
    #[inline(never)]
    pub(super) fn find_or_prepare(
        &self,
        py: Python<'_>,
        session: &Session,
        text: &Bound<'_, PyString>,
        is_prepared: impl FnOnce(&Bound<'_, PyString>) -> bool,
    ) -> PyResult<Option<Box<Prepared>>> {
        let cache = &self.state.get(py).cache;
        let is_exact = text.is_exact_instance_of::<PyString>();
        let hash = is_exact.then(|| hash_of(text));
        if let Some(hash) = hash
            && let Some(prepared) = cache.borrow_mut().take_equal(text, hash)
        {
            return Ok(Some(prepared));
        }
        if is_prepared(text) { prepare(py, session, text, hash) } else { Ok(None) }
    }
}

#[cold]
pub(super) fn prepare(
    py: Python<'_>,
    session: &Session,
    text: &Bound<'_, PyString>,
    hash: Option<isize>,
) -> PyResult<Option<Box<Prepared>>> {
    let bytes = encoded(text, session)?;
    let end = bytes.len() - 1;
    if bytes[..end].contains(&0) {
        return Err(errors::programming(py, "the query contains a null character"));
    }
    let prepared = session.work(|| session.database.prepare(&bytes));
    let (statement, taken) = prepared.map_err(|error| session.error_of(py, &error, text))?;
    if let Some(error) = session.take_pending(py) {
        return Err(error);
    }
    if !is_blank(&bytes[taken..end]) {
        return Err(errors::programming(py, "You can only execute one statement at a time."));
    }
    session.note_text(&bytes);
    let is_strict = session.rules.is_strict;
    let keyword = Keyword::of(&bytes, is_strict);
    Ok(statement.map(|statement| {
        let text = text.clone().unbind();
        let mut prepared = Prepared::new(statement, text, hash, keyword, is_strict);
        prepared.patience = Patience::of(&prepared, &bytes);
        Box::new(prepared)
    }))
}

/// The text in UTF-8, which must not be longer than the connection allows, and a NUL behind it.
fn encoded(text: &Bound<'_, PyString>, session: &Session) -> PyResult<Vec<u8>> {
    let py = text.py();
    let encoded = text.encode_utf8()?;
    let encoded = encoded.as_bytes();
    if encoded.len() > session.database.longest_statement() {
        return Err(new_error::<errors::DataError>(py, "query string is too large"));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(encoded.len() + 1).map_err(|_| memory_error(py))?;
    bytes.extend_from_slice(encoded);
    bytes.push(0);
    Ok(bytes)
}

impl Cursor {
    /// Forgets the last statement and its result.
    #[inline(always)]
    pub(super) fn begin_anew(&self, py: Python<'_>, connection: &Connection, session: &Session) {
        let state = self.state.get(py);
        if let Some(prepared) = state.running.take() {
            connection.give_up(py, session, prepared);
        }
        drop(state.description.take().map(|description| description.into_bound(py)));
        state.rows.set(-1);
        state.runs.set(state.runs.get() + 1);
        state.fetched.set(0);
        if !state.waiting.borrow().is_empty() {
            let_go(py, state.waiting.take());
        }
    }

    #[inline(always)]
    pub(super) fn describe_as(&self, py: Python<'_>, prepared: &Prepared) {
        if let Some(description) = &prepared.description {
            let before = self.state.get(py).description.replace(Some(description.clone_ref(py)));
            drop(before.map(|before| before.into_bound(py)));
        }
    }
}
