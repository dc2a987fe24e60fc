//! How statements are run: one, one many times, all of a text.

use onecross_sqlite::Step;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::connection::Connection;
use super::cursor::{Cursor, text_of};
use super::errors;
use super::keyword::{Keyword, is_blank};
use super::prepared::Prepared;
use super::session::Session;
use super::transaction;
use super::{columns, parameters};
use crate::cpython::{hash_of, memory_error};
use crate::errors::new_error;
use crate::gate::Passage;

/// Runs a statement up to its first row, or to its end.
pub(super) fn execute<'py>(
    cursor: &Bound<'py, Cursor>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let (py, this) = (cursor.py(), cursor.get());
    let sql = text_of(sql, "execute() argument 1")?;
    let connection = this.usable(py)?;
    let connection = connection.get();
    let session = connection.enter(py)?;
    let _lock = this.lock(py);
    this.begin_anew(py, connection, &session);

    let Some(mut prepared) = connection.prepared(py, &session, sql)? else { return Ok(()) };
    let state = this.state.get(py);
    match run(py, connection, &session, &mut prepared, parameters) {
        Ok(step) => {
            state.last_row.set(Some(session.database.last_insert_rowid()));
            if let Some(description) = &prepared.description {
                drop(state.description.replace(Some(description.clone_ref(py))));
            }
            if prepared.is_change() {
                let is_done = step == Step::Done;
                state.rows.set(if is_done { session.database.changes() } else { 0 });
            }
            match step {
                Step::Row => drop(state.running.replace(Some(prepared))),
                Step::Done => connection.keep(py, &session, prepared),
            }
            Ok(())
        }
        Err(error) => {
            connection.keep(py, &session, prepared);
            Err(error)
        }
    }
}

/// Begins a transaction if one is wanted, binds the parameters, and takes the first step.
#[inline]
fn run<'py>(
    py: Python<'py>,
    connection: &Connection,
    session: &Session,
    prepared: &mut Prepared,
    parameters: Option<&Bound<'py, PyAny>>,
) -> PyResult<Step> {
    let state = connection.state.get(py);
    state.mode.get().prepare_for(py, session, prepared)?;
    parameters::bind(session, prepared, parameters, py)?;
    let step = step(py, session, prepared)?;
    if prepared.columns > 0 {
        prepared.refresh();
        columns::learn(py, prepared, state.detect_types.get())?;
    }
    Ok(step)
}

/// Takes a step. What ends a transaction waits for the disk, and does it without the interpreter.
#[inline]
pub(super) fn step(py: Python<'_>, session: &Session, prepared: &mut Prepared) -> PyResult<Step> {
    let stepped = if session.is_on_disk && ends_transaction(session, prepared) {
        session.work_detached(|| prepared.bound.step())
    } else {
        session.work(|| prepared.bound.step())
    };
    match stepped {
        Ok(step) => session.take_pending(py).map_or(Ok(step), Err),
        Err(error) => Err(session.error(py, &error)),
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
        if prepared.is_change() {
            state.rows.set(0);
        }
        connection.state.get(py).mode.get().prepare_for(py, &session, &prepared)?;
        for (done, set) in sets.enumerate() {
            let set = set?;
            parameters::bind(&session, &mut prepared, Some(&set), py)?;
            // Of what is returned nothing is kept; the rows are counted when the last was returned.
            while step(py, &session, &mut prepared)? == Step::Row {}
            if prepared.is_change() {
                state.rows.set(state.rows.get() + session.database.changes());
            }
            session.work(|| prepared.bound.reset());
            passage.pulse_idle(done + 1).map_err(|error| *error)?;
        }
        Ok(())
    };
    let outcome = run_all();
    connection.keep(py, &session, prepared);
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
        let (statement, taken) = prepared.map_err(|error| session.error(py, &error))?;
        let text = &bytes[start..start + taken];
        start += taken;
        let Some(statement) = statement else { continue };
        let nothing = PyString::new(py, "").unbind();
        session.note_sharing(text);
        let mut prepared = Prepared::new(statement, nothing, None, Keyword::of(text));
        while step(py, &session, &mut prepared)? == Step::Row {}
    }
    Ok(())
}

impl Connection {
    /// The statement of a text, kept or new; `None` where there is nothing in the text.
    #[inline]
    fn prepared(
        &self,
        py: Python<'_>,
        session: &Session,
        text: &Bound<'_, PyString>,
    ) -> PyResult<Option<Box<Prepared>>> {
        let cache = &self.state.get(py).cache;
        if let Some(prepared) = cache.borrow_mut().take_same(text) {
            return Ok(Some(prepared));
        }
        let is_exact = text.is_exact_instance_of::<PyString>();
        let hash = is_exact.then(|| hash_of(text));
        if let Some(hash) = hash
            && let Some(prepared) = cache.borrow_mut().take_equal(text, hash)
        {
            return Ok(Some(prepared));
        }
        prepare(py, session, text, hash)
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
    let (statement, taken) = prepared.map_err(|error| session.error(py, &error))?;
    if let Some(error) = session.take_pending(py) {
        return Err(error);
    }
    if !is_blank(&bytes[taken..end]) {
        return Err(errors::programming(py, "You can only execute one statement at a time."));
    }
    session.note_sharing(&bytes);
    let keyword = Keyword::of(&bytes);
    Ok(statement
        .map(|statement| Box::new(Prepared::new(statement, text.clone().unbind(), hash, keyword))))
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
    #[inline]
    fn begin_anew(&self, py: Python<'_>, connection: &Connection, session: &Session) {
        let state = self.state.get(py);
        if let Some(prepared) = state.running.take() {
            connection.keep(py, session, prepared);
        }
        drop(state.description.take());
        state.rows.set(-1);
    }
}
