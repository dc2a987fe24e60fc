//! Blobs are read and written in their rows, and tell when their row was changed.

use std::sync::Mutex;

use libsqlite3_sys as ffi;
use onecross_sqlite::{Access, Blob, Connection, Error, Place, Step};

use crate::database::{in_memory, integer, new_path, open, run};

fn with_blobs() -> Connection {
    let connection = in_memory();
    run(
        &connection,
        "create table t (id integer primary key, data blob, name text unique);
         insert into t values (1, x'00010203040506', 'one'), (2, x'aabb', 'two'), (3, 5, 'three')",
    );
    connection
}

fn open_blob(connection: &Connection, row: i64, access: Access) -> Result<Blob, Error> {
    let place = Place { database: c"main", table: c"t", column: c"data", row };
    connection.open_blob(&place, access)
}

fn read<const N: usize>(blob: &mut Blob, offset: usize) -> Result<[u8; N], Error> {
    let mut buffer = [0; N];
    blob.read_at(offset, &mut buffer).map(|()| buffer)
}

fn code<T>(result: Result<T, Error>) -> i32 {
    result.err().expect("this fails").code.primary()
}

#[test]
fn parts_are_read_and_written_in_place() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Write).unwrap();
    assert_eq!(blob.length(), 7);
    assert_eq!(read(&mut blob, 2).unwrap(), [2, 3]);
    blob.write_at(5, &[0xfe, 0xff]).unwrap();
    assert_eq!(read(&mut blob, 4).unwrap(), [4, 0xfe, 0xff]);
    blob.check().unwrap();
    assert_eq!(read(&mut blob, 7).unwrap(), []);
    blob.close().unwrap();
    assert_eq!(integer(&connection, "select data = x'0001020304feff' from t where id = 1"), 1);
}

#[test]
fn a_part_past_the_end_is_refused_and_the_blob_stays() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Write).unwrap();
    assert_eq!(code(read::<2>(&mut blob, 6)), ffi::SQLITE_ERROR);
    assert_eq!(code(read::<1>(&mut blob, usize::MAX)), ffi::SQLITE_ERROR);
    assert_eq!(code(blob.write_at(7, &[1])), ffi::SQLITE_ERROR);
    assert_eq!(code(blob.write_at(i32::MAX as usize + 1, &[1])), ffi::SQLITE_ERROR);
    assert_eq!(read(&mut blob, 6).unwrap(), [6]);
}

#[test]
fn a_blob_is_void_once_its_row_was_changed() {
    for change in ["update t set name = 'none' where id = 1", "delete from t where id = 1"] {
        let connection = with_blobs();
        let mut blob = open_blob(&connection, 1, Access::Read).unwrap();
        run(&connection, change);
        assert_eq!(code(read::<1>(&mut blob, 0)), ffi::SQLITE_ABORT);
        assert_eq!(blob.length(), 0);
        assert_eq!(code(blob.check()), ffi::SQLITE_ABORT);
        assert_eq!(code(blob.reopen(2)), ffi::SQLITE_ABORT);
        blob.close().unwrap();
    }
}

#[test]
fn a_blob_is_turned_to_another_row() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Read).unwrap();
    blob.reopen(2).unwrap();
    assert_eq!(blob.length(), 2);
    assert_eq!(read(&mut blob, 0).unwrap(), [0xaa, 0xbb]);
    assert_eq!(blob.reopen(9).unwrap_err().message, "no such rowid: 9");
    assert_eq!(code(read::<1>(&mut blob, 0)), ffi::SQLITE_ABORT);
}

#[test]
fn what_is_no_blob_is_not_opened() {
    let connection = with_blobs();
    let refused = |table, column, row| {
        let place = Place { database: c"main", table, column, row };
        connection.open_blob(&place, Access::Write).err().expect("this fails").message
    };
    assert_eq!(refused(c"t", c"data", 9), "no such rowid: 9");
    assert_eq!(refused(c"t", c"data", 3), "cannot open value of type integer");
    assert_eq!(refused(c"t", c"name", 1), "cannot open indexed column for writing");
    assert_eq!(refused(c"t", c"other", 1), "no such column: \"other\"");
    assert_eq!(refused(c"u", c"data", 1), "no such table: main.u");
}

#[test]
fn a_blob_to_be_read_is_not_written() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Read).unwrap();
    assert_eq!(code(blob.write_at(0, &[9])), ffi::SQLITE_READONLY);
    assert_eq!(read(&mut blob, 0).unwrap(), [0]);
}

#[test]
fn a_blob_outlives_its_connection() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Read).unwrap();
    drop(connection);
    assert_eq!(read(&mut blob, 1).unwrap(), [1, 2]);
}

#[test]
fn a_blob_stays_open_when_all_statements_are_reset() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Write).unwrap();
    let mut rows = connection.prepare(b"select id from t").unwrap().0.unwrap();
    assert_eq!(rows.step().unwrap(), Step::Row);
    connection.reset_all().unwrap();
    assert!(!rows.is_busy());
    blob.write_at(0, &[7]).unwrap();
    assert_eq!(read(&mut blob, 0).unwrap(), [7, 1]);
}

#[test]
fn closing_commits_and_tells_if_that_fails() {
    let path = new_path("closing_commits.db");
    let (writer, reader) = (open(&path), open(&path));
    run(&writer, "create table t (id integer primary key, data blob)");
    run(&writer, "insert into t values (1, x'00')");

    let mut blob = open_blob(&writer, 1, Access::Write).unwrap();
    blob.write_at(0, &[1]).unwrap();
    assert_eq!(integer(&reader, "select data = x'00' from t"), 1);
    blob.close().unwrap();
    assert_eq!(integer(&reader, "select data = x'01' from t"), 1);

    let mut blob = open_blob(&writer, 1, Access::Write).unwrap();
    blob.write_at(0, &[2]).unwrap();
    run(&reader, "begin; select * from t");
    assert_eq!(code(blob.close()), ffi::SQLITE_BUSY);
    run(&reader, "commit");
    assert_eq!(integer(&reader, "select data = x'01' from t"), 1);
}

#[test]
fn a_blob_that_is_dropped_in_a_hook_is_closed_when_sqlite_has_returned() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 2, Access::Read).unwrap();
    assert_eq!(read(&mut blob, 0).unwrap(), [0xaa]);
    let blob = Mutex::new(Some(blob));
    connection.set_commit_hook(Some(Box::new(move || {
        drop(blob.lock().unwrap().take());
        Ok(true)
    })));
    run(&connection, "update t set name = 'none' where id = 1");
    assert_eq!(integer(&connection, "select count(*) from t where name = 'none'"), 1);
    assert_eq!(integer(&connection, "select count(*) from sqlite_stmt where sql is null"), 0);
}

#[test]
fn closing_does_not_repeat_an_error() {
    let connection = with_blobs();
    let mut blob = open_blob(&connection, 1, Access::Read).unwrap();
    assert_eq!(code(blob.write_at(0, &[9])), ffi::SQLITE_READONLY);
    blob.close().unwrap();
}
