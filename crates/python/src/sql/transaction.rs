//! When transactions begin, and how they end.

use onecross_sqlite as sqlite;
use pyo3::prelude::*;

use super::errors;
use super::keyword::Keyword;
use super::prepared::Prepared;
use super::session::Session;

/// Who begins and ends transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The connection, before a statement that changes rows: the word that follows BEGIN. Without
    /// one, the statements themselves.
    Legacy(Option<&'static str>),
    /// Nobody but SQLite and the statements themselves.
    Autocommit,
    /// The connection: there always is a transaction.
    Always,
    /// The connection, before a statement that writes, whatever it is.
    BeforeWrites,
}

/// What begins a transaction that will write, so that none meets a lock in its middle.
pub(super) const BEGIN_IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// The words that may follow BEGIN, and the statement that each makes.
const LEVELS: [(&str, &str); 4] = [
    ("", "BEGIN "),
    ("DEFERRED", "BEGIN DEFERRED"),
    ("IMMEDIATE", BEGIN_IMMEDIATE),
    ("EXCLUSIVE", "BEGIN EXCLUSIVE"),
];

/// The level of that name, in any case.
pub(super) fn level(name: &str) -> Option<&'static str> {
    let found = LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(known, _)| *known)
}

impl Mode {
    /// Begins a transaction before a statement that wants one.
    #[inline(always)]
    pub(super) fn prepare_for(
        self,
        py: Python<'_>,
        session: &Session,
        prepared: &Prepared,
    ) -> PyResult<()> {
        let is_wanted = match self {
            Self::Autocommit | Self::Always | Self::Legacy(None) => false,
            Self::Legacy(Some(_)) => prepared.is_change,
            Self::BeforeWrites => {
                let is_control = matches!(
                    prepared.keyword,
                    Keyword::Control | Keyword::Savepoint | Keyword::Commit | Keyword::Ending
                );
                !is_control && !prepared.statement().is_read_only()
            }
        };
        if is_wanted && session.database.is_autocommit() {
            return self.begin(py, session);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn begin(self, py: Python<'_>, session: &Session) -> PyResult<()> {
        match self {
            Self::Legacy(Some(level)) => run(py, session, begin(level)),
            _ => run(py, session, BEGIN_IMMEDIATE),
        }
    }

    /// Whether what is open is committed before a script runs.
    pub(super) fn commits_before_scripts(self) -> bool {
        matches!(self, Self::Legacy(_))
    }

    /// Ends the transaction that is open, with COMMIT or ROLLBACK.
    pub(super) fn end(self, py: Python<'_>, session: &Session, how: &'static str) -> PyResult<()> {
        match self {
            Self::Autocommit => Ok(()),
            Self::Always => {
                run(py, session, how)?;
                run(py, session, "BEGIN")
            }
            Self::Legacy(_) | Self::BeforeWrites => {
                if session.database.is_autocommit() {
                    Ok(())
                } else {
                    run(py, session, how)
                }
            }
        }
    }
}

fn begin(level: &'static str) -> &'static str {
    LEVELS.iter().find(|(known, _)| *known == level).map_or("BEGIN", |(_, statement)| *statement)
}

/// Changes nothing, and is one that may write to SQLite.
const WRITER: &str = "PRAGMA journal_mode";

/// Runs a statement that undoes something because of an error that is to be raised, and not that it
/// could not be undone.
///
/// An interrupt that comes where statements stand at rows ends each other one as it begins, this, too,
/// and with one that may write the whole transaction: whoever has made that ready undoes so much then.
#[cold]
pub(super) fn undo(py: Python<'_>, session: &Session, text: &'static str) {
    let _undoing = session.watch.begin_undoing();
    let undone = run(py, session, text);
    if undone.is_err() && session.watch.is_interrupted() && !session.database.is_autocommit() {
        drop(run(py, session, WRITER));
    }
}

/// Makes ready what `undo` runs where an interrupt lets nothing be prepared any more, unless an
/// authorizer denies it.
pub(super) fn prepare_to_undo(py: Python<'_>, session: &Session) {
    let is_ready = session.controls.get(py).borrow().contains_key(WRITER);
    if !is_ready && let Ok(statement) = prepare(py, session, WRITER) {
        session.controls.get(py).borrow_mut().insert(WRITER, statement);
    }
}

/// Runs a statement that has no parameters and returns no rows.
pub(super) fn run(py: Python<'_>, session: &Session, text: &'static str) -> PyResult<()> {
    let kept = session.controls.get(py).borrow_mut().remove(text);
    let mut statement = match kept {
        Some(statement) => statement,
        None => prepare(py, session, text)?,
    };
    let waits = session.is_on_disk && !text.eq_ignore_ascii_case("BEGIN ");
    let stepped = if waits {
        session.work_detached(|| statement.step())
    } else {
        session.work(|| statement.step())
    };
    let ended = session.work(|| statement.reset());
    session.controls.get(py).borrow_mut().insert(text, statement);
    match stepped.and(ended) {
        Ok(()) => session.take_pending(py).map_or(Ok(()), Err),
        Err(error) => Err(session.error(py, &error)),
    }
}

fn prepare(py: Python<'_>, session: &Session, text: &'static str) -> PyResult<sqlite::Statement> {
    let prepared = session.work(|| session.database.prepare(text.as_bytes()));
    let (statement, _) = prepared.map_err(|error| session.error(py, &error))?;
    statement.ok_or_else(|| errors::programming(py, "there is no statement"))
}
