//! What is known under a name: from when to when, beside what else has names.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use libsqlite3_sys as ffi;
use onecross_sqlite::{Step, Switch, Table};

use super::{Own, Rows, open, refusal, register, run};

#[test]
fn its_rows_are_those_of_a_table() {
    let connection = open();
    let blob = vec![Own::Null, Own::Real(0.5), Own::Blob(vec![0, 255])];
    let text = vec![Own::Integer(-1), Own::Text(String::new()), Own::Text("é\0x".into())];
    register(&connection, "r", Rows::new(&[("a", ""), ("b", ""), ("c d", "")], vec![blob, text]));
    let rows = run(&connection, "SELECT *, rowid FROM r").unwrap();
    assert_eq!(rows, ["NULL 0.5 x[00, ff] 1", "-1 '' 'é\0x' 2"]);
    let rows = run(&connection, "SELECT name, type FROM pragma_table_info('r')").unwrap();
    assert_eq!(rows, ["'a' ''", "'b' ''", "'c d' ''"]);
}

#[test]
fn a_table_without_rows_has_none() {
    let connection = open();
    register(&connection, "r", Rows::numbered(0));
    assert!(run(&connection, "SELECT * FROM r WHERE a = 1 OR rowid > 0").unwrap().is_empty());
}

#[test]
fn it_is_read_with_stored_tables_and_stored_into_them() {
    let connection = open();
    register(&connection, "r", Rows::numbered(100));
    run(&connection, "CREATE TABLE t (a, b); INSERT INTO t SELECT * FROM r WHERE a % 2").unwrap();
    let text = "SELECT count(*), sum(r.a) FROM t JOIN r USING (b) WHERE r.a > 50";
    assert_eq!(run(&connection, text).unwrap(), ["25 1875"]);
}

#[test]
fn nothing_changes_it() {
    let connection = open();
    register(&connection, "r", Rows::numbered(3));
    assert_eq!(refusal(&connection, "DELETE FROM r"), "table r may not be modified");
    assert_eq!(refusal(&connection, "DROP TABLE r"), "table r may not be dropped");
    assert!(run(&connection, "ALTER TABLE r RENAME TO s").is_err());
    assert!(run(&connection, "CREATE INDEX i ON r (a)").is_err());
}

#[test]
fn it_is_in_no_schema_and_outlives_transactions() {
    let connection = open();
    run(&connection, "BEGIN; CREATE TABLE t (x)").unwrap();
    register(&connection, "r", Rows::numbered(3));
    run(&connection, "ROLLBACK").unwrap();
    assert_eq!(run(&connection, "SELECT count(*) FROM r").unwrap(), ["3"]);
    for schema in ["sqlite_schema", "sqlite_temp_schema"] {
        let text = format!("SELECT name FROM {schema}");
        assert!(run(&connection, &text).unwrap().is_empty());
    }
    let image = connection.serialize(c"main").unwrap();
    assert!(!image.windows(b"INTEGER".len()).any(|part| part == b"INTEGER"));
}

#[test]
fn a_name_is_told_whatever_its_case_and_replaced() {
    let connection = open();
    register(&connection, "Odd \"name\"", Rows::numbered(3));
    register(&connection, "odd \"NAME\"", Rows::numbered(4));
    let text = "SELECT count(*) FROM \"ODD \"\"name\"\"\"";
    assert_eq!(run(&connection, text).unwrap(), ["4"]);
    assert!(connection.remove_table(c"ODD \"NAME\"").unwrap());
    assert!(!connection.remove_table(c"ODD \"NAME\"").unwrap());
    assert!(refusal(&connection, text).starts_with("no such table"));
}

#[test]
fn statements_prepared_before_read_what_has_the_name_now() {
    let connection = open();
    register(&connection, "r", Rows::numbered(3));
    let mut statement = connection.prepare(b"SELECT count(*) FROM r").unwrap().0.unwrap();
    let mut count = || {
        let stepped = statement.step().map(|_| super::shown(statement.value(0)));
        let reset = statement.reset();
        assert_eq!(reset.is_err(), stepped.is_err(), "a reset tells what the step did");
        stepped.map_err(|error| error.message)
    };
    assert_eq!(count().unwrap(), "3");
    register(&connection, "r", Rows::numbered(4));
    assert_eq!(count().unwrap(), "4");
    connection.remove_table(c"r").unwrap();
    assert_eq!(count().unwrap_err(), "no such table: r");
}

#[test]
fn a_statement_that_runs_goes_on_with_what_it_began_with() {
    let connection = open();
    register(&connection, "r", Rows::numbered(5));
    let mut statement = connection.prepare(b"SELECT a, b FROM r").unwrap().0.unwrap();
    assert_eq!(statement.step().unwrap(), Step::Row);
    register(&connection, "r", Rows::numbered(2));
    assert_eq!(statement.step().unwrap(), Step::Row);
    connection.remove_table(c"r").unwrap();
    let mut seen = vec![super::shown(statement.value(1))];
    while statement.step().unwrap() == Step::Row {
        seen.push(super::shown(statement.value(1)));
    }
    assert_eq!(seen, ["'t1'", "'t2'", "'t3'", "'t4'"]);
}

