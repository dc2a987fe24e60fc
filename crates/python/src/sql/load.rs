//! Rows stored by an INSERT that reads a chunk of them at a time.

use std::sync::Arc;

use onecross_sql::write::{Column, Kind, One, Rows};
use onecross_sqlite::{self as sqlite, Loader, Table, Unloaded, codes};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::atomic::Atomic;
use super::connection::Connection;
use super::errors;
use super::intake::{Chunks, Intake, Stand};
use super::session::Session;
use crate::cpython::{Text, new_count, text};
use crate::fault::{self, Place};
use crate::gate::{self, Passage};

/// What becomes of rows.
#[derive(FromPyObject)]
pub(crate) struct Load<'py> {
    /// The table, as messages name it.
    table: Bound<'py, PyString>,
    /// What is run before; nothing if it is empty.
    first: Bound<'py, PyString>,
    /// The statement up to its SELECT.
    head: Bound<'py, PyString>,
    /// What follows the source.
    tail: Bound<'py, PyString>,
    /// Which columns are taken, in the order of the statement's; all, if there are none here.
    places: Vec<usize>,
    /// What the statement calls them; nothing where it names no columns.
    names: Vec<Bound<'py, PyString>>,
    /// The type of each of the statement's columns, if the values tell it; else nothing.
    guessed: Vec<Bound<'py, PyString>>,
    /// Told how many rows are stored.
    progress: Option<Bound<'py, PyAny>>,
}

/// Stores all rows, or none; answers how many were stored or changed.
///
/// What begins it reads the first rows, and answers what has all of them, and what becomes of them.
#[pyfunction]
pub(crate) fn load_rows(
    connection: &Bound<'_, Connection>,
    begin: &Bound<'_, PyAny>,
) -> PyResult<i64> {
    gate::enter(connection.py(), |passage| {
        let py = connection.py();
        let session = connection.get().enter(py)?;
        let atomic = Atomic::begin(py, connection.get(), &session)?;
        let load = || {
            let (intake, how): (Bound<'_, Intake>, Load<'_>) = begin.call0()?.extract()?;
            let mut chunks = intake.get().take(py)?;
            chunks.want(how.places.clone());
            let loading = Loading { py, session: &session, how: &how, atomic: &atomic };
            loading.run(chunks, passage)
        };
        match load() {
            Ok(count) => atomic.keep().map(|()| count),
            Err(error) => Err(atomic.undo(error)),
        }
    })
}

struct Loading<'a, 'py> {
    py: Python<'py>,
    session: &'a Session,
    how: &'a Load<'py>,
    atomic: &'a Atomic<'a, 'py>,
}

impl Loading<'_, '_> {
    fn run(&self, mut chunks: Chunks, passage: &Passage<'_>) -> PyResult<i64> {
        let mut chunk = chunks.next(self.py, self.session, 0)?;
        self.atomic.check()?;
        let first = utf8(&self.how.first)?;
        if !first.is_empty() {
            self.execute(&first)?;
        }
        let width = chunk.as_ref().map_or(chunks.width(), |rows| rows.columns.len());
        if width == 0 {
            return self.nothing(chunk.is_some());
        }
        let kinds = self.kinds()?;
        let mut loader = self.loader(width)?;
        let (mut done, mut changed) = (0, 0);
        while let Some(rows) = chunk {
            self.session.go_on(self.py)?;
            self.check_kinds(&kinds, &rows, done, chunks.labels())?;
            let table: Arc<dyn Table> = Arc::clone(&rows) as _;
            let loaded = self.session.work(|| {
                fault::point(Place::Load);
                loader.load(table)
            });
            if let Some(error) = self.session.take_pending(self.py) {
                return Err(error);
            }
            match loaded {
                Ok(count) => changed += count,
                Err(unloaded) => {
                    return Err(self.refusal(&mut loader, &chunks, &rows, done, &unloaded));
                }
            }
            self.atomic.note_stored();
            done += rows.rows;
            chunks.recycle(rows);
            if let Some(progress) = &self.how.progress {
                let total = chunks.total().map(|total| new_count(self.py, total));
                progress.call1((new_count(self.py, done), total))?;
            }
            passage.pulse_idle(0).map_err(|error| *error)?;
            chunk = chunks.next(self.py, self.session, done)?;
            self.atomic.check()?;
        }
        Ok(changed)
    }

    /// Stores rows that have no columns: none, which wants a table nevertheless.
    fn nothing(&self, has_rows: bool) -> PyResult<i64> {
        if has_rows {
            return Err(errors::programming(self.py, "the rows that were given have no values"));
        }
        let text = format!("{} DEFAULT VALUES", utf8(&self.how.head)?);
        let prepared = self.session.work(|| self.session.database.prepare(text.as_bytes()));
        prepared.map(|_| 0).map_err(|error| self.session.error(self.py, &error))
    }

