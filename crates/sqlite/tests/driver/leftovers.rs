//! What is let go while its connection works is freed when the work has ended.

use onecross_sqlite::{Connection, Value};

use crate::database::in_memory;

/// How many statements the connection has, beside the one that counts them.
fn count(connection: &Connection) -> i64 {
    let counting = b"select count(*) - 1 from sqlite_stmt";
    let mut statement = connection.prepare(counting).unwrap().0.unwrap();
    statement.step().unwrap();
    let Some(Value::Integer(count)) = statement.value(0) else { panic!("this is a count") };
    count
}

#[test]
fn a_statement_that_is_let_go_meanwhile_is_freed_at_the_end() {
    let connection = in_memory();
    let statement = connection.prepare(b"select 1").unwrap().0.unwrap();
    let outer = connection.begin_work();
    let inner = connection.begin_work();
    drop(statement);
    connection.end_work(inner);
    assert_eq!(count(&connection), 1);
    connection.end_work(outer);
    assert_eq!(count(&connection), 0);
}

#[test]
fn a_connection_that_is_let_go_meanwhile_closes_all_the_same() {
    let connection = in_memory();
    let statement = connection.prepare(b"select 1").unwrap().0.unwrap();
    connection.begin_work();
    drop(statement);
    drop(connection);
}
