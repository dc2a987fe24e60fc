//! What is done as a whole or not at all: a transaction, or a savepoint in the one that is open.

use pyo3::prelude::*;

use super::connection::Connection;
use super::errors;
use super::session::Session;
use super::transaction::{self, BEGIN_IMMEDIATE, Mode};

const SAVEPOINT: &str = "SAVEPOINT onecross_rows";
const RELEASE: &str = "RELEASE onecross_rows";
const ROLLBACK_TO: &str = "ROLLBACK TO onecross_rows";

/// Work that is undone unless it is kept.
pub(super) struct Atomic<'a, 'py> {
    py: Python<'py>,
    session: &'a Session,
    /// Whether it has begun the transaction that it is in, and so ends it.
    is_transaction: bool,
    is_over: bool,
}

impl<'a, 'py> Atomic<'a, 'py> {
    /// Begins it, and before that what the connection begins before it writes.
    pub(super) fn begin(
        py: Python<'py>,
        connection: &Connection,
        session: &'a Session,
    ) -> PyResult<Self> {
        let state = connection.state.get(py);
        if state.blocks.is_open() {
            state.blocks.check(py, session)?;
            state.blocks.begin(py, session)?;
        } else if state.mode.get() == Mode::BeforeWrites && session.database.is_autocommit() {
            transaction::run(py, session, BEGIN_IMMEDIATE)?;
        }
        let is_transaction = session.database.is_autocommit();
        transaction::run(py, session, if is_transaction { BEGIN_IMMEDIATE } else { SAVEPOINT })?;
        Ok(Self { py, session, is_transaction, is_over: false })
    }

    /// Keeps what was done.
    pub(super) fn keep(mut self) -> PyResult<()> {
        let how = if self.is_transaction { "COMMIT" } else { RELEASE };
        transaction::run(self.py, self.session, how)?;
        self.is_over = true;
        Ok(())
    }

    /// Undoes what was done, because of an error that is to be raised.
    #[cold]
    pub(super) fn undo(mut self, error: PyErr) -> PyErr {
        let is_lost = !self.is_transaction && self.session.database.is_autocommit();
        self.roll_back();
        if is_lost { errors::rolled_back(self.py, error) } else { error }
    }

    /// What stood in the way is to be told, and not that it could not be undone.
    fn roll_back(&mut self) {
        self.is_over = true;
        if self.session.database.is_autocommit() {
            return;
        }
        if self.is_transaction {
            drop(transaction::run(self.py, self.session, "ROLLBACK"));
        } else if transaction::run(self.py, self.session, ROLLBACK_TO).is_ok() {
            drop(transaction::run(self.py, self.session, RELEASE));
        }
    }
}

impl Drop for Atomic<'_, '_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.roll_back();
        }
    }
}
