//! What SQLite calls back: what it is given, how it answers, fails, panics and replaces itself.

mod aggregates;
mod authorizer;
mod collations;
mod failures;
mod hooks;
mod panics;
mod replacement;
mod restrictions;
mod run;
mod scalars;
mod trace;

use std::ffi::CStr;
use std::sync::{Arc, Mutex};

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Opening, Signature};

use run::{run, shown};

fn open() -> Connection {
    let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
    Connection::open(&Opening { path: c":memory:", flags }).unwrap()
}

/// A function of so many arguments, without flags.
fn signature(name: &CStr, arguments: i32) -> Signature<'_> {
    Signature { name, arguments, flags: 0 }
}

/// The one value of the one row.
fn one(connection: &Connection, text: &str) -> String {
    let rows = run(connection, text).unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// What callbacks tell, in turn.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn tell(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A connection that callbacks can reach.
///
/// They run on the thread that calls SQLite, so that they own the connection as it does.
#[derive(Clone)]
struct Shared(Arc<Owned>);

struct Owned(Mutex<Option<Arc<Connection>>>);

impl Shared {
    fn new() -> Self {
        Self(Arc::new(Owned(Mutex::new(Some(Arc::new(open()))))))
    }

    fn get(&self) -> Arc<Connection> {
        Arc::clone(self.0.0.lock().unwrap().as_ref().unwrap())
    }

    /// Lets the connection go, which closes it as soon as nobody uses it.
    fn close(&self) {
        self.0.0.lock().unwrap().take();
    }
}
