//! What is done as a whole or not at all: a transaction, or a savepoint in the one that is open.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use pyo3::prelude::*;

use super::connection::Connection;
use super::errors;
use super::session::Session;
use super::transaction::{self, BEGIN_IMMEDIATE, Mode};

/// The statements about a savepoint that nobody else has one of the name of.
struct Savepoint {
    begin: String,
    release: String,
    undo: String,
}

static SAVEPOINT: LazyLock<Savepoint> = LazyLock::new(|| {
    let name = format!("onecross_rows_{:016x}", RandomState::new().hash_one(()));
    Savepoint {
        begin: format!("SAVEPOINT {name}"),
        release: format!("RELEASE {name}"),
        undo: format!("ROLLBACK TO {name}"),
    }
});

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
        transaction::prepare_to_undo(py, session);
        let begun = if !session.database.is_autocommit() {
            transaction::run(py, session, &SAVEPOINT.begin)?;
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

    /// Tells that a part of the work is done, behind which Python code may run.
    pub(super) fn note_stored(&self) {
        self.connection.state.get(self.py).blocks.note_stored();
    }

    /// # Errors
    ///
    /// The transaction was ended in the middle of the work, or a part of it undone: it can be
    /// kept no more.
    pub(super) fn check(&self) -> PyResult<()> {
        self.connection.state.get(self.py).blocks.check_whole(self.py, self.session)
    }

    /// Keeps what was done.
    pub(super) fn keep(mut self) -> PyResult<()> {
        match self.begun {
            Begun::Transaction => transaction::run(self.py, self.session, "COMMIT")?,
            Begun::OpenTransaction => {}
            Begun::Savepoint => transaction::run(self.py, self.session, &SAVEPOINT.release)?,
        }
        self.is_over = true;
        Ok(())
    }

    /// Undoes what was done, because of an error that is to be raised.
    #[cold]
    pub(super) fn undo(mut self, error: PyErr) -> PyErr {
        self.roll_back();
        let is_lost = self.begun == Begun::Savepoint && self.session.database.is_autocommit();
        if is_lost { errors::rolled_back(self.py, error) } else { error }
    }

    /// What stood in the way is to be told, and not that it could not be undone.
    fn roll_back(&mut self) {
        self.is_over = true;
        if self.session.database.is_autocommit() {
            return;
        }
        if self.begun != Begun::Savepoint {
            transaction::undo(self.py, self.session, "ROLLBACK");
            return;
        }
        transaction::undo(self.py, self.session, &SAVEPOINT.undo);
        if !self.session.database.is_autocommit() {
            transaction::undo(self.py, self.session, &SAVEPOINT.release);
        }
    }
}

impl Drop for Atomic<'_, '_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.roll_back();
        }
        self.connection.state.get(self.py).blocks.end_whole(self.session);
    }
}
