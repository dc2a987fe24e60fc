//! A backup is a copy of its source as it is when the last page is copied.

use libsqlite3_sys as ffi;
use onecross_sqlite::{Backup, Connection, Copied, Database};

use crate::database::{in_memory, integer, new_path, open, open_with, run};

fn with_rows() -> Connection {
    let connection = in_memory();
    run(
        &connection,
        "create table t (id integer primary key, data blob);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)
         insert into t select i, zeroblob(1000) from n",
    );
    connection
}

fn main_of(connection: &Connection) -> Database<'_> {
    Database { connection, name: c"main" }
}

fn count(connection: &Connection) -> i64 {
    integer(connection, "select count(*) from t")
}

#[test]
fn pages_are_copied_until_all_are() {
    let (source, target) = (with_rows(), in_memory());
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    assert_eq!(backup.step(10).unwrap(), Copied::Some);
    let pages = integer(&source, "pragma page_count") as i32;
    assert_eq!((backup.page_count(), backup.remaining()), (pages, pages - 10));
    while backup.step(10).unwrap() == Copied::Some {}
    assert_eq!((backup.page_count(), backup.remaining()), (pages, 0));
    drop(backup);
    assert_eq!(count(&target), 100);
    assert_eq!(integer(&target, "select integrity_check = 'ok' from pragma_integrity_check"), 1);
}

#[test]
fn a_negative_number_copies_everything() {
    let (source, target) = (with_rows(), in_memory());
    run(&target, "create table replaced (x)");
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    assert_eq!(backup.step(-1).unwrap(), Copied::All);
    drop(backup);
    assert_eq!(integer(&target, "select count(*) from sqlite_schema where name = 'replaced'"), 0);
    assert_eq!(count(&target), 100);
}

#[test]
fn what_the_source_writes_meanwhile_is_in_the_copy() {
    let (source, target) = (with_rows(), in_memory());
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    assert_eq!(backup.step(20).unwrap(), Copied::Some);
    run(&source, "delete from t where id <= 50; insert into t values (1000, x'01')");
    assert_eq!(backup.step(-1).unwrap(), Copied::All);
    drop(backup);
    assert_eq!(count(&target), 51);
    assert_eq!(integer(&target, "select data = x'01' from t where id = 1000"), 1);
}

#[test]
fn a_copy_that_is_not_complete_leaves_the_target_as_it_was() {
    let (source, target) = (with_rows(), open(&new_path("incomplete_backup.db")));
    run(&target, "create table kept (x); insert into kept values (5)");
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    assert_eq!(backup.step(20).unwrap(), Copied::Some);
    drop(backup);
    assert_eq!(integer(&target, "select x from kept"), 5);
}

#[test]
fn a_step_waits_while_somebody_writes() {
    let (source, target) = (with_rows(), in_memory());
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    run(&source, "begin immediate; delete from t where id = 1");
    let Copied::Nothing(code) = backup.step(-1).unwrap() else { panic!("this is locked") };
    assert_eq!(code.primary(), ffi::SQLITE_BUSY);
    run(&source, "commit");
    assert_eq!(backup.step(-1).unwrap(), Copied::All);
    drop(backup);
    assert_eq!(count(&target), 99);
}

#[test]
fn a_backup_outlives_both_connections() {
    let (source, target) = (with_rows(), open(&new_path("outliving_backup.db")));
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    drop((source, target));
    assert_eq!(backup.step(10).unwrap(), Copied::Some);
    assert_eq!(backup.step(-1).unwrap(), Copied::All);
}

#[test]
fn what_cannot_be_copied_is_refused() {
    let (source, target) = (with_rows(), in_memory());
    let refused = |source, target| Backup::new(source, target).err().expect("this fails").message;
    let other = |connection| Database { connection, name: c"other" };
    assert_eq!(
        refused(main_of(&source), main_of(&source)),
        "source and destination must be distinct"
    );
    assert_eq!(refused(other(&source), main_of(&target)), "unknown database other");
    assert_eq!(refused(main_of(&source), other(&target)), "unknown database other");

    run(&target, "begin; create table t (x)");
    assert_eq!(refused(main_of(&source), main_of(&target)), "destination database is in use");
}

#[test]
fn a_step_waits_while_somebody_else_writes_the_target() {
    let path = new_path("locked_target.db");
    let (source, target, other) = (with_rows(), open(&path), open(&path));
    run(&other, "begin exclusive");
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    let Copied::Nothing(code) = backup.step(-1).unwrap() else { panic!("this is locked") };
    assert_eq!(code.primary(), ffi::SQLITE_BUSY);
    run(&other, "rollback");
    assert_eq!(backup.step(-1).unwrap(), Copied::All);
}

#[test]
fn a_target_that_cannot_be_written_is_an_error() {
    let path = new_path("read_only_target.db");
    run(&open(&path), "create table t (x)");
    let (source, target) = (with_rows(), open_with(&path, ffi::SQLITE_OPEN_READONLY));
    let mut backup = Backup::new(main_of(&source), main_of(&target)).unwrap();
    assert_eq!(backup.step(-1).unwrap_err().code.primary(), ffi::SQLITE_READONLY);
}
