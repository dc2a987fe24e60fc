//! A statement run once for each row of columns.

use onecross_sql::write::lent;
use onecross_sqlite::Step;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::atomic::Atomic;
use super::connection::Connection;
use super::cursor::Cursor;
use super::entered::Entered;
use super::execute::{fetch_ahead, first_step};
use super::intake::{Chunks, Intake};
use super::parameters::name_of;
use super::prepared::Prepared;
use super::{columns, errors};
use crate::cpython::new_count;
use crate::gate::Passage;

/// The columns that a statement is to be run with; `None` where it is given rows of parameters.
pub(super) fn columns_of<'py>(sets: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, Intake>>> {
    if sets.is_exact_instance_of::<PyList>() || sets.is_exact_instance_of::<PyTuple>() {
        return Ok(None);
    }
    let py = sets.py();
    let module = py.import(intern!(py, "onecross.sql._intake"))?;
    let found = module.getattr(intern!(py, "columns_of"))?.call1((sets,))?;
    Ok(found.cast_into::<Intake>().ok())
}

/// Runs a statement for all rows, or for none.
pub(super) fn execute<'py>(
    cursor: &Cursor,
    connection: &Connection,
    session: &Entered<'py>,
    sql: &Bound<'py, PyString>,
    intake: &Bound<'py, Intake>,
    passage: &Passage<'py>,
) -> PyResult<()> {
    let py = sql.py();
    let _lock = cursor.lock(py);
    cursor.begin_anew(py, connection, session);
    let Some(mut prepared) = connection.prepared(py, session, sql)? else { return Ok(()) };
    let run = Run { py, cursor, connection, session };
    let outcome = run.all(&mut prepared, intake.get().take(py), passage);
    connection.keep_unfinished(py, session, prepared);
    outcome.inspect_err(|_| cursor.state.get(py).rows.set(-1))
}

struct Run<'a, 'py> {
    py: Python<'py>,
    cursor: &'a Cursor,
    connection: &'a Connection,
    session: &'a Entered<'py>,
}

impl Run<'_, '_> {
    fn all(
        &self,
        prepared: &mut Prepared,
        chunks: PyResult<Chunks>,
        passage: &Passage<'_>,
    ) -> PyResult<()> {
        let (py, mut chunks) = (self.py, chunks?);
        if prepared.statement().is_read_only() {
            let message = "executemany() can only execute DML statements.";
            return Err(errors::programming(py, message));
        }
        let places = places(py, prepared, &chunks)?;
        chunks.want(places.clone());
        let atomic = Atomic::begin(py, self.connection, self.session)?;
        match self.rows(prepared, &mut chunks, &places, &atomic, passage) {
            Ok(changed) => {
                atomic.keep()?;
                if prepared.is_change {
                    self.cursor.state.get(py).rows.set(changed);
                }
                prepared.refresh(py);
                columns::learn(py, self.session, prepared, 0)?;
                self.cursor.describe_as(py, prepared);
                Ok(())
            }
            Err(error) => {
                // What it failed with is told already.
                drop(self.session.work(|| prepared.bound.reset()));
                Err(atomic.undo(error))
            }
        }
    }

    fn rows(
        &self,
        prepared: &mut Prepared,
        chunks: &mut Chunks,
        places: &[usize],
        atomic: &Atomic<'_, '_>,
        passage: &Passage<'_>,
    ) -> PyResult<i64> {
        let (py, mut done, mut changed) = (self.py, 0, 0);
        loop {
            let rows = chunks.next(py, self.session, done)?;
            atomic.check()?;
            let Some(rows) = rows else { return Ok(changed) };
            for row in 0..rows.rows {
                let values = places.iter().map(|place| lent(rows.columns[*place].value(row)));
                let bound = prepared.bound.bind_values(values);
                bound.map_err(|error| self.session.error(py, &error))?;
                let stepped = first_step(py, self.session, prepared)
                    .map_err(|error| of_row(py, error, done + row))?;
                if stepped == Step::Row {
                    fetch_ahead(self.cursor, self.connection, self.session, prepared)?;
                }
                changed += self.session.database.changes();
                passage.pulse_idle(row + 1).map_err(|error| *error)?;
            }
            atomic.note_stored();
            done += rows.rows;
            chunks.recycle(rows);
        }
    }
}

/// The error of a statement that was run for that row. If a value of it was refused, it says so.
#[cold]
fn of_row(py: Python<'_>, error: PyErr, row: usize) -> PyErr {
    if !error.is_instance_of::<errors::IntegrityError>(py) {
        return error;
    }
    let told = error.value(py).setattr(intern!(py, "row"), new_count(py, row));
    told.err().unwrap_or(error)
}

/// The column that each parameter is given: by its name, or by its place.
fn places(py: Python<'_>, prepared: &Prepared, chunks: &Chunks) -> PyResult<Vec<usize>> {
    let columns = chunks.wanted();
    let label = |place: &usize| &chunks.labels()[*place][..];
    let listed = || columns.iter().map(label).collect::<Vec<_>>().join(", ");
    let count = prepared.statement().parameter_count();
    let mut places = Vec::with_capacity(count);
    for number in 1..=count {
        let name = name_of(prepared, number).filter(|name| !name.starts_with('?'));
        let mut named = columns
            .iter()
            .filter(|place| Some(label(place)) == name.and_then(|name| name.get(1..)));
        let place = match name {
            Some(_) => named.next(),
            None => columns.get(number - 1),
        };
        let which = || {
            name.map_or(format!("parameter {number}"), |name| {
                format!("parameter {number} ({name})")
            })
        };
        if named.next().is_some() {
            let message = format!("there are two columns for {}: {}", which(), listed());
            return Err(errors::programming(py, &message));
        }
        places.push(*place.ok_or_else(|| {
            let message =
                format!("there is no column for {}: the columns are {}", which(), listed());
            errors::programming(py, &message)
        })?);
    }
    if count < columns.len() && !places.is_empty() && prepared_is_by_place(prepared, count) {
        let message = format!(
            "there are {} columns, and the statement has {count} parameters",
            columns.len()
        );
        return Err(errors::programming(py, &message));
    }
    Ok(places)
}

fn prepared_is_by_place(prepared: &Prepared, count: usize) -> bool {
    (1..=count).all(|number| name_of(prepared, number).is_none_or(|name| name.starts_with('?')))
}
