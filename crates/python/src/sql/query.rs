//! The rows of a statement, for whatever form is asked for.

use std::sync::Arc;

use onecross_columns::{Batcher, Rule, Value};
use onecross_sql::{Unread, append_row, rules_of};
use onecross_sqlite::Step;
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::connection::Connection;
use super::cursor::Cursor;
use super::keyword::Keyword;
use super::watch::Moment;
use super::{errors, execute, fetch};
use crate::cpython::{Text, memory_error, small_integer};
use crate::fault::{self, Place};
use crate::rows::{Asked, Header, Misfits, Refusals, Rows, Source};

/// A cursor that is read for its rows.
struct Query {
    cursor: Py<Cursor>,
    /// What is run when the first row is asked for.
    waiting: Option<(Py<PyString>, Option<Py<PyAny>>)>,
    /// Which of the cursor's runs has the rows; none, where that is the one to come.
    run: Option<u64>,
    /// What ended the statement behind rows that were fetched before.
    failure: Option<Py<PyBaseException>>,
    /// Whether it was closed before it was run.
    is_closed: bool,
    /// When the call began that reads, as the watch counts it.
    begun: Arc<Moment>,
}

/// The rows of a statement that is run when the first is asked for, but at once if it writes.
pub(super) fn query<'py>(
    connection: &Bound<'py, Connection>,
    sql: &Bound<'py, PyAny>,
    parameters: Option<&Bound<'py, PyAny>>,
    types: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, Rows>> {
    let py = connection.py();
    let asked = Asked::of(types)?;
    let cursor = Cursor::of(connection)?;
    let mut waiting = None;
    if let Ok(text) = sql.cast::<PyString>()
        && connection.get().is_lazy(text)?
    {
        let parameters = parameters.map(kept).transpose()?.map(Bound::unbind);
        waiting = Some((text.clone().unbind(), parameters));
    } else {
        cursor.get().state.get(py).is_of_query.set(true);
        execute::execute(&cursor, sql, parameters)?;
    }
    let run = Some(cursor.get().run(py));
    let is_change = cursor.get().runs_a_change(py);
    let query = Query { waiting, ..Query::of(cursor, run, None) };
    if is_change {
        // Nobody commits as long as what writes has rows to give.
        let may_wait = |failure: &PyErr| failure.is_instance_of::<errors::ColumnError>(py);
        return Rows::read(py, Box::new(query), asked, may_wait);
    }
    Rows::new(py, Box::new(query), asked)
}

/// The rows of a cursor that were not fetched.
pub(super) fn rows<'py>(
    cursor: &Bound<'py, Cursor>,
    types: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, Rows>> {
    let py = cursor.py();
    cursor.get().usable(py)?;
    of_run(cursor, Some(cursor.get().run(py)), types, None)
}

/// The rows of one of a cursor's runs that were not fetched, and then what ended it, if that is
/// known.
pub(super) fn of_run<'py>(
    cursor: &Bound<'py, Cursor>,
    run: Option<u64>,
    types: Option<&Bound<'py, PyAny>>,
    failure: Option<Bound<'py, PyBaseException>>,
) -> PyResult<Bound<'py, Rows>> {
    let (py, asked) = (cursor.py(), Asked::of(types)?);
    Rows::new(py, Box::new(Query::of(cursor.clone(), run, failure)), asked)
}

/// Parameters as they are now, for a list or dict may be changed before they are bound.
fn kept<'py>(parameters: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    use pyo3::types::{PyDict, PyList};
    if let Ok(list) = parameters.cast_exact::<PyList>() {
        return Ok(list.to_tuple().into_any());
    }
    if let Ok(dict) = parameters.cast_exact::<PyDict>() {
        return Ok(dict.copy()?.into_any());
    }
    Ok(parameters.clone())
}

impl Query {
    /// The rows of a run, and then what ended it, if that is known.
    fn of(
        cursor: Bound<'_, Cursor>,
        run: Option<u64>,
        failure: Option<Bound<'_, PyBaseException>>,
    ) -> Self {
        let (cursor, failure) = (cursor.unbind(), failure.map(Bound::unbind));
        let begun = Arc::default();
        Self { cursor, waiting: None, run, failure, is_closed: false, begun }
    }