    /// The columns whose values tell their type, with their place in what was given.
    fn kinds(&self) -> PyResult<Vec<(usize, Kind, String)>> {
        let mut kinds = Vec::new();
        for (number, declared) in self.how.guessed.iter().enumerate() {
            let declared = utf8(declared)?;
            let place = self.how.places.get(number).copied().unwrap_or(number);
            if let Some(kind) = Kind::of_declared(&declared) {
                kinds.push((place, kind, declared));
            }
        }
        Ok(kinds)
    }

    /// # Errors
    ///
    /// A value is of another type than those that told that of its column.
    fn check_kinds(
        &self,
        kinds: &[(usize, Kind, String)],
        rows: &Rows,
        done: usize,
        labels: &[String],
    ) -> PyResult<()> {
        for (place, kind, declared) in kinds {
            let Some(Column::Cells(cells)) = rows.columns.get(*place) else { continue };
            let Some(row) = cells.first_unlike(*kind) else { continue };
            let number = (place + 1).to_string();
            let stand = Stand { column: labels.get(*place).unwrap_or(&number), row: done };
            let value = cells.value(row).to_string();
            return Err(stand.unlike(self.py, row, &value, declared));
        }
        Ok(())
    }

    fn execute(&self, text: &str) -> PyResult<()> {
        let stepped = self.session.work(|| {
            let (statement, _) = self.session.database.prepare(text.as_bytes())?;
            statement.map_or(Ok(()), |mut it| it.step().map(drop).map_err(|error| *error))
        });
        stepped.map_err(|error| self.session.error(self.py, &error))?;
        self.session.take_pending(self.py).map_or(Ok(()), Err)
    }

    fn loader(&self, width: usize) -> PyResult<Loader> {
        let (head, tail) = (utf8(&self.how.head)?, utf8(&self.how.tail)?);
        let all: Vec<_>;
        let places = if self.how.places.is_empty() {
            all = (0..width).collect();
            &all
        } else {
            &self.how.places
        };
        let selected: Vec<_> = places.iter().map(|place| format!("\"{place}\"")).collect();
        let selected = selected.join(", ");
        let made = self.session.work(|| {
            Loader::new(&self.session.database, width, |source| {
                format!("{head} SELECT {selected} FROM {source}{tail}")
            })
        });
        made.map_err(|error| self.session.error(self.py, &error))
    }

    /// The error for rows that were not stored: which of them, and what is in it.
    #[cold]
    fn refusal(
        &self,
        loader: &mut Loader,
        chunks: &Chunks,
        rows: &Arc<Rows>,
        done: usize,
        unloaded: &Unloaded,
    ) -> PyErr {
        let (py, error) = (self.py, &unloaded.error);
        let is_about_a_value =
            matches!(error.code.primary(), codes::CONSTRAINT | codes::MISMATCH | codes::TOOBIG);
        if !is_about_a_value || self.session.database.is_autocommit() {
            return self.session.error(py, error);
        }
        let row = unloaded.row.or_else(|| self.find(loader, rows, error));
        let Some(row) = row else { return self.session.error(py, error) };
        let table = self.how.table.to_string();
        let names = chunks.labels();
        let named = self.named(&error.message, rows.columns.len());
        let shown = |place: &usize| {
            let value = rows.columns[*place].value(row);
            match names.get(*place) {
                Some(name) => format!("{name} = {value}"),
                None => value.to_string(),
            }
        };
        let all: Vec<_> = (0..rows.columns.len()).collect();
        let told = if named.is_empty() { &all } else { &named };
        let told: Vec<_> = told.iter().take(8).map(shown).collect();
        let row_number = done + row;
        let message =
            format!("{}: row {row_number} for {table} ({})", error.message, told.join(", "));
        let raised = self.session.error(py, &sqlite::Error { message, ..error.clone() });
        let tell = |raised: &Bound<'_, PyAny>| {
            raised.setattr(intern!(py, "row"), new_count(py, row_number))?;
            if let [place] = named[..] {
                let value = rows.columns[place].value(row).to_string();
                raised.setattr(intern!(py, "column"), text(py, &names[place])?)?;
                raised.setattr(intern!(py, "value"), text(py, &value)?)?;
            }
            Ok(())
        };
        match tell(raised.value(py).as_any()) {
            Ok(()) => raised,
            Err(error) => error,
        }
    }

    /// The columns of what was given that are for those of the table that a message names.
    fn named(&self, message: &str, width: usize) -> Vec<usize> {
        let message = message.to_ascii_lowercase();
        let named = message.rsplit_once(": ").map_or(&message[..], |(_, named)| named);
        let mut places = Vec::new();
        for (number, name) in self.how.names.iter().enumerate() {
            let place = self.how.places.get(number).copied().unwrap_or(number);
            let ending = format!(".{}", Text::of(name).to_lossy().to_ascii_lowercase());
            if place < width && named.split(", ").any(|part| part.ends_with(&ending)) {
                places.push(place);
            }
        }
        places
    }

    /// Stores the rows one by one, as far as one is refused for the same reason. They are undone
    /// with all the others.
    fn find(&self, loader: &mut Loader, rows: &Arc<Rows>, error: &sqlite::Error) -> Option<usize> {
        // A row may refer to another one behind it.
        const FOREIGN_KEY: i32 = 787;
        if error.code.0 == FOREIGN_KEY {
            return None;
        }
        self.session.work(|| {
            (0..rows.rows).find(|row| {
                let one = Arc::new(One { table: Arc::clone(rows), row: *row });
                loader.load(one).is_err_and(|unloaded| unloaded.error.code == error.code)
            })
        })
    }
}

