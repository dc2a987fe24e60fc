//! Callbacks that fail: which error is told, and what is not committed.

use std::cmp::Ordering;

use onecross_sqlite::{Connection, Failed};

use super::{Log, one, open, run};

fn with_rows() -> Connection {
    let connection = open();
    run(&connection, "CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b'), ('c')").unwrap();
    connection
}

/// Runs what must fail by a callback, and then sees whether the connection is as ever.
fn aborted(connection: &Connection, text: &str) -> String {
    let error = run(connection, text).unwrap_err();
    assert_eq!(error.code.primary(), libsqlite3_sys::SQLITE_ABORT);
    assert_eq!(one(connection, "SELECT count(*) FROM t"), "3");
    error.message
}

#[test]
fn a_collation_that_fails_is_asked_no_more_and_ends_its_statement() {
    let (connection, log) = (with_rows(), Log::default());
    let told = log.clone();
    let failing = Box::new(move |_: &[u8], _: &[u8]| {
        told.tell("asked");
        Err::<Ordering, _>(Failed)
    });
    connection.create_collation(c"failing", failing).unwrap();
    let sorted = aborted(&connection, "SELECT x FROM t ORDER BY x COLLATE failing");
    assert_eq!(sorted, "the collation failed");
    assert_eq!(log.take(), ["asked"]);
}

#[test]
fn what_a_failed_callback_leaves_half_done_is_not_committed() {
    let connection = with_rows();
    let failing = |_: &[u8], _: &[u8]| Err::<Ordering, _>(Failed);
    connection.create_collation(c"failing", Box::new(failing)).unwrap();
    run(
        &connection,
        "CREATE TABLE names (x COLLATE failing UNIQUE); INSERT INTO names VALUES ('a')",
    )
    .unwrap();
    aborted(&connection, "INSERT INTO names VALUES ('b')");
    aborted(&connection, "CREATE INDEX i ON t (x COLLATE failing)");
    assert_eq!(one(&connection, "SELECT count(*) FROM names"), "1");
    assert_eq!(one(&connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'i'"), "0");

    connection.set_update_hook(Some(Box::new(|_| Err(Failed))));
    assert_eq!(aborted(&connection, "INSERT INTO t VALUES ('d')"), "the update hook failed");
}

#[test]
fn every_other_failure_is_told() {
    let connection = with_rows();
    connection.set_authorizer(Some(Box::new(|_| Err(Failed)))).unwrap();
    assert_eq!(run(&connection, "SELECT 1").unwrap_err().message, "the authorizer failed");
    connection.set_authorizer(None).unwrap();
    connection.set_commit_hook(Some(Box::new(|| Err(Failed))));
    assert_eq!(aborted(&connection, "DELETE FROM t"), "the commit hook failed");
    connection.set_commit_hook(None);
    connection.set_rollback_hook(Some(Box::new(|| Err(Failed))));
    assert_eq!(aborted(&connection, "BEGIN; DELETE FROM t; ROLLBACK"), "the rollback hook failed");
    connection.set_rollback_hook(None);
    let once = Log::default();
    connection
        .set_tracer(Some(Box::new(move |_| {
            once.tell("asked");
            if once.0.lock().unwrap().len() == 1 { Err(Failed) } else { Ok(()) }
        })))
        .unwrap();
    assert_eq!(aborted(&connection, "DELETE FROM t"), "the tracer failed");
    connection.set_tracer(None).unwrap();
    connection.set_profiler(Some(Box::new(|_, _| Err(Failed)))).unwrap();
    assert_eq!(run(&connection, "SELECT 1").unwrap_err().message, "the profiler failed");
}

#[test]
fn a_rollback_is_told_also_of_what_failed() {
    let (connection, log) = (with_rows(), Log::default());
    let told = log.clone();
    connection.set_rollback_hook(Some(Box::new(move || {
        told.tell("rollback");
        Ok(())
    })));
    connection.set_update_hook(Some(Box::new(|_| Err(Failed))));
    aborted(&connection, "INSERT INTO t VALUES ('d')");
    assert_eq!(log.take(), ["rollback"]);
}

#[test]
fn who_lets_a_statement_go_is_told_of_no_failure() {
    let connection = with_rows();
    connection.set_profiler(Some(Box::new(|_, _| Err(Failed)))).unwrap();
    let mut statement = connection.prepare(b"SELECT x FROM t").unwrap().0.unwrap();
    statement.step().unwrap();
    statement.reset().unwrap();
    statement.step().unwrap();
    drop(statement);
    connection.set_profiler(None).unwrap();
    assert_eq!(one(&connection, "SELECT count(*) FROM t"), "3");
}
