//! Python functions that are told of rows that change and of transactions that end.

use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Change, Failed, action_codes};
use pyo3::intern;
use pyo3::prelude::*;

use super::callable::Callable;
use crate::cpython::{decoded, new_integer};
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Sets what is asked before each commit; None ends that.
    ///
    /// Args:
    ///     hook: Called without arguments; what it returns that is true has the transaction rolled
    ///         back, and so has an exception, which is raised where the commit was asked for. It
    ///         must leave the connection alone, as the hooks below.
    #[pyo3(signature = (hook, /))]
    fn set_commit_hook(slf: &Bound<'_, Self>, hook: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let session = slf.get().enter(slf.py())?;
            let hook = (!hook.is_none()).then(|| commit_hook(&session, hook));
            session.database.set_commit_hook(hook);
            Ok(())
        })
    }

    /// Sets what is told of each transaction that is rolled back; None ends that.
    ///
    /// Args:
    ///     hook: Called without arguments.
    #[pyo3(signature = (hook, /))]
    fn set_rollback_hook(slf: &Bound<'_, Self>, hook: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let session = slf.get().enter(slf.py())?;
            let hook = (!hook.is_none()).then(|| rollback_hook(&session, hook));
            session.database.set_rollback_hook(hook);
            Ok(())
        })
    }

    /// Sets what is told of each row that changes; None ends that.
    ///
    /// Args:
    ///     hook: Called with `"INSERT"`, `"UPDATE"` or `"DELETE"`, the names of the database and
    ///         the table, and the key of the row.
    #[pyo3(signature = (hook, /))]
    fn set_update_hook(slf: &Bound<'_, Self>, hook: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let session = slf.get().enter(slf.py())?;
            let hook = (!hook.is_none()).then(|| update_hook(&session, hook));
            session.database.set_update_hook(hook);
            Ok(())
        })
    }
}

fn commit_hook(session: &Arc<Session>, hook: &Bound<'_, PyAny>) -> sqlite::CommitHook {
    let callable = Callable::registered(session, hook);
    Box::new(move || {
        let is_refused = callable.call(|_, hook| hook.call0()?.is_truthy());
        Ok(is_refused.is_ok_and(|is_refused| !is_refused))
    })
}

fn rollback_hook(session: &Arc<Session>, hook: &Bound<'_, PyAny>) -> sqlite::RollbackHook {
    let callable = Callable::registered(session, hook);
    Box::new(move || {
        let told = callable.call(|_, hook| hook.call0().map(drop));
        if told.is_err() && callable.is_strict { Err(Failed) } else { Ok(()) }
    })
}

fn update_hook(session: &Arc<Session>, hook: &Bound<'_, PyAny>) -> sqlite::UpdateHook {
    let callable = Callable::registered(session, hook);
    Box::new(move |change| {
        let told = callable.call_or_keep(|_, hook| tell(hook, change));
        if told.is_err() && callable.is_strict { Err(Failed) } else { Ok(()) }
    })
}

fn tell(hook: &Bound<'_, PyAny>, change: &Change<'_>) -> PyResult<()> {
    let py = hook.py();
    let operation = match change.operation {
        action_codes::INSERT => intern!(py, "INSERT"),
        action_codes::UPDATE => intern!(py, "UPDATE"),
        _ => intern!(py, "DELETE"),
    };
    let database = decoded(py, change.database.to_bytes())?;
    let table = decoded(py, change.table.to_bytes())?;
    hook.call1((operation, database, table, new_integer(py, change.rowid))).map(drop)
}
