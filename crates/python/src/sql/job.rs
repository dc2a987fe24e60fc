//! Jobs: what one thread does with a connection for another, which may stop it.

use pyo3::prelude::*;

use super::connection::Connection;
use super::watch::Watch;
use crate::gate;

/// Tells that what this thread does belongs to the job of that number; to none, for 0.
#[pyfunction]
#[pyo3(signature = (connection, number, /))]
pub(crate) fn begin_job(connection: &Bound<'_, Connection>, number: u64) -> PyResult<()> {
    with_watch(connection, |watch| watch.begin_job(number))
}

/// Stops the job of that number, if it is under way; no other.
#[pyfunction]
#[pyo3(signature = (connection, number, /))]
pub(crate) fn stop_job(connection: &Bound<'_, Connection>, number: u64) -> PyResult<()> {
    with_watch(connection, |watch| watch.stop_job(number))
}

/// Whether nobody uses a connection, which is open, so that nobody need be waited for.
#[pyfunction]
#[pyo3(signature = (connection, /))]
pub(crate) fn is_free(connection: &Bound<'_, Connection>) -> bool {
    let py = connection.py();
    let session = connection.get().state.get(py).session.borrow();
    session.as_ref().is_some_and(|session| session.owner.depth(py) == 0 && !session.is_foreign())
}

fn with_watch(connection: &Bound<'_, Connection>, work: impl FnOnce(&Watch)) -> PyResult<()> {
    gate::guard(|| {
        let state = connection.get().state.get(connection.py());
        if let Some(session) = &*state.session.borrow() {
            work(&session.watch);
        }
        Ok(())
    })
}
