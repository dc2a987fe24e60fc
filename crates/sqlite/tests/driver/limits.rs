//! Limits hold, and are of their connection.

use libsqlite3_sys as ffi;

use crate::database::in_memory;

#[test]
fn a_limit_is_set_and_holds() {
    let (connection, other) = (in_memory(), in_memory());
    let before = connection.limit(ffi::SQLITE_LIMIT_SQL_LENGTH).unwrap();
    assert_eq!(connection.set_limit(ffi::SQLITE_LIMIT_SQL_LENGTH, 20), Some(before));
    assert_eq!(connection.limit(ffi::SQLITE_LIMIT_SQL_LENGTH), Some(20));
    let error = connection.prepare(b"select 1, 2, 3, 4, 5, 6").err().expect("this fails");
    assert_eq!(error.code.primary(), ffi::SQLITE_TOOBIG);
    assert_eq!(other.limit(ffi::SQLITE_LIMIT_SQL_LENGTH), Some(before));
}

#[test]
fn a_limit_ends_at_what_was_built() {
    let connection = in_memory();
    let most = connection.limit(ffi::SQLITE_LIMIT_ATTACHED).unwrap();
    connection.set_limit(ffi::SQLITE_LIMIT_ATTACHED, i32::MAX);
    assert_eq!(connection.limit(ffi::SQLITE_LIMIT_ATTACHED), Some(most));
}

#[test]
fn a_category_that_there_is_not_has_no_limit() {
    assert_eq!(in_memory().limit(1111), None);
    assert_eq!(in_memory().set_limit(-1, 5), None);
}
