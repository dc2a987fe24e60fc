//! What is done as a whole or not at all: a transaction, or a savepoint in the one that is open.

use pyo3::prelude::*;

use super::connection::Connection;
use super::errors;
use super::session::Session;
use super::transaction::{self, BEGIN_IMMEDIATE, Mode};
use crate::errors::new_error;

const SAVEPOINT: &str = "SAVEPOINT onecross_rows";
const RELEASE: &str = "RELEASE onecross_rows";
const ROLLBACK_TO: &str = "ROLLBACK TO onecross_rows";

/// Work that is undone unless it is kept.
pub(super) struct Atomic<'a, 'py> {
    py: Python<'py>,
    connection: &'a Connection,
    session: &'a Session,
    begun: Begun,
    is_over: bool,
}

/// What the work began, to be undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// A transaction, which ends with the work.
    Transaction,
    /// The transaction that a connection begins before it writes, and others commit.
    OpenTransaction,
    /// A savepoint, for which SQLite keeps a copy of each page that is changed.
    Savepoint,
}

impl<'a, 'py> Atomic<'a, 'py> {
    /// Begins it, and before that what the connection begins before it writes.
    pub(super) fn begin(
        py: Python<'py>,
        connection: &'a Connection,
        session: &'a Session,
    ) -> PyResult<Self> {
        let state = connection.state.get(py);
        if state.blocks.is_open() {
            state.blocks.check(py, session)?;
            state.blocks.begin(py, session)?;
        }
        let begun = if !session.database.is_autocommit() {
            transaction::run(py, session, SAVEPOINT)?;
            Begun::Savepoint
        } else {
            transaction::run(py, session, BEGIN_IMMEDIATE)?;
            match state.mode.get() {
                Mode::BeforeWrites => Begun::OpenTransaction,
                _ => Begun::Transaction,
            }
        };
        state.blocks.begin_whole();
        Ok(Self { py, connection, session, begun, is_over: false })
    }

    /// # Errors
    ///
    /// The transaction was ended in the middle of the work, which can be kept or undone no more.
    pub(super) fn check(&self) -> PyResult<()> {
        if !self.session.database.is_autocommit() {
            return Ok(());
        }
        let message = "the transaction has ended while rows were stored by one call: it was rolled \
                       back, or committed by a statement";
        Err(new_error::<errors::OperationalError>(self.py, message))
    }

    /// Keeps what was done.
    pub(super) fn keep(mut self) -> PyResult<()> {
        match self.begun {
            Begun::Transaction => transaction::run(self.py, self.session, "COMMIT")?,
            Begun::OpenTransaction => {}
            Begun::Savepoint => transaction::run(self.py, self.session, RELEASE)?,
        }
        self.is_over = true;
        Ok(())
    }

    /// Undoes what was done, because of an error that is to be raised.
    #[cold]
    pub(super) fn undo(mut self, error: PyErr) -> PyErr {
        let is_lost = self.begun == Begun::Savepoint && self.session.database.is_autocommit();
        self.roll_back();
        if is_lost { errors::rolled_back(self.py, error) } else { error }
    }

    /// What stood in the way is to be told, and not that it could not be undone.
    fn roll_back(&mut self) {
        self.is_over = true;
        if self.session.database.is_autocommit() {
            return;
        }
        if self.begun != Begun::Savepoint {
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
        self.connection.state.get(self.py).blocks.end_whole();
    }
}
