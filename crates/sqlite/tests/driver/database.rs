//! Connections of the tests, and SQL that they run.

use std::ffi::{CString, c_int};
use std::fs;
use std::path::PathBuf;

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Opening, Step, Value};

pub(crate) fn in_memory() -> Connection {
    open(":memory:")
}

pub(crate) fn open(path: &str) -> Connection {
    open_with(path, ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE)
}

pub(crate) fn open_with(path: &str, flags: c_int) -> Connection {
    let path = CString::new(path).unwrap();
    Connection::open(&Opening { path: &path, flags }).unwrap()
}

/// The path of a file for one test that is not there yet.
pub(crate) fn new_path(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", path.display()));
    }
    path.display().to_string()
}

/// Runs every statement of a text.
pub(crate) fn run(connection: &Connection, mut sql: &str) {
    while !sql.is_empty() {
        let (statement, taken) = connection.prepare(sql.as_bytes()).unwrap();
        if let Some(mut statement) = statement {
            while statement.step().unwrap() == Step::Row {}
        }
        sql = &sql[taken..];
    }
}

/// The first value of the first row, an integer.
pub(crate) fn integer(connection: &Connection, sql: &str) -> i64 {
    let mut statement = connection.prepare(sql.as_bytes()).unwrap().0.unwrap();
    assert_eq!(statement.step().unwrap(), Step::Row);
    match statement.value(0) {
        Some(Value::Integer(value)) => value,
        other => panic!("{sql}: {other:?}"),
    }
}
