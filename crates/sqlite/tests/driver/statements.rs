//! Statements that are given up before they have run to their end.

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Statement, Step, Value};

use crate::database::{in_memory, integer, run};

const ORPHANS: &[u8] = b"insert into seat values (1), (2) returning number";

fn with_constraint() -> Connection {
    let connection = in_memory();
    run(
        &connection,
        "pragma foreign_keys = on;
         create table row (number integer primary key);
         create table seat (number references row deferrable initially deferred)",
    );
    connection
}

/// A statement at its first row.
fn begun(connection: &Connection, sql: &[u8]) -> Statement {
    let mut statement = connection.prepare(sql).unwrap().0.unwrap();
    assert_eq!(statement.step().unwrap(), Step::Row);
    statement
}

#[test]
fn a_statement_that_is_given_up_tells_if_its_commit_fails() {
    let connection = with_constraint();
    let mut statement = begun(&connection, ORPHANS);
    let error = statement.reset().unwrap_err();
    assert_eq!(error.code.0, ffi::SQLITE_CONSTRAINT_FOREIGNKEY);
    assert_eq!(error.message, "FOREIGN KEY constraint failed");
    assert_eq!(integer(&connection, "select count(*) from seat"), 0);
    assert!(statement.reset().is_ok());
}

#[test]
fn to_reset_all_tells_of_the_first_that_fails_and_resets_the_others() {
    let connection = with_constraint();
    let rows = begun(&connection, b"select 1 union select 2");
    let statement = begun(&connection, ORPHANS);
    let more_rows = begun(&connection, b"select 3 union select 4");
    let error = connection.reset_all().unwrap_err();
    assert_eq!(error.code.0, ffi::SQLITE_CONSTRAINT_FOREIGNKEY);
    assert!([rows, statement, more_rows].iter().all(|it| !it.is_busy()));
}

#[test]
fn to_reset_all_is_refused_as_long_as_a_value_is_lent() {
    let connection = in_memory();
    let mut statement = begun(&connection, b"select 'a text' union select 'b'");
    let value = statement.value(0);
    assert_eq!(connection.reset_all().unwrap_err().code.0, ffi::SQLITE_MISUSE);
    assert_eq!(value, Some(Value::Text(b"a text")));

    statement.take_values_back();
    connection.reset_all().unwrap();
    assert!(!statement.is_busy());
}

#[test]
fn a_statement_that_moved_on_has_lent_nothing() {
    let connection = in_memory();
    let mut statement = begun(&connection, b"select 'a' union select 'b'");
    statement.value(0);
    statement.step().unwrap();
    let other = begun(&connection, b"select 'c'");
    other.value(0);
    drop(other);
    connection.reset_all().unwrap();
    assert!(!statement.is_busy());
}
