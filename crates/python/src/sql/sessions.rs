//! Every session of the process: SQLite does not tell for which of them it sleeps.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::session::Session;
use crate::cpython::{append, new_bytes, new_list};
use crate::gate;

static SESSIONS: Mutex<Vec<Weak<Session>>> = Mutex::new(Vec::new());

/// Lists a session as long as it is open.
pub(super) fn register(session: &Arc<Session>) {
    let mut sessions = SESSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    sessions.retain(|known| known.strong_count() > 0);
    sessions.push(Arc::downgrade(session));
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
    let sessions = SESSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    sessions.iter().filter_map(Weak::upgrade).collect()
}

/// The files of the databases that this process has open, one for each connection, in the encoding
/// of the file system.
#[pyfunction]
pub(crate) fn open_databases(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    gate::guard(|| {
        let files = new_list(py, 0);
        for session in open() {
            if let Some(file) = session.database.file_name(c"main") {
                append(&files, new_bytes(py, file.to_bytes())?);
            }
        }
        Ok(files)
    })
}
