//! Hooks: which rows and which ends of transactions they are told of.

use super::{Log, one, open, run};

fn told(connection: &onecross_sqlite::Connection, log: &Log) {
    let (committed, rolled_back, updated) = (log.clone(), log.clone(), log.clone());
    connection.set_commit_hook(Some(Box::new(move || {
        committed.tell("commit");
        Ok(true)
    })));
    connection.set_rollback_hook(Some(Box::new(move || {
        rolled_back.tell("rollback");
        Ok(())
    })));
    connection.set_update_hook(Some(Box::new(move |change| {
        let (database, table) = (change.database.to_str().unwrap(), change.table.to_str().unwrap());
        updated.tell(format!("{} {database}.{table} {}", change.operation, change.rowid));
        Ok(())
    })));
}

#[test]
fn they_are_told_of_rows_and_of_the_ends_of_transactions() {
    let (connection, log) = (open(), Log::default());
    run(&connection, "CREATE TABLE t (x)").unwrap();
    told(&connection, &log);
    run(&connection, "INSERT INTO t VALUES (1); UPDATE t SET x = 2; DELETE FROM t WHERE x")
        .unwrap();
    let rows = ["18 main.t 1", "commit", "23 main.t 1", "commit", "9 main.t 1", "commit"];
    assert_eq!(log.take(), rows);
    run(&connection, "BEGIN; INSERT INTO t VALUES (1); ROLLBACK").unwrap();
    assert_eq!(log.take(), ["18 main.t 1", "rollback"]);
    connection.set_commit_hook(None);
    connection.set_rollback_hook(None);
    connection.set_update_hook(None);
    run(&connection, "INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2); ROLLBACK")
        .unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn a_commit_that_is_refused_is_rolled_back() {
    let (connection, log) = (open(), Log::default());
    run(&connection, "CREATE TABLE t (x)").unwrap();
    told(&connection, &log);
    connection.set_commit_hook(Some(Box::new(|| Ok(false))));
    let refused = run(&connection, "INSERT INTO t VALUES (1)").unwrap_err();
    assert_eq!(refused.code.0, libsqlite3_sys::SQLITE_CONSTRAINT_COMMITHOOK);
    assert_eq!(log.take(), ["18 main.t 1", "rollback"]);
    assert_eq!(one(&connection, "SELECT count(*) FROM t"), "0");
}
