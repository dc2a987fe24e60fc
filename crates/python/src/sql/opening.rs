//! How a connection is opened, and who begins its transactions.

use std::cell::Cell;
use std::ffi::CString;

use onecross_sqlite as sqlite;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyInt, PyString};

use super::cache::Cache;
use super::connection::{Closing, Connection};
use super::convert::TextFactory;
use super::errors;
use super::module;
use super::rules::Rules;
use super::session::{Session, names_shared_cache};
use super::transaction::{self, Mode};
use crate::cpython::{Text, new_bytes, new_integer, small_integer, thread_number};
use crate::errors::new_error;
use crate::gate;

/// What `autocommit` is when the isolation level decides instead.
///
/// Reference: `sqlite3.LEGACY_TRANSACTION_CONTROL`.
const LEGACY: i64 = -1;

/// Everything that is said about a connection when it opens.
pub(super) struct Options {
    pub(super) timeout: f64,
    pub(super) detect_types: i32,
    pub(super) isolation_level: Option<&'static str>,
    pub(super) check_same_thread: bool,
    pub(super) cached_statements: usize,
    pub(super) uri: bool,
    /// `None` leaves it to the isolation level.
    pub(super) autocommit: Option<bool>,
    pub(super) rules: Rules,
}

/// Opens the session of a connection that has none.
pub(super) fn open(
    connection: &Bound<'_, Connection>,
    database: &Bound<'_, PyAny>,
    options: &Options,
) -> PyResult<()> {
    let py = connection.py();
    errors::prepare(py);
    let audit = audit(py)?;
    audit.call1((intern!(py, "sqlite3.connect"), database))?;
    let path = path_of(database)?;

    let mut flags = if options.rules.is_read_only {
        sqlite::open_flags::READONLY
    } else {
        sqlite::open_flags::READWRITE | sqlite::open_flags::CREATE
    };
    if options.uri {
        flags |= sqlite::open_flags::URI;
    }
    let mut opened = None;
    gate::wait(&mut || {
        opened = Some(sqlite::Connection::open(&sqlite::Opening { path: &path, flags }));
    });
    let opened = opened.unwrap_or_else(|| Err(sqlite::Error::of_code(sqlite::codes::ERROR)));
    let opened = opened.map_err(|error| errors::of_sqlite(py, &error))?;
    opened.set_busy_timeout((options.timeout * 1000.0) as i32);
    let is_shared = module::shares_caches() || names_shared_cache(path.to_bytes());
    let session = Session::new(opened, is_shared, options.rules);
    let is_strict = options.rules.is_strict;
    let mode = mode(is_strict, options.autocommit, options.isolation_level);
    if mode == Mode::Always {
        session.owned(py, || transaction::run(py, &session, "BEGIN"))?;
    }

    // Another thread may have opened it in the meantime.
    connection.get().close_session(py, Closing::ToOpenAnew)?;
    let state = connection.get().state.get(py);
    state.cache.replace(Cache::new(options.cached_statements));
    state.rules.set(options.rules);
    state.detect_types.set(options.detect_types);
    state.isolation_level.set(options.isolation_level);
    state.mode.set(mode);
    state.only_thread.set(options.check_same_thread.then(thread_number));
    let before = (
        state.session.replace(Some(session)),
        state.row_factory.take(),
        state.texts.replace(TextFactory::Text),
        state.text_factory.take(),
    );
    state.is_initialised.set(true);
    drop(before);

    audit.call1((intern!(py, "sqlite3.connect/handle"), connection)).map(drop)
}

fn mode(is_strict: bool, autocommit: Option<bool>, level: Option<&'static str>) -> Mode {
    match autocommit {
        Some(true) => Mode::Autocommit,
        _ if is_strict => Mode::BeforeWrites,
        Some(false) => Mode::Always,
        None => Mode::Legacy(level),
    }
}

/// The function that tells of events which security tools want to know.
pub(super) fn audit(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import(intern!(py, "sys"))?.getattr(intern!(py, "audit"))
}

