//! A database that a fuzzer may do anything with.

use std::sync::Mutex;

use onecross_sqlite::{Connection, LIMITS, Opening, open_flags};

/// A connection to a database in memory whose statements end soon, and whose values are short.
pub fn bounded_connection() -> Option<Connection> {
    let flags = open_flags::READWRITE | open_flags::CREATE;
    let connection = Connection::open(&Opening { path: c":memory:", flags }).ok()?;
    for (name, limit) in [("SQLITE_LIMIT_LENGTH", 50_000), ("SQLITE_LIMIT_VDBE_OP", 5_000)] {
        let (_, category) = LIMITS.iter().find(|(known, _)| *known == name)?;
        connection.set_limit(*category, limit);
    }
    let left = Mutex::new(200);
    connection.install_progress_handler(Box::new(move || {
        let mut left = left.lock().unwrap();
        *left -= 1;
        *left > 0
    }));
    connection.set_progress_interval(100);
    Some(connection)
}
