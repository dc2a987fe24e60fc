//! Tables that are in no database: what SQL reads of them, and how many rows are stored at once.

mod comparisons;
mod connections;
mod loader;
mod panics;
mod plans;
mod registered;
#[path = "../callbacks/run.rs"]
mod run;

use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libsqlite3_sys as ffi;
use onecross_sqlite::{Column, Connection, Opening, Table, Value};

use run::{run, shown};

/// A value of a table's own.
#[derive(Clone, Debug, PartialEq)]
enum Own {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Own {
    fn lent(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(value) => Value::Integer(*value),
            Self::Real(value) => Value::Real(*value),
            Self::Text(text) => Value::Text(text.as_bytes()),
            Self::Blob(blob) => Value::Blob(blob),
        }
    }
}

/// Rows in memory, which counts how often it is asked for a value.
struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Own>>,
    reads: Arc<AtomicUsize>,
}

impl Rows {
    fn new(columns: &[(&str, &'static str)], rows: Vec<Vec<Own>>) -> Self {
        let column =
            |(name, declared): &(&str, &'static str)| Column { name: (*name).to_owned(), declared };
        Self { columns: columns.iter().map(column).collect(), rows, reads: Arc::default() }
    }

    /// Rows of their number and a text that is made of it.
    fn numbered(count: i64) -> Self {
        let row = |number: i64| vec![Own::Integer(number), Own::Text(format!("t{number}"))];
        Self::new(&[("a", "INTEGER"), ("b", "TEXT")], (0..count).map(row).collect())
    }
}

impl Table for Rows {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.rows[row][column].lent()
    }
}

fn open() -> Connection {
    open_path(c":memory:")
}

fn open_path(path: &std::ffi::CStr) -> Connection {
    let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
    Connection::open(&Opening { path, flags }).unwrap()
}

fn register(connection: &Connection, name: &str, table: impl Table + 'static) {
    connection.create_table(&CString::new(name).unwrap(), Arc::new(table)).unwrap();
}

/// What the statement fails with.
fn refusal(connection: &Connection, text: &str) -> String {
    run(connection, text).unwrap_err().message
}
