//! Many rows stored by one statement: an INSERT that selects them from a table nobody else knows.

use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use super::module::Rows;
use super::registry::{Unasked, create_module};
use super::{Column, Table};
use crate::connection::Connection;
use crate::error::Error;
use crate::handle::Handle;
use crate::leftover::Leftover;
use crate::statement::{Statement, Step};
use crate::value::Value;

/// A statement that reads rows from a source, run once for each table of them.
pub struct Loader {
    /// Goes before the source that it reads.
    statement: Option<Statement>,
    source: Source,
}

struct Source {
    handle: Arc<Handle>,
    name: CString,
    rows: Rc<Rows>,
    nothing: Arc<dyn Table>,
}

/// Why rows could not be stored.
#[derive(Debug)]
pub struct Unloaded {
    /// What SQLite reports.
    pub error: Error,
    /// The row, counted from 0, that was being stored; `None` where SQLite had gathered all of them
    /// before, as it does for triggers, or had stored the last.
    pub row: Option<usize>,
}

impl Loader {
    /// Prepares the statement, which is told under which name it finds the columns "0", "1" and so
    /// on. The authorizer is asked about all but the source.
    ///
    /// # Errors
    ///
    /// What SQLite reports: there is no such table, say; or the connection cannot be used here.
    pub fn new(
        connection: &Connection,
        columns: usize,
        statement: impl FnOnce(&str) -> String,
    ) -> Result<Self, Error> {
        let handle = &connection.handle;
        handle.admit()?;
        let columns = (0..columns).map(|number| Column { name: number.to_string(), declared: "" });
        let nothing: Arc<dyn Table> = Arc::new(Nothing(columns.collect()));
        let source_name = handle.tables.new_source();
        let name =
            CString::new(source_name.as_str()).map_err(|_| Error::of_code(ffi::SQLITE_MISUSE))?;
        let rows = Rc::new(Rows::new(Arc::clone(&nothing), true));
        // SAFETY: the handle outlives its connection.
        unsafe { create_module(handle, &name, Rc::clone(&rows))? };
        let source = Source { handle: Arc::clone(handle), name, rows, nothing };
        let mut text = statement(&source_name).into_bytes();
        text.push(0);
        let prepared = handle.tables.unasked(Unasked::Selecting, || connection.prepare(&text));
        Ok(Self { statement: prepared?.0, source })
    }

    /// Runs the statement with the rows of a table, which has the columns that were promised;
    /// answers how many rows were changed.
    ///
    /// # Errors
    ///
    /// What SQLite reports, and for which row. What was stored of the table is undone then, as the
    /// statement says.
    pub fn load(&mut self, table: Arc<dyn Table>) -> Result<i64, Box<Unloaded>> {
        let Some(statement) = &mut self.statement else {
            let error = Error::of_code(ffi::SQLITE_MISUSE);
            return Err(Box::new(Unloaded { error, row: None }));
        };
        // Nothing that was read from the table before is in the statement any more. What a reset
        // answers was told by the step before it.
        drop(statement.reset());
        let rows = &self.source.rows;
        rows.left_at.set(None);
        drop(rows.table.replace(table));
        let stepped = loop {
            match statement.step() {
                Ok(Step::Row) => {}
                Ok(Step::Done) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        // SAFETY: the connection is open.
        let changes = unsafe { ffi::sqlite3_changes64(self.source.handle.raw()) };
        drop(statement.reset());
        drop(rows.table.replace(Arc::clone(&self.source.nothing)));
        match stepped {
            Ok(()) => Ok(changes),
            Err(error) => Err(Box::new(Unloaded { error: *error, row: rows.left_at.get() })),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // SAFETY: the statement that used it is gone.
        unsafe { self.handle.let_go(Leftover::Module(name)) };
    }
}

/// The columns of a source before and after it has rows.
struct Nothing(Vec<Column>);

impl Table for Nothing {
    fn columns(&self) -> &[Column] {
        &self.0
    }

    fn rows(&self) -> usize {
        0
    }

    fn value(&self, _row: usize, _column: usize) -> Value<'_> {
        Value::Null
    }
}
