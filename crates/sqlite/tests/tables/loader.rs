//! Many rows stored by one statement.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Loader, Table};

use super::{Own, Rows, open, run};

fn loader(connection: &Connection, verb: &str) -> Loader {
    Loader::new(connection, 2, |source| format!("{verb} INTO t SELECT \"0\", \"1\" FROM {source}"))
        .unwrap()
}

fn rows(count: i64) -> Arc<dyn Table> {
    Arc::new(Rows::numbered(count))
}

#[test]
fn tables_are_stored_one_behind_the_other() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a INTEGER, b TEXT)").unwrap();
    let mut loader = loader(&connection, "INSERT");
    let table = rows(1000);
    let left = Arc::downgrade(&table);
    assert_eq!(loader.load(table).unwrap(), 1000);
    assert_eq!(left.strong_count(), 0);
    assert_eq!(loader.load(rows(0)).unwrap(), 0);
    assert_eq!(loader.load(rows(3)).unwrap(), 3);
    let text = "SELECT count(*), sum(a), max(b) FROM t";
    assert_eq!(run(&connection, text).unwrap(), ["1003 499503 't999'"]);
}

#[test]
fn the_row_that_is_refused_is_told_and_none_is_stored() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)").unwrap();
    run(&connection, "INSERT INTO t VALUES (70, 'x')").unwrap();
    let mut loader = loader(&connection, "INSERT");
    let unloaded = loader.load(rows(100)).unwrap_err();
    assert_eq!(unloaded.error.message, "UNIQUE constraint failed: t.a");
    assert_eq!(unloaded.row, Some(70));
    assert_eq!(run(&connection, "SELECT count(*) FROM t").unwrap(), ["1"]);
    assert_eq!(loader.load(rows(70)).unwrap(), 70);
    assert_eq!(self::loader(&connection, "INSERT OR IGNORE").load(rows(100)).unwrap(), 29);
    assert_eq!(self::loader(&connection, "REPLACE").load(rows(100)).unwrap(), 100);
}

#[test]
fn where_a_trigger_refuses_no_row_is_told() {
    let connection = open();
    run(
        &connection,
        "CREATE TABLE t (a, b); CREATE TRIGGER g BEFORE INSERT ON t WHEN new.a = 5
         BEGIN SELECT RAISE(ABORT, 'no five'); END",
    )
    .unwrap();
    let unloaded = loader(&connection, "INSERT").load(rows(10)).unwrap_err();
    assert_eq!((unloaded.error.message.as_str(), unloaded.row), ("no five", None));
}

#[test]
fn the_authorizer_is_asked_about_all_but_the_source() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b)").unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    connection
        .set_authorizer(Some(Box::new(move |action| {
            log.lock().unwrap().push(action.code);
            Ok(if action.code == ffi::SQLITE_INSERT { ffi::SQLITE_OK } else { ffi::SQLITE_DENY })
        })))
        .unwrap();
    assert_eq!(loader(&connection, "INSERT").load(rows(3)).unwrap(), 3);
    assert_eq!(told.lock().unwrap()[..], [ffi::SQLITE_INSERT]);
    told.lock().unwrap().clear();
    // What the driver asks for itself is nobody's to allow, but the table is.
    connection.create_table(c"r", rows(3)).unwrap();
    assert!(told.lock().unwrap().is_empty());
    assert!(run(&connection, "SELECT a FROM r").is_err());
}

#[test]
fn nobody_else_reads_a_source_or_stands_in_for_it() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b)").unwrap();
    let mut name = String::new();
    let mut loader = Loader::new(&connection, 2, |source| {
        name = source.to_owned();
        format!("INSERT INTO t SELECT \"0\", \"1\" FROM {source}")
    })
    .unwrap();
    assert_eq!(run(&connection, &format!("SELECT count(*) FROM {name}")).unwrap(), ["0"]);
    assert_eq!(loader.load(rows(2)).unwrap(), 2);
    drop(loader);
    assert!(run(&connection, &format!("SELECT count(*) FROM {name}")).is_err());
    let other = open();
    let mut other_name = String::new();
    run(&other, "CREATE TABLE t (a, b)").unwrap();
    Loader::new(&other, 2, |source| {
        other_name = source.to_owned();
        format!("INSERT INTO t SELECT \"0\", \"1\" FROM {source}")
    })
    .unwrap();
    assert_ne!(name, other_name);
}

#[test]
fn loaders_are_used_in_turn_and_go_in_any_order() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b)").unwrap();
    let (mut one, mut other) = (loader(&connection, "INSERT"), loader(&connection, "INSERT"));
    assert_eq!(one.load(rows(1)).unwrap(), 1);
    assert_eq!(other.load(rows(2)).unwrap(), 2);
    drop(one);
    assert_eq!(other.load(rows(3)).unwrap(), 3);
    drop(connection);
    assert_eq!(other.load(rows(4)).unwrap(), 4);
}

#[test]
fn a_table_that_is_not_there_is_told() {
    let connection = open();
    let made =
        Loader::new(&connection, 1, |source| format!("INSERT INTO t SELECT * FROM {source}"));
    assert_eq!(made.map(drop).unwrap_err().message, "no such table: t");
}

#[test]
fn values_become_what_the_columns_are() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a TEXT, b REAL)").unwrap();
    let values =
        vec![vec![Own::Integer(5), Own::Integer(6)], vec![Own::Null, Own::Text("7".into())]];
    let table = Rows::new(&[("x", ""), ("y", "")], values);
    loader(&connection, "INSERT").load(Arc::new(table)).unwrap();
    assert_eq!(run(&connection, "SELECT * FROM t").unwrap(), ["'5' 6.0", "NULL 7.0"]);
}

#[test]
fn some_of_many_columns_are_stored() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a, b, c, d)").unwrap();
    let names: Vec<_> = (0..70).map(|number| number.to_string()).collect();
    let columns: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let row = |row: i64| (0..70).map(|column| Own::Integer(1_000 * row + column)).collect();
    let table = Arc::new(Rows::new(&columns, (0..300).map(row).collect()));
    let reads = Arc::clone(&table.reads);
    let mut loader = Loader::new(&connection, 70, |source| {
        format!("INSERT INTO t SELECT \"69\", \"5\", \"62\", \"63\" FROM {source}")
    })
    .unwrap();
    assert_eq!(loader.load(table).unwrap(), 300);
    assert_eq!(reads.load(Ordering::Relaxed), 4 * 300);
    let rows = run(&connection, "SELECT * FROM t").unwrap();
    let expected =
        |row: usize| [69, 5, 62, 63].map(|column| (1_000 * row + column).to_string()).join(" ");
    assert_eq!(rows, (0..300).map(expected).collect::<Vec<_>>());
}