/// The path in the encoding of the file system.
pub(super) fn path_of(database: &Bound<'_, PyAny>) -> PyResult<CString> {
    let py = database.py();
    let encode = py.import(intern!(py, "os"))?.getattr(intern!(py, "fsencode"))?;
    let path = encode.call1((database,))?;
    let bytes = path.cast::<PyBytes>()?.as_bytes();
    CString::new(bytes).map_err(|_| new_error::<PyValueError>(py, "embedded null byte"))
}

/// The isolation level that a str or None stands for.
pub(super) fn level_of(level: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
    let py = level.py();
    if level.is_none() {
        return Ok(None);
    }
    let Ok(name) = level.cast::<PyString>() else {
        return Err(new_error::<PyTypeError>(py, "isolation_level must be str or None"));
    };
    let name = Text::of(name).to_lossy();
    transaction::level(&name).map(Some).ok_or_else(|| {
        let message = "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'";
        new_error::<PyValueError>(py, message)
    })
}

/// What True, False or LEGACY_TRANSACTION_CONTROL stands for.
pub(super) fn autocommit_of(value: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    if let Ok(value) = value.cast::<PyBool>() {
        return Ok(Some(value.is_true()));
    }
    if value.cast::<PyInt>().ok().and_then(small_integer) == Some(LEGACY) {
        return Ok(None);
    }
    let message = "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL";
    Err(new_error::<PyValueError>(value.py(), message))
}

#[pymethods]
impl Connection {
    /// Whether it was opened, and not closed since.
    #[getter]
    fn _is_open(slf: &Bound<'_, Self>) -> bool {
        slf.get().state.get(slf.py()).session.borrow().is_some()
    }

    /// The path of the file that the database is in, in the encoding of the file system; empty if it
    /// is in none.
    #[getter]
    fn _path<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let entered = slf.get().enter(slf.py())?;
            let path = entered.database.file_name(c"main").unwrap_or_default();
            new_bytes(slf.py(), path.to_bytes())
        })
    }

    /// The word that follows BEGIN where the connection begins transactions, or None.
    #[getter]
    fn get_isolation_level(slf: &Bound<'_, Self>) -> PyResult<Option<&'static str>> {
        slf.get().check_connected(slf.py())?;
        Ok(slf.get().state.get(slf.py()).isolation_level.get())
    }

    #[setter]
    fn set_isolation_level(slf: &Bound<'_, Self>, level: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        let level = level_of(level)?;
        let state = this.state.get(py);
        state.isolation_level.set(level);
        if matches!(state.mode.get(), Mode::Autocommit | Mode::Always) {
            return Ok(());
        }
        state.mode.set(mode(this.is_strict(py), None, level));
        if level.is_none() {
            let entered = this.enter(py)?;
            if !entered.database.is_autocommit() {
                transaction::run(py, &entered, "COMMIT")?;
            }
        }
        Ok(())
    }

    /// Whether SQLite alone ends transactions (True), one is always open (False), or the isolation
    /// level decides.
    #[getter]
    fn get_autocommit<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        slf.get().check_open(py)?;
        Ok(match slf.get().state.get(py).mode.get() {
            Mode::Autocommit => PyBool::new(py, true).to_owned().into_any(),
            Mode::Always | Mode::BeforeWrites => PyBool::new(py, false).to_owned().into_any(),
            Mode::Legacy(_) => new_integer(py, LEGACY),
        })
    }

    #[setter]
    fn set_autocommit(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        let value = autocommit_of(value)?;
        let entered = this.enter(py)?;
        this.check_no_block(py, "`autocommit` cannot be set")?;
        let is_autocommit = entered.database.is_autocommit();
        match value {
            Some(true) if !is_autocommit => transaction::run(py, &entered, "COMMIT")?,
            Some(false) if is_autocommit && !entered.rules.is_strict => {
                transaction::run(py, &entered, "BEGIN")?
            }
            _ => {}
        }
        let state = this.state.get(py);
        let level: &Cell<_> = &state.isolation_level;
        state.mode.set(mode(entered.rules.is_strict, value, level.get()));
        Ok(())
    }
}
