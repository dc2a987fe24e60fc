//! Switches turn behaviour on and off, and nothing but a switch is one.

use libsqlite3_sys as ffi;
use onecross_sqlite::Switch;

use crate::database::{in_memory, run};

#[test]
fn a_switch_is_turned_and_works() {
    let connection = in_memory();
    run(&connection, "create view v as select 1");
    let views = Switch::new(ffi::SQLITE_DBCONFIG_ENABLE_VIEW).unwrap();
    assert!(connection.is_on(views).unwrap());
    assert!(!connection.turn(views, false).unwrap());
    assert!(!connection.is_on(views).unwrap());
    let error = connection.prepare(b"select * from v").err().expect("this fails");
    assert_eq!(error.message, "access to view \"v\" prohibited");
    assert!(connection.turn(views, true).unwrap());
    run(&connection, "select * from v");
}

#[test]
fn every_switch_answers_and_the_other_options_are_none() {
    let connection = in_memory();
    for option in 1002..=1022 {
        let switch = Switch::new(option).unwrap();
        let before = connection.is_on(switch).unwrap();
        assert_eq!(connection.turn(switch, before).unwrap(), before, "{option}");
    }
    for option in [
        -1,
        0,
        ffi::SQLITE_DBCONFIG_MAINDBNAME,
        ffi::SQLITE_DBCONFIG_LOOKASIDE,
        ffi::SQLITE_DBCONFIG_FP_DIGITS,
        ffi::SQLITE_DBCONFIG_MAX + 1,
    ] {
        assert_eq!(Switch::new(option), None, "{option}");
    }
}

/// A connection as it is opened must not differ from one of SQLite as it comes.
#[test]
fn foreign_keys_and_extensions_are_off_at_first() {
    let connection = in_memory();
    for option in [ffi::SQLITE_DBCONFIG_ENABLE_FKEY, ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION] {
        assert!(!connection.is_on(Switch::new(option).unwrap()).unwrap());
    }
}
