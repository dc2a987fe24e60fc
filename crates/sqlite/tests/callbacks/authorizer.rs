//! The authorizer: what it is told, and what its answers do.

use std::ffi::CStr;

use libsqlite3_sys as ffi;

use super::{Log, one, open, run};

fn word(text: Option<&CStr>) -> &str {
    text.map_or("-", |text| text.to_str().unwrap())
}

#[test]
fn it_is_told_what_a_statement_would_do_and_may_deny_or_ignore_it() {
    let (connection, log) = (open(), Log::default());
    run(&connection, "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)").unwrap();
    let told = log.clone();
    let authorize = Box::new(move |action: &onecross_sqlite::Action<'_>| {
        let names = [action.first, action.second, action.database, action.source].map(word);
        told.tell(format!("{} {}", action.code, names.join(" ")));
        Ok(match (action.code, word(action.second)) {
            (ffi::SQLITE_READ, "b") => ffi::SQLITE_IGNORE,
            (ffi::SQLITE_DELETE, _) => ffi::SQLITE_DENY,
            _ => ffi::SQLITE_OK,
        })
    });
    connection.set_authorizer(Some(authorize)).unwrap();
    assert_eq!(one(&connection, "SELECT a, b FROM t"), "1 NULL");
    assert_eq!(log.take(), ["21 - - - -", "20 t a main -", "20 t b main -"]);
    let denied = run(&connection, "DELETE FROM t").unwrap_err();
    assert_eq!(denied.code.primary(), ffi::SQLITE_AUTH);
    connection.set_authorizer(None).unwrap();
    assert_eq!(one(&connection, "SELECT b FROM t"), "2");
}

#[test]
fn an_answer_that_is_none_is_an_error_of_sqlite() {
    let connection = open();
    connection.set_authorizer(Some(Box::new(|_| Ok(99)))).unwrap();
    assert_eq!(run(&connection, "SELECT 1").unwrap_err().message, "authorizer malfunction");
}

#[test]
fn a_statement_that_was_prepared_before_is_authorized_when_it_runs() {
    let connection = open();
    let mut statement = connection.prepare(b"SELECT 1").unwrap().0.unwrap();
    connection.set_authorizer(Some(Box::new(|_| Ok(ffi::SQLITE_DENY)))).unwrap();
    assert_eq!(statement.step().unwrap_err().code.primary(), ffi::SQLITE_AUTH);
}
