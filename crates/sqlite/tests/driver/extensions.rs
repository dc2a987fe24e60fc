//! Extensions are loaded where they are allowed, from the entry point that is named.

use std::ffi::{CStr, CString};
use std::path::Path;
use std::process::Command;

use onecross_sqlite::Connection;

use crate::database::{in_memory, new_path};

fn compiled(name: &str) -> CString {
    let library = new_path(name);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/driver/extension.c");
    let mut compiler = Command::new("cc");
    let status = compiler.args(["-shared", "-fPIC", "-o", &library]).arg(source).status();
    assert!(status.expect("a C compiler is needed, and cc is none").success());
    CString::new(library).unwrap()
}

fn refused(connection: &Connection, path: &CStr, entry_point: Option<&CStr>) -> String {
    connection.load_extension(path, entry_point).expect_err("this fails").message
}

#[test]
fn an_extension_is_loaded_only_where_it_is_allowed() {
    let (connection, path) = (in_memory(), compiled("allowed.so"));
    assert_eq!(refused(&connection, &path, None), "not authorized");
    connection.allow_extensions(true);
    connection.load_extension(&path, None).unwrap();
    connection.allow_extensions(false);
    assert_eq!(refused(&connection, &path, None), "not authorized");
}

#[test]
fn an_entry_point_is_chosen() {
    let (connection, path) = (in_memory(), compiled("chosen.so"));
    connection.allow_extensions(true);
    connection.load_extension(&path, Some(c"sqlite3_extension_init")).unwrap();
    let message = refused(&connection, &path, Some(c"failing_entry_point"));
    assert!(message.starts_with("error during initialization"), "{message}");
    let message = refused(&connection, &path, Some(c"no_such_entry_point"));
    assert!(message.contains("no_such_entry_point"), "{message}");
}

#[test]
fn a_library_that_there_is_not_is_named() {
    let connection = in_memory();
    connection.allow_extensions(true);
    let message = refused(&connection, c"no-such-library", None);
    assert!(message.contains("no-such-library"), "{message}");
}