    /// # Errors
    ///
    /// The cursor has the rows of another run by now, or none.
    fn check_run(&self, py: Python<'_>) -> PyResult<()> {
        if self.run.is_none_or(|run| run == self.cursor.bind(py).get().run(py)) {
            return Ok(());
        }
        let message = "the cursor has run another statement since, or given up the rest of this \
                       one: these rows are gone";
        Err(errors::programming(py, message))
    }

    /// Appends rows that were fetched before, as those of what writes are.
    fn read_fetched(
        &self,
        py: Python<'_>,
        batcher: &mut Batcher,
        misfits: &Misfits<'_>,
    ) -> PyResult<bool> {
        let cursor = self.cursor.bind(py).get();
        while let Some(row) = cursor.take_waiting(py) {
            for (column, value) in row.iter().enumerate() {
                append(batcher, column, &value, misfits)?;
            }
            if batcher.end_row() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

enum Stop {
    Unread(Unread),
    Error(Box<onecross_sqlite::Error>),
}

/// Appends what was made of a value of a database.
fn append(
    batcher: &mut Batcher,
    column: usize,
    value: &Bound<'_, PyAny>,
    misfits: &Misfits<'_>,
) -> PyResult<()> {
    let py = value.py();
    let pushed = if value.is_none() {
        batcher.push(column, Value::Null)
    } else if let Ok(integer) = value.cast_exact::<PyInt>()
        && let Some(integer) = small_integer(integer)
    {
        batcher.push(column, Value::Integer(integer))
    } else if let Ok(real) = value.cast_exact::<PyFloat>() {
        batcher.push(column, Value::Real(real.value()))
    } else if let Ok(text) = value.cast_exact::<PyString>() {
        batcher.push(column, Value::Text(text.encode_utf8()?.as_bytes()))
    } else if let Ok(bytes) = value.cast_exact::<PyBytes>() {
        batcher.push(column, Value::Blob(bytes.as_bytes()))
    } else {
        let kind = errors::class_name(value)?;
        let message = format!(
            "a text_factory or converter of the connection made this row of what is no value of \
             a database ({kind}): its rows have the one form that fetchall() gives"
        );
        return Err(errors::programming(py, &message));
    };
    pushed.map_err(|misfit| misfits.error(py, &misfit))
}

impl Source for Query {
    fn begin_call(&mut self) {
        self.begun.forget();
    }

    fn begin(&mut self, py: Python<'_>) -> PyResult<Header> {
        let cursor = self.cursor.bind(py);
        let connection = cursor.get().usable(py)?;
        let connection = connection.get();
        let session = connection.enter(py)?.within_call();
        let begun = Arc::clone(&self.begun);
        let _call = session.resume_call(&begun);
        if let Some((sql, parameters)) = &self.waiting {
            let parameters = parameters.as_ref().map(|parameters| parameters.bind(py));
            execute::run(cursor.get(), connection, &session, sql.bind(py), parameters)?;
            self.run = Some(cursor.get().run(py));
            self.waiting = None;
        }
        if self.is_closed {
            return Err(errors::programming(py, "these rows were closed before they were read"));
        }
        self.check_run(py)?;
        self.run = Some(cursor.get().run(py));
        let Some(description) = cursor.get().described(py) else {
            let message = "there are no rows: the statement selects nothing";
            return Err(errors::programming(py, message));
        };
        let running = cursor.get().state.get(py).running.borrow();
        let (mut names, mut rules) = (Vec::new(), Vec::new());
        for column in description.bind(py).iter() {
            let column = column.cast_into::<PyTuple>()?;
            names.push(Text::of(column.get_item(0)?.cast::<PyString>()?).to_lossy());
            // What a column was declared with stands in the description, but in that of sqlite3.
            rules.push(match column.get_item(1)?.cast::<PyString>() {
                Ok(declaration) => Rule::declared(&Text::of(declaration).to_lossy()),
                Err(_) => Rule::Infer(None),
            });
        }
        if let Some(prepared) = &*running
            && !session.rules.is_strict
        {
            rules = rules_of(prepared.statement());
            rules.resize(names.len(), Rule::Infer(None));
        }
        Ok(Header::new(py, names, rules))
    }

    fn fill(
        &mut self,
        py: Python<'_>,
        batcher: &mut Batcher,
        misfits: &Misfits<'_>,
    ) -> PyResult<bool> {
        let cursor = self.cursor.bind(py);
        let connection = cursor.get().usable(py)?;
        let connection = connection.get();
        let session = connection.enter(py)?.within_call();
        let begun = Arc::clone(&self.begun);
        let _call = session.resume_call(&begun);
        self.check_run(py)?;
        // Those that were fetched before come before those of the statement.
        match self.read_fetched(py, batcher, misfits) {
            Ok(false) => {}
            Ok(true) => return Ok(true),
            Err(error) => {
                self.close(py)?;
                return Err(error);
            }
        }
        let was_running = cursor.get().state.get(py).running.borrow().is_some();
        let Some(mut prepared) = cursor.get().take_running(py, &session) else {
            if was_running {
                let message = "the connection was closed before all of these rows were read";
                return Err(errors::programming(py, message));
            }
            let failure = self.failure.take().map(|it| it.into_bound(py).into_any());
            return failure.map_or(Ok(false), |failure| Err(PyErr::from_value(failure)));
        };
        let lock = cursor.get().lock(py);
        let read = session.work(|| {
            loop {
                fault::point(Place::Row);
                let is_full = match append_row(prepared.statement(), batcher) {
                    Ok(is_full) => is_full,
                    Err(unread) => return Err(Stop::Unread(unread)),
                };
                match prepared.bound.step() {
                    Ok(Step::Row) if is_full => return Ok(true),
                    Ok(Step::Row) => {}
                    Ok(Step::Done) => return Ok(false),
                    Err(error) => return Err(Stop::Error(error)),
                }
            }
        });
        drop(lock);
        // What a callback raised comes before whatever came of it.
        let stepped = match (session.take_pending(py), read) {
            (Some(raised), _) => Err(raised),
            (None, Ok(has_more)) => Ok(has_more),
            (None, Err(Stop::Error(error))) => {
                Err(session.error_of(py, &error, prepared.text.bind(py)))
            }
            (None, Err(Stop::Unread(Unread::NoMemory))) => Err(memory_error(py)),
            (None, Err(Stop::Unread(Unread::Misfit(misfit)))) => Err(misfits.error(py, &misfit)),
        };
        let state = cursor.get().state.get(py);
        match stepped {
            Ok(true) => drop(state.running.replace(Some(prepared))),
            Ok(false) => {
                if prepared.is_change {
                    state.rows.set(session.database.changes());
                }
                connection.keep(py, &session, prepared);
            }
            Err(_) => {
                connection.keep_unfinished(py, &session, prepared);
                cursor.get().end_run(py);
                self.run = Some(cursor.get().run(py));
            }
        }
        stepped
    }

    fn close(&mut self, py: Python<'_>) -> PyResult<()> {
        self.is_closed |= self.waiting.take().is_some();
        self.failure = None;
        let cursor = self.cursor.bind(py);
        // The rows of another run are not for this one to give up.
        if self.run.is_none_or(|run| run == cursor.get().run(py)) {
            fetch::give_up_rest(cursor)?;
            self.run = Some(cursor.get().run(py));
        }
        Ok(())
    }

    fn refusals(&self) -> Refusals {
        Refusals { misuse: errors::programming, misfit: errors::of_column }
    }

    fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.cursor)?;
        visit.call(&self.failure)?;
        match &self.waiting {
            Some((_, Some(parameters))) => visit.call(parameters),
            _ => Ok(()),
        }
    }
}

impl Cursor {
    /// Whether a statement that writes has rows to give.
    fn runs_a_change(&self, py: Python<'_>) -> bool {
        let running = self.state.get(py).running.borrow();
        running.as_ref().is_some_and(|prepared| !prepared.statement().is_read_only())
    }
}

impl Connection {
    /// Whether a statement does nothing but read, so that it may be run later. An error in it is
    /// told now.
    fn is_lazy(&self, text: &Bound<'_, PyString>) -> PyResult<bool> {
        let py = text.py();
        let session = self.enter(py)?;
        let Some(prepared) = self.prepared(py, &session, text)? else { return Ok(false) };
        // For SQLite, what changes the connection and no database is read-only, too.
        let is_lazy = prepared.statement().is_read_only()
            && prepared.columns > 0
            && matches!(prepared.keyword, Keyword::With | Keyword::Select);
        self.keep(py, &session, prepared);
        Ok(is_lazy)
    }
}