#[test]
fn rows_go_with_the_last_statement_that_reads_them() {
    let connection = open();
    let rows: Arc<dyn Table> = Arc::new(Rows::numbered(5));
    let left = Arc::downgrade(&rows);
    connection.create_table(c"r", rows).unwrap();
    let mut statement = connection.prepare(b"SELECT a FROM r").unwrap().0.unwrap();
    assert_eq!(statement.step().unwrap(), Step::Row);
    connection.remove_table(c"r").unwrap();
    assert_eq!(left.strong_count(), 1 + 1);
    drop(statement);
    assert_eq!(left.strong_count(), 0);
}

#[test]
fn rows_go_with_the_connection_and_its_last_statement() {
    let connection = open();
    let rows: Arc<dyn Table> = Arc::new(Rows::numbered(5));
    let left = Arc::downgrade(&rows);
    connection.create_table(c"r", rows).unwrap();
    let mut statement = connection.prepare(b"SELECT a FROM r").unwrap().0.unwrap();
    assert_eq!(statement.step().unwrap(), Step::Row);
    drop(connection);
    assert_eq!(statement.step().unwrap(), Step::Row);
    drop(statement);
    assert_eq!(left.strong_count(), 0);
}

#[test]
fn names_that_are_taken_are_refused() {
    let connection = open();
    run(&connection, "CREATE TABLE t (x); CREATE TEMP VIEW v AS SELECT 1").unwrap();
    for (name, what) in [
        (c"T", "a table"),
        (c"v", "a table or a view"),
        (c"json_each", "a table or a view"),
        (c"fts5", "a module of SQLite's"),
        (c"sqlite_schema", "a table"),
        (c"pragma_table_info", "a table or a view"),
    ] {
        let error = connection.create_table(name, Arc::new(Rows::numbered(1))).unwrap_err();
        let name = name.to_str().unwrap();
        assert_eq!(error.message, format!("there is {what} of the name {name} already"));
    }
    assert_eq!(run(&connection, "SELECT count(*) FROM t").unwrap(), ["0"]);
    run(&connection, "CREATE VIRTUAL TABLE f USING fts5(x)").unwrap();
}

#[test]
fn a_stored_table_takes_precedence_and_keeps_the_name() {
    let connection = open();
    register(&connection, "r", Rows::numbered(3));
    run(&connection, "CREATE TABLE r (x)").unwrap();
    assert_eq!(run(&connection, "SELECT count(*) FROM r").unwrap(), ["0"]);
    let error = connection.create_table(c"r", Arc::new(Rows::numbered(4))).unwrap_err();
    assert_eq!(error.message, "there is a table of the name r already");
    run(&connection, "DROP TABLE r").unwrap();
    assert_eq!(run(&connection, "SELECT count(*) FROM r").unwrap(), ["3"]);
}

#[test]
fn columns_that_sqlite_refuses_leave_nothing_behind() {
    let connection = open();
    for (columns, message) in [
        (&[("a", ""), ("A", "")][..], "duplicate column name: A"),
        (&[("a\0b", "")][..], "the name of a column has a NUL character"),
    ] {
        let rows = Rows::new(columns, Vec::new());
        let error = connection.create_table(c"r", Arc::new(rows)).unwrap_err();
        assert!(error.message.contains(message), "{}", error.message);
        assert_eq!(refusal(&connection, "SELECT * FROM r"), "no such table: r");
    }
    let limit = onecross_sqlite::LIMITS.iter().find(|known| known.0 == "SQLITE_LIMIT_COLUMN");
    connection.set_limit(limit.unwrap().1, 1);
    let error = connection.create_table(c"r", Arc::new(Rows::numbered(1))).unwrap_err();
    assert!(error.message.contains("too many columns"), "{}", error.message);
}

#[test]
fn without_trust_in_schemas_it_is_read_but_not_by_a_view() {
    let connection = open();
    run(&connection, "CREATE VIEW v AS SELECT a FROM r").unwrap();
    for option in [ffi::SQLITE_DBCONFIG_DEFENSIVE, ffi::SQLITE_DBCONFIG_TRUSTED_SCHEMA] {
        let is_on = option == ffi::SQLITE_DBCONFIG_DEFENSIVE;
        connection.turn(Switch::new(option).unwrap(), is_on).unwrap();
    }
    register(&connection, "r", Rows::numbered(3));
    assert_eq!(run(&connection, "SELECT max(a) FROM r").unwrap(), ["2"]);
    assert_eq!(refusal(&connection, "SELECT * FROM v"), "unsafe use of virtual table \"r\"");
}

#[test]
fn no_more_is_read_than_is_asked_for() {
    let connection = open();
    let rows = Rows::numbered(1000);
    let reads = Arc::clone(&rows.reads);
    register(&connection, "r", rows);
    run(&connection, "SELECT b FROM r LIMIT 3").unwrap();
    assert_eq!(reads.swap(0, Ordering::Relaxed), 3);
    run(&connection, "SELECT count(*) FROM r").unwrap();
    assert_eq!(reads.swap(0, Ordering::Relaxed), 0);
}
