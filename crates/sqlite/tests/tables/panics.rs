//! A table panics wherever it is asked, which comes out of the call that made SQLite ask.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use onecross_sqlite::{Column, Connection, Loader, Table, Value};

use super::{Rows, open, run};

/// Panics where it is told to, once it is armed.
struct Panicking {
    place: &'static str,
    is_armed: Arc<AtomicBool>,
    rows: Rows,
}

impl Panicking {
    fn pass(&self, place: &str) {
        let panics = self.is_armed.load(Ordering::Relaxed) && self.place == place;
        assert!(!panics, "of a test");
    }
}

impl Table for Panicking {
    fn columns(&self) -> &[Column] {
        self.pass("columns");
        self.rows.columns()
    }

    fn rows(&self) -> usize {
        self.pass("rows");
        self.rows.rows()
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.pass("value");
        self.rows.value(row, column)
    }
}

impl Drop for Panicking {
    fn drop(&mut self) {
        self.pass("drop");
    }
}

fn panicking(place: &'static str) -> (Arc<Panicking>, Arc<AtomicBool>) {
    let is_armed = Arc::new(AtomicBool::new(false));
    let rows = Rows::numbered(100);
    (Arc::new(Panicking { place, is_armed: Arc::clone(&is_armed), rows }), is_armed)
}

fn panicked(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("nothing panicked");
    panic.downcast_ref::<&str>().expect("a message").to_string()
}

fn usable(connection: &Connection) {
    assert!(connection.is_autocommit());
    assert!(connection.admit().is_ok());
    assert_eq!(run(connection, "SELECT count(*) FROM t").unwrap(), ["0"]);
}

#[test]
fn as_it_is_registered() {
    for place in ["columns", "rows"] {
        let connection = open();
        run(&connection, "CREATE TABLE t (a, b)").unwrap();
        let (table, is_armed) = panicking(place);
        is_armed.store(true, Ordering::Relaxed);
        assert_eq!(panicked(|| drop(connection.create_table(c"r", table))), "of a test");
        usable(&connection);
        is_armed.store(false, Ordering::Relaxed);
        drop(connection);
    }
}

#[test]
fn as_it_is_read() {
    let reading = [
        ("rows", "SELECT a FROM r"),
        ("rows", "SELECT a FROM r WHERE rowid > 5"),
        ("value", "SELECT a FROM r"),
        ("value", "SELECT r.b FROM r AS q CROSS JOIN r ON r.a = q.rowid"),
        ("value", "INSERT INTO t SELECT * FROM r"),
        ("value", "SELECT count(*) FROM r GROUP BY b"),
    ];
    for (place, text) in reading {
        let connection = open();
        run(&connection, "CREATE TABLE t (a, b)").unwrap();
        let (table, is_armed) = panicking(place);
        connection.create_table(c"r", table).unwrap();
        let mut statement = connection.prepare(text.as_bytes()).unwrap().0.unwrap();
        is_armed.store(true, Ordering::Relaxed);
        assert_eq!(panicked(|| drop(statement.step())), "of a test", "{text}");
        usable(&connection);
        is_armed.store(false, Ordering::Relaxed);
        drop(statement.reset());
        assert!(statement.step().is_ok(), "{text}");
    }
}

#[test]
fn as_an_index_is_made() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b)").unwrap();
    let (table, is_armed) = panicking("value");
    connection.create_table(c"r", table).unwrap();
    let text = "SELECT rowid FROM r WHERE a = 5";
    assert_eq!(run(&connection, text).unwrap(), ["6"]);
    is_armed.store(true, Ordering::Relaxed);
    assert_eq!(panicked(|| drop(run(&connection, text))), "of a test");
    usable(&connection);
    is_armed.store(false, Ordering::Relaxed);
    assert_eq!(run(&connection, text).unwrap(), ["6"]);
}

#[test]
fn as_it_goes() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b)").unwrap();
    let (table, is_armed) = panicking("drop");
    connection.create_table(c"r", table).unwrap();
    run(&connection, "SELECT * FROM r").unwrap();
    is_armed.store(true, Ordering::Relaxed);
    assert_eq!(panicked(|| drop(connection.remove_table(c"r"))), "of a test");
    usable(&connection);
    assert!(run(&connection, "SELECT * FROM r").is_err());
}

#[test]
fn as_it_is_loaded() {
    for place in ["rows", "value"] {
        let connection = open();
        run(&connection, "CREATE TABLE t (a, b)").unwrap();
        let (table, is_armed) = panicking(place);
        let mut loader = Loader::new(&connection, 2, |source| {
            format!("INSERT INTO t SELECT \"0\", \"1\" FROM {source}")
        })
        .unwrap();
        is_armed.store(true, Ordering::Relaxed);
        assert_eq!(panicked(|| drop(loader.load(table))), "of a test");
        usable(&connection);
        assert_eq!(loader.load(Arc::new(Rows::numbered(2))).unwrap(), 2);
    }
}
