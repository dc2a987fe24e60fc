//! Every session of the process: SQLite does not tell for which of them it sleeps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use onecross_sqlite::Interrupter;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::session::Session;
use crate::cpython::{append, new_bytes, new_list};
use crate::gate;

static LISTED: Mutex<Vec<Listed>> = Mutex::new(Vec::new());

struct Listed {
    session: Weak<Session>,
    /// A cursor that has rows left keeps the file open when the session has ended.
    database: Interrupter,
    file: Option<Vec<u8>>,
}

/// Lists a session as long as its database is open.
pub(super) fn register(session: &Arc<Session>) {
    let file = session.database.file_name(c"main").map(|file| file.to_bytes().to_vec());
    let database = session.database.interrupter();
    let mut listed = listed();
    listed.retain(|known| known.database.is_open());
    listed.push(Listed { session: Arc::downgrade(session), database, file });
}

fn listed() -> MutexGuard<'static, Vec<Listed>> {
    LISTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The sessions that this thread works with.
pub(super) fn owned_here(py: Python<'_>) -> Vec<Arc<Session>> {
    let mut found = open();
    found.retain(|session| session.owner.is_here(py));
    found
}

/// Those that are open. What is the last to know one may wait as it lets it go, so nothing is
/// locked then.
fn open() -> Vec<Arc<Session>> {
    listed().iter().filter_map(|known| known.session.upgrade()).collect()
}

/// The files of the databases that this process has open, one for each connection, in the encoding
/// of the file system.
#[pyfunction]
pub(crate) fn open_databases(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    gate::guard(|| {
        let files = new_list(py, 0);
        let open: Vec<_> = listed()
            .iter()
            .filter(|known| known.database.is_open())
            .filter_map(|known| known.file.clone())
            .collect();
        for file in open {
            append(&files, new_bytes(py, &file)?);
        }
        Ok(files)
    })
}