/// The text in UTF-8.
fn utf8(text: &Bound<'_, PyString>) -> PyResult<String> {
    let bytes = text.encode_utf8()?;
    Ok(String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

type Registered<'py> = (Bound<'py, Intake>, Vec<Bound<'py, PyString>>, Vec<usize>);

/// Has the connection know a table that is in no database.
///
/// What begins it answers what has the rows, the names of the table's columns, and which of those
/// that are given they are; all, if there are none here.
#[pyfunction]
pub(crate) fn register_table(
    connection: &Bound<'_, Connection>,
    name: &Bound<'_, PyString>,
    begin: &Bound<'_, PyAny>,
) -> PyResult<()> {
    gate::enter(connection.py(), |passage| {
        let py = connection.py();
        let name = c_text(name)?;
        let session = connection.get().enter(py)?;
        let (intake, names, places): Registered<'_> = begin.call0()?.extract()?;
        let mut chunks = intake.get().take(py)?;
        chunks.want(places.clone());
        let types = chunks.declared(py)?;
        let (mut parts, mut done) = (Vec::new(), 0);
        while let Some(rows) = chunks.next(py, &session, done)? {
            session.go_on(py)?;
            done += rows.rows;
            let mut rows = Arc::unwrap_or_clone(rows);
            if !places.is_empty() {
                let mut columns: Vec<_> = rows.columns.into_iter().map(Some).collect();
                let taken = places.iter().map(|place| columns[*place].take());
                rows.columns = taken.collect::<Option<_>>().unwrap_or_default();
            }
            parts.push(rows);
            passage.pulse_idle(0).map_err(|error| *error)?;
        }
        let columns = names.iter().enumerate().map(|(number, name)| {
            let place = places.get(number).copied().unwrap_or(number);
            let known = types.get(place).copied().flatten();
            let declared = known.unwrap_or_else(|| declared(&parts, number));
            Ok(sqlite::Column { name: utf8(name)?, declared })
        });
        let columns = columns.collect::<PyResult<Vec<_>>>()?;
        let table = onecross_sql::write::Joined::new(columns, parts);
        let made = session.work(|| session.database.create_table(&name, Arc::new(table)));
        made.map_err(|error| session.error(py, &error))?;
        connection.get().forget_statements(py);
        Ok(())
    })
}

/// Has the connection forget such a table; tells whether it knew it.
#[pyfunction]
pub(crate) fn unregister_table(
    connection: &Bound<'_, Connection>,
    name: &Bound<'_, PyString>,
) -> PyResult<bool> {
    gate::guard(|| {
        let py = connection.py();
        let name = c_text(name)?;
        let session = connection.get().enter(py)?;
        let removed = session.work(|| session.database.remove_table(&name));
        let removed = removed.map_err(|error| session.error(py, &error))?;
        connection.get().forget_statements(py);
        Ok(removed)
    })
}

/// The type that all parts of a column have.
fn declared(parts: &[Rows], place: usize) -> &'static str {
    let mut known = None;
    for part in parts {
        if let Some(Column::Cells(cells)) = part.columns.get(place) {
            let declared = cells.declared();
            if *known.get_or_insert(declared) != declared {
                return "";
            }
        }
    }
    known.unwrap_or("")
}

fn c_text(name: &Bound<'_, PyString>) -> PyResult<std::ffi::CString> {
    std::ffi::CString::new(utf8(name)?)
        .map_err(|_| errors::programming(name.py(), "the name has a NUL character"))
}
