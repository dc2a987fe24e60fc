//! A database is taken as bytes, and put in the place of another.

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Image, Step};

use crate::database::{in_memory, integer, new_path, open, run};

fn refused(connection: &Connection, name: &std::ffi::CStr, bytes: &[u8]) -> (i32, String) {
    let image = Image::copy(bytes).unwrap();
    let error = connection.deserialize(name, image).expect_err("this fails");
    (error.code.primary(), error.message)
}

#[test]
fn a_database_goes_through_bytes_unchanged_and_may_grow() {
    let source = in_memory();
    run(&source, "create table t (x); insert into t values (1), (2), (3)");
    let image = source.serialize(c"main").unwrap();
    assert!(image.starts_with(b"SQLite format 3\0"));

    let target = in_memory();
    run(&target, "create table replaced (x)");
    target.deserialize(c"main", Image::copy(&image).unwrap()).unwrap();
    assert_eq!(integer(&target, "select sum(x) from t"), 6);
    assert_eq!(&*target.serialize(c"main").unwrap(), &*image);

    run(&target, "create table big (x); insert into big values (zeroblob(1000000))");
    assert_eq!(integer(&target, "select length(x) from big"), 1_000_000);
    assert_eq!(integer(&source, "select count(*) from sqlite_schema"), 1);
}

#[test]
fn the_image_of_a_file_is_the_file() {
    let path = new_path("image.db");
    let connection = open(&path);
    run(&connection, "create table t (x); insert into t values (1)");
    assert_eq!(&*connection.serialize(c"main").unwrap(), std::fs::read(&path).unwrap());
}

#[test]
fn an_image_replaces_an_attached_database() {
    let source = in_memory();
    run(&source, "attach ':memory:' as other; create table other.t (x)");
    let image = source.serialize(c"other").unwrap();
    let target = in_memory();
    run(&target, "attach ':memory:' as another");
    target.deserialize(c"another", image).unwrap();
    assert_eq!(integer(&target, "select count(*) from another.t"), 0);
}

#[test]
fn an_empty_image_is_an_empty_database() {
    let connection = in_memory();
    run(&connection, "create table t (x)");
    connection.deserialize(c"main", Image::copy(&[]).unwrap()).unwrap();
    assert!(connection.serialize(c"main").unwrap().is_empty());
    assert_eq!(integer(&connection, "select count(*) from sqlite_schema"), 0);
    run(&connection, "create table t (x)");
}

#[test]
fn what_is_no_database_is_noticed_when_it_is_read() {
    let connection = in_memory();
    connection.deserialize(c"main", Image::copy(&[7; 4096]).unwrap()).unwrap();
    let error = connection.prepare(b"select * from t").err().expect("this fails");
    assert_eq!(error.code.primary(), ffi::SQLITE_NOTADB);
}

#[test]
fn a_database_that_there_is_not_is_named() {
    let connection = in_memory();
    let error = connection.serialize(c"other").err().expect("this fails");
    assert_eq!(error.message, "unknown database other");
    let expected = (ffi::SQLITE_ERROR, "unknown database other".to_owned());
    assert_eq!(refused(&connection, c"other", b""), expected);
}

#[test]
fn the_temporary_database_cannot_be_replaced() {
    let connection = in_memory();
    run(&connection, "create temp table t (x)");
    assert!(connection.serialize(c"temp").is_ok());
    let expected = (ffi::SQLITE_ERROR, "the temporary database cannot be replaced".to_owned());
    assert_eq!(refused(&connection, c"Temp", b""), expected);
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let connection = in_memory();
    run(&connection, "create table t (x); insert into t values (1), (2)");
    let mut rows = connection.prepare(b"select x from t").unwrap().0.unwrap();
    assert_eq!(rows.step().unwrap(), Step::Row);
    assert_eq!(refused(&connection, c"main", b"").0, ffi::SQLITE_BUSY);
    assert_eq!(rows.step().unwrap(), Step::Row);
    assert_eq!(rows.step().unwrap(), Step::Done);
}

#[test]
fn a_locked_database_is_not_serialized() {
    let path = new_path("locked_image.db");
    let (connection, other) = (open(&path), open(&path));
    run(&connection, "create table t (x)");
    run(&other, "begin exclusive");
    let error = connection.serialize(c"main").err().expect("this fails");
    assert_eq!(error.code.primary(), ffi::SQLITE_BUSY);
}
