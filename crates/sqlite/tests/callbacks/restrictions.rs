//! Where a connection must be left alone by what it calls, it refuses.

use std::cmp::Ordering;

use libsqlite3_sys as ffi;
use onecross_sqlite::{
    Access, Answer, Arguments, Backup, Connection, Database, Image, Place, Signature,
};

use super::{Log, Shared, one, run, signature};

/// Tries all that a connection does for others, and tells how it is refused.
fn try_all(connection: &Connection, log: &Log) {
    let function = Box::new(|_: Arguments<'_>, _: &mut Answer<'_>| ());
    let place = Place { database: c"main", table: c"t", column: c"x", row: 1 };
    let database = Database { connection, name: c"main" };
    let refusals = [
        connection.prepare(b"DROP TABLE t").map(drop),
        connection.create_scalar(&signature(c"g", 0), function),
        connection.remove_function(&signature(c"g", 0)),
        connection.create_collation(c"g", Box::new(|_, _| Ok(Ordering::Equal))),
        connection.remove_collation(c"g"),
        connection.open_blob(&place, Access::Read).map(drop),
        connection.serialize(c"main").map(drop),
        connection.deserialize(c"main", Image::copy(&[]).unwrap()),
        Backup::new(database, database).map(drop),
        connection.load_extension(c"library", None),
        connection.admit(),
    ];
    for refusal in refusals {
        log.tell(refusal.unwrap_err().message);
    }
}

fn prepared() -> (Shared, Log) {
    let shared = Shared::new();
    run(&shared.get(), "CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b')").unwrap();
    (shared, Log::default())
}

fn refused(log: &Log, inside: &str) {
    let mut told = log.take();
    assert!(told.len() >= 11);
    told.dedup();
    assert_eq!(told, [format!("a connection cannot be used inside its own {inside}")]);
}

#[test]
fn inside_an_authorizer() {
    let (shared, log) = prepared();
    let (inner, told) = (shared.clone(), log.clone());
    let connection = shared.get();
    connection
        .set_authorizer(Some(Box::new(move |_| {
            try_all(&inner.get(), &told);
            Ok(ffi::SQLITE_OK)
        })))
        .unwrap();
    run(&connection, "SELECT x FROM t").unwrap();
    connection.set_authorizer(None).unwrap();
    refused(&log, "authorizer");
    shared.close();
}

#[test]
fn inside_a_collation() {
    let (shared, log) = prepared();
    let (inner, told) = (shared.clone(), log.clone());
    let connection = shared.get();
    connection
        .create_collation(
            c"c",
            Box::new(move |left, right| {
                try_all(&inner.get(), &told);
                Ok(left.cmp(right))
            }),
        )
        .unwrap();
    run(&connection, "SELECT x FROM t ORDER BY x COLLATE c").unwrap();
    refused(&log, "collation");
    shared.close();
}

#[test]
fn inside_hooks_progress_handler_and_profiler() {
    let (shared, log) = prepared();
    let connection = shared.get();
    let (inner, told) = (shared.clone(), log.clone());
    connection.set_update_hook(Some(Box::new(move |_| {
        try_all(&inner.get(), &told);
        Ok(())
    })));
    run(&connection, "INSERT INTO t VALUES ('c')").unwrap();
    connection.set_update_hook(None);
    refused(&log, "update hook");
    let (inner, told) = (shared.clone(), log.clone());
    connection.set_commit_hook(Some(Box::new(move || {
        try_all(&inner.get(), &told);
        Ok(false)
    })));
    let (inner, told) = (shared.clone(), log.clone());
    connection.set_rollback_hook(Some(Box::new(move || {
        told.tell("then");
        try_all(&inner.get(), &told);
        Ok(())
    })));
    run(&connection, "INSERT INTO t VALUES ('d')").unwrap_err();
    let mut told = log.take();
    told.dedup();
    let refused_in = |hook| format!("a connection cannot be used inside its own {hook}");
    assert_eq!(told, [refused_in("commit hook"), "then".to_owned(), refused_in("rollback hook")]);
    let (inner, told) = (shared.clone(), log.clone());
    connection
        .set_profiler(Some(Box::new(move |_, _| {
            try_all(&inner.get(), &told);
            Ok(())
        })))
        .unwrap();
    run(&connection, "SELECT 1").unwrap();
    connection.set_profiler(None).unwrap();
    refused(&log, "profiler");
    let (inner, told) = (shared.clone(), log.clone());
    connection.install_progress_handler(Box::new(move || {
        try_all(&inner.get(), &told);
        true
    }));
    connection.set_progress_interval(1);
    run(&connection, "SELECT 1").unwrap();
    connection.set_progress_interval(0);
    refused(&log, "progress handler");
    shared.close();
}

#[test]
fn a_step_is_refused_as_well() {
    let (shared, log) = prepared();
    let connection = shared.get();
    let statement = std::sync::Mutex::new(connection.prepare(b"SELECT 1").unwrap().0);
    let told = log.clone();
    connection.set_update_hook(Some(Box::new(move |_| {
        let refused = statement.lock().unwrap().as_mut().unwrap().step();
        told.tell(refused.unwrap_err().message);
        Ok(())
    })));
    run(&connection, "DELETE FROM t WHERE x = 'a'").unwrap();
    connection.set_update_hook(None);
    assert_eq!(log.take(), ["a connection cannot be used inside its own update hook"]);
    shared.close();
}

/// With the statistics of an index, SQLite evaluates functions of constants as it plans.
#[test]
fn inside_a_function_that_is_evaluated_to_prepare_a_statement() {
    let (shared, log) = prepared();
    let connection = shared.get();
    let (inner, told) = (shared.clone(), log.clone());
    let index = "CREATE TABLE n (x); CREATE INDEX i ON n (x);
        WITH RECURSIVE c (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 100)
        INSERT INTO n SELECT x / 10 FROM c; ANALYZE";
    run(&connection, index).unwrap();
    let constant = Signature { name: c"f", arguments: 1, flags: ffi::SQLITE_DETERMINISTIC };
    connection
        .create_scalar(
            &constant,
            Box::new(move |_, answer| {
                match inner.get().prepare(b"DROP INDEX i") {
                    Ok(_) => told.tell("running"),
                    Err(error) => told.tell(error.message),
                }
                answer.integer(3);
            }),
        )
        .unwrap();
    assert_eq!(one(&connection, "SELECT count(*) FROM n WHERE x > f(1)"), "61");
    let told = log.take();
    let refusal = "a connection cannot be used inside its own function that prepares a statement";
    assert_eq!(told.first().unwrap(), refusal);
    assert_eq!(told.last().unwrap(), "running");
    shared.close();
}
