//! A run of all transactions on a disk or in memory that fails somewhere, checked all the way.

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Error};

use crate::vfs::open;
use crate::workload::{LAST, Mode, check, run, transact};

/// How often a transaction is tried again. What lasts is mended after the first error.
const TRIES: usize = 3;

/// Runs all transactions; answers the errors that were told. Whatever fails, the database is as the
/// transaction before or this one has left it, and the connection goes on, or another does.
pub(crate) fn run_all(mode: Mode, mut mend: impl FnMut()) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut kept = None;
    let mut number = 0;
    while number <= LAST {
        let mut go = || -> Result<(), Error> {
            if kept.is_none() {
                let opened = open("database")?;
                mode.configure(&opened)?;
                kept = Some(opened);
            }
            transact(kept.as_ref().expect("it is open"), number)
        };
        let Err(error) = go() else {
            number += 1;
            continue;
        };
        errors.push(error);
        assert!(errors.len() <= TRIES, "{errors:?}");
        mend();
        kept = kept.and_then(usable);
        let connection = match kept.take() {
            Some(connection) => connection,
            None => reopened(mode),
        };
        let found = check(&connection).expect("all is mended").unwrap_or(-1);
        assert!(found == number - 1 || found == number, "{found} behind {number}: {errors:?}");
        number = found + 1;
        kept = Some(connection);
    }
    errors
}

/// The connection, if it answers.
fn usable(connection: Connection) -> Option<Connection> {
    if !connection.is_autocommit() {
        let _ = run(&connection, "rollback");
    }
    let answers = connection.is_autocommit() && check(&connection).is_ok();
    answers.then_some(connection)
}

fn reopened(mode: Mode) -> Connection {
    let connection = open("database").expect("all is mended");
    mode.configure(&connection).expect("all is mended");
    connection
}

/// Whether an error tells of a disk or of memory that failed.
pub(crate) fn tells_of_fault(error: &Error) -> bool {
    matches!(
        error.code.primary(),
        ffi::SQLITE_IOERR
            | ffi::SQLITE_FULL
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_BUSY
            | ffi::SQLITE_NOMEM
            | ffi::SQLITE_PROTOCOL
    )
}
