//! The connection that Python sees: opened, configured, closed.

use std::cell::{Cell, Ref, RefCell};
use std::ffi::c_ulong;
use std::sync::Arc;

use onecross_sqlite as sqlite;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::blocks::Blocks;
use super::cache::Cache;
use super::convert::TextFactory;
use super::cursor::Cursor;
use super::entered::Entered;
use super::errors;
use super::given::Given;
use super::opening::{self, Options};
use super::query;
use super::rules::Rules;
use super::session::Session;
use super::transaction::Mode;
use crate::cpython::{Held, class_attribute, new_integer, thread_number};
use crate::gate;
use crate::rows::Rows;

/// A connection to a database.
#[pyclass(frozen, subclass, weakref, module = "onecross.sql")]
pub(crate) struct Connection {
    pub(super) state: Held<State>,
}

/// What belongs to a connection beside its session.
pub(super) struct State {
    pub(super) session: RefCell<Option<Arc<Session>>>,
    /// Those before it, as long as cursors have rows of theirs to fetch.
    pub(super) former: RefCell<Vec<Arc<Session>>>,
    pub(super) is_initialised: Cell<bool>,
    pub(super) rules: Cell<Rules>,
    pub(super) blocks: Blocks,
    pub(super) cache: RefCell<Cache>,
    pub(super) mode: Cell<Mode>,
    /// The isolation level, which counts again when `autocommit` is left to it.
    pub(super) isolation_level: Cell<Option<&'static str>>,
    pub(super) detect_types: Cell<i32>,
    /// The thread that alone may use the connection.
    pub(super) only_thread: Cell<Option<c_ulong>>,
    pub(super) row_factory: RefCell<Option<Py<PyAny>>>,
    pub(super) texts: RefCell<TextFactory>,
    pub(super) text_factory: RefCell<Option<Py<PyAny>>>,
}

/// What becomes of the statements that cursors have begun.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// They are ended, so that the files are closed at once.
    ForGood,
    /// They go on, each on the database on which it began.
    ToOpenAnew,
}

impl Connection {
    /// Owns the connection, after whoever owns it now.
    ///
    /// # Errors
    ///
    /// It is not open, or of another thread or process.
    #[inline(always)]
    pub(super) fn enter<'py>(&'py self, py: Python<'py>) -> PyResult<Entered<'py>> {
        match self.try_enter(py) {
            Some(entered) => entered.begin(),
            None => self.enter_later(py),
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_later<'py>(&'py self, py: Python<'py>) -> PyResult<Entered<'py>> {
        loop {
            match self.enter_now(py)? {
                Some(entered) => return Ok(entered),
                None => self.wait(py)?,
            }
        }
    }

    /// Owns the connection, unless another thread does.
    ///
    /// # Errors
    ///
    /// It is not open, or of another thread or process.
    pub(super) fn enter_now<'py>(&'py self, py: Python<'py>) -> PyResult<Option<Entered<'py>>> {
        if let Some(entered) = self.try_enter(py) {
            return entered.begin().map(Some);
        }
        self.check_thread_here(py)?;
        match &*self.state.get(py).session.borrow() {
            None => Err(self.not_open(py)),
            Some(session) if session.is_foreign() => Err(foreign(py)),
            Some(_) => Ok(None),
        }
    }

    /// Owns the connection, if nothing is in the way.
    #[inline(always)]
    fn try_enter<'py>(&'py self, py: Python<'py>) -> Option<Entered<'py>> {
        let state = self.state.get(py);
        let here = thread_number();
        if state.only_thread.get().is_some_and(|thread| thread != here) {
            return None;
        }
        let session = Ref::filter_map(state.session.borrow(), Option::as_ref).ok()?;
        if session.is_foreign() || !session.owner.try_enter(py, here) {
            return None;
        }
        let (releases, calls) = (session.lease.releases(), session.calls(py));
        Some(Entered { py, session, releases, calls, is_part: false })
    }

    /// Waits for whoever owns the connection.
    #[cold]
    fn wait(&self, py: Python<'_>) -> PyResult<()> {
        let session = self.state.get(py).session.borrow().clone();
        session.map_or(Ok(()), |session| session.owner.wait(py))
    }

    #[cold]
    pub(super) fn not_open(&self, py: Python<'_>) -> PyErr {
        if self.state.get(py).is_initialised.get() {
            errors::programming(py, "Cannot operate on a closed database.")
        } else {
            errors::programming(py, "Base Connection.__init__ not called.")
        }
    }

    /// Lets go of the statements that are kept, with what they keep of tables.
    pub(super) fn forget_statements(&self, py: Python<'_>) {
        let idle = self.state.get(py).cache.borrow_mut().drain();
        drop(idle);
    }

    /// Closes the session, if one is open, when nothing runs.
    pub(super) fn close_session(&self, py: Python<'_>, how: Closing) -> PyResult<()> {
        let state = self.state.get(py);
        if state.session.borrow().is_none() {
            return Ok(());
        }
        let closed = {
            let entered = self.enter(py)?;
            if entered.owner.depth(py) > 1 {
                let message = "the connection cannot be closed while it runs a statement";
                return Err(errors::programming(py, message));
            }
            let mut closed = entered.close_blobs(py);
            if state.mode.get() == Mode::Always && !entered.database.is_autocommit() {
                // An error is told, and the connection is closed all the same.
                closed = super::transaction::run(py, &entered, "ROLLBACK").and(closed);
            }
            if how == Closing::ForGood {
                let former = state.former.take();
                for session in former.iter().chain([&*entered]) {
                    session.owned(py, || session.end_all(py));
                }
            }
            state.blocks.clear();
            closed
        };
        let session = state.session.try_borrow_mut().ok().and_then(|mut open| open.take());
        let idle = state.cache.borrow_mut().drain();
        drop(idle);
        if let Some(session) = session {
            session.controls.get(py).borrow_mut().clear();
            if how == Closing::ToOpenAnew && session.database.has_dependents() {
                state.former.borrow_mut().push(session);
            }
        }
        closed
    }
}

fn check_thread(py: Python<'_>, thread: c_ulong) -> PyResult<()> {
    if thread_number() == thread { Ok(()) } else { Err(other_thread(py, thread)) }
}

#[cold]
fn other_thread(py: Python<'_>, thread: c_ulong) -> PyErr {
    let here = thread_number();
    let message = format!(
        "SQLite objects created in a thread can only be used in that same thread. \
         The object was created in thread id {thread} and this is thread id {here}."
    );
    errors::programming(py, &message)
}

#[cold]
fn foreign(py: Python<'_>) -> PyErr {
    let message = "this connection was opened before the process was forked, and SQLite cannot \
                   share it with the parent: open another one after the fork";
    errors::programming(py, message)
}

#[pymethods]
impl Connection {
    #[new]
    #[pyo3(signature = (*_arguments, **_options))]
    fn new(_arguments: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        let state = State {
            session: RefCell::default(),
            former: RefCell::default(),
            is_initialised: Cell::new(false),
            rules: Cell::default(),
            blocks: Blocks::default(),
            cache: RefCell::new(Cache::new(0)),
            mode: Cell::new(Mode::Legacy(Some(""))),
            isolation_level: Cell::new(Some("")),
            detect_types: Cell::new(0),
            only_thread: Cell::new(None),
            row_factory: RefCell::default(),
            texts: RefCell::new(TextFactory::Text),
            text_factory: RefCell::default(),
        };
        Self { state: Held::new(state) }
    }

    #[pyo3(signature = (
        database, timeout, detect_types, isolation_level, check_same_thread, cached_statements, uri,
        autocommit, rules, /
    ))]
    #[expect(clippy::too_many_arguments, reason = "sqlite3 has them")]
    fn __init__(
        slf: &Bound<'_, Self>,
        database: &Bound<'_, PyAny>,
        timeout: f64,
        detect_types: i32,
        isolation_level: &Bound<'_, PyAny>,
        check_same_thread: bool,
        cached_statements: i32,
        uri: bool,
        autocommit: &Bound<'_, PyAny>,
        rules: Rules,
    ) -> PyResult<()> {
        gate::guard(|| {
            let options = Options {
                timeout,
                detect_types,
                isolation_level: opening::level_of(isolation_level)?,
                check_same_thread,
                cached_statements: usize::try_from(cached_statements).unwrap_or(0),
                uri,
                autocommit: opening::autocommit_of(autocommit)?,
                rules,
            };
            slf.get().close_session(slf.py(), Closing::ToOpenAnew)?;
            slf.get().state.get(slf.py()).is_initialised.set(false);
            opening::open(slf, database, &options)
        })
    }

    /// Closes the connection. What is not committed is lost.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let state = this.state.get(py);
            if let Some(thread) = state.only_thread.get() {
                check_thread(py, thread)?;
            }
            if !state.is_initialised.get() || state.rules.get().is_strict {
                this.check_open(py)?;
            }
            this.close_session(py, Closing::ForGood)
        })
    }

    /// Makes what was changed since the transaction began last.
    fn commit(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            slf.get().check_no_block(slf.py(), "commit() was called")?;
            slf.get().end_transaction(slf.py(), "COMMIT")
        })
    }

    /// Undoes what was changed since the transaction began.
    fn rollback(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            slf.get().check_no_block(slf.py(), "rollback() was called")?;
            slf.get().end_transaction(slf.py(), "ROLLBACK")
        })
    }

    /// A new cursor, made by the factory.
    #[pyo3(signature = (factory=Given::Nothing))]
    fn cursor<'py>(slf: &Bound<'py, Self>, factory: Given<'py>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            slf.get().check_open(slf.py())?;
            match factory {
                Given::Nothing => Ok(Cursor::of(slf)?.into_any()),
                Given::Value(factory) => Cursor::by_factory(slf, &factory),
            }
        })
    }

    /// Runs a statement with a new cursor, and returns that.
    #[pyo3(signature = (sql, parameters=Given::Nothing, /))]
    fn execute<'py>(
        slf: &Bound<'py, Self>,
        sql: &Bound<'py, PyAny>,
        parameters: Given<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Cursor::of_any(slf)?.execute(sql, parameters.as_ref()))
    }

    /// Runs a statement once for each of many sets of parameters.
    #[pyo3(signature = (sql, parameters, /))]
    fn executemany<'py>(
        slf: &Bound<'py, Self>,
        sql: &Bound<'py, PyAny>,
        parameters: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::enter(slf.py(), |passage| Cursor::of_any(slf)?.executemany(sql, parameters, passage))
    }

    /// Runs all statements of a text.
    #[pyo3(signature = (sql_script, /))]
    fn executescript<'py>(
        slf: &Bound<'py, Self>,
        sql_script: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Cursor::of_any(slf)?.executescript(sql_script))
    }

    /// The rows of a statement, in whatever form is asked for.
    #[pyo3(signature = (sql, parameters=None, /, *, types=None))]
    fn query<'py>(
        slf: &Bound<'py, Self>,
        sql: &Bound<'py, PyAny>,
        parameters: Option<&Bound<'py, PyAny>>,
        types: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Rows>> {
        gate::guard(|| query::query(slf, sql, parameters, types))
    }

    /// Stops the call that is under way, from any thread.
    fn interrupt(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let session = this.state.get(py).session.borrow().clone();
            let Some(session) = session else { return Err(this.not_open(py)) };
            session.database.interrupter().interrupt();
            // The drop-in's is lost between two statements, but where another thread would have
            // come in the middle of one.
            let is_heard = session.rules.is_strict || !session.owner.is_here(py);
            if is_heard && session.owner.depth(py) > 0 {
                session.watch.interrupt();
            }
            Ok(())
        })
    }

    fn __enter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        gate::guard(|| {
            slf.get().check_connected(slf.py())?;
            if slf.get().is_strict(slf.py()) {
                slf.get().enter_block(slf.py())?;
            }
            Ok(slf)
        })
    }

    #[pyo3(signature = (kind=None, error=None, traceback=None, /))]
    fn __exit__(
        slf: &Bound<'_, Self>,
        kind: Option<&Bound<'_, PyAny>>,
        error: Option<&Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<bool> {
        let _ = (error, traceback);
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let failed = kind.is_some_and(|kind| !kind.is_none());
            if this.is_strict(py) {
                this.leave_block(py, failed)?;
            } else if failed {
                this.end_transaction(py, "ROLLBACK")?;
            } else if let Err(error) = this.end_transaction(py, "COMMIT") {
                this.end_transaction(py, "ROLLBACK")?;
                return Err(error);
            }
            Ok(false)
        })
    }

    /// Whether a transaction is open.
    #[getter]
    fn in_transaction(slf: &Bound<'_, Self>) -> PyResult<bool> {
        gate::guard(|| slf.get().glance(slf.py(), |database| !database.is_autocommit()))
    }

    /// How many rows were changed since the connection was opened.
    #[getter]
    fn total_changes<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let py = slf.py();
            let changes = slf.get().glance(py, sqlite::Connection::total_changes)?;
            Ok(new_integer(py, changes))
        })
    }

    /// What makes rows of tuples: called with the cursor and the tuple; None leaves them.
    #[getter]
    fn get_row_factory(slf: &Bound<'_, Self>) -> Option<Py<PyAny>> {
        let py = slf.py();
        slf.get().state.get(py).row_factory.borrow().as_ref().map(|factory| factory.clone_ref(py))
    }

    #[setter]
    fn set_row_factory(slf: &Bound<'_, Self>, factory: Option<Py<PyAny>>) {
        drop(slf.get().state.get(slf.py()).row_factory.replace(factory));
    }

    /// What makes objects of the bytes of a text.
    #[getter]
    fn get_text_factory(slf: &Bound<'_, Self>) -> Py<PyAny> {
        let py = slf.py();
        let factory = slf.get().state.get(py).text_factory.borrow();
        match &*factory {
            Some(factory) => factory.clone_ref(py),
            None => py.get_type::<PyString>().into_any().unbind(),
        }
    }

    #[setter]
    fn set_text_factory(slf: &Bound<'_, Self>, factory: &Bound<'_, PyAny>) {
        let state = slf.get().state.get(slf.py());
        let texts = state.texts.replace(TextFactory::of(factory));
        let before = state.text_factory.replace(Some(factory.clone().unbind()));
        drop((texts, before));
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let state = self.state.visited(&visit);
        if let Ok(factory) = state.row_factory.try_borrow() {
            visit.call(&*factory)?;
        }
        if let Ok(factory) = state.text_factory.try_borrow() {
            visit.call(&*factory)?;
        }
        if let Ok(texts) = state.texts.try_borrow()
            && let TextFactory::Call(factory) = &*texts
        {
            visit.call(factory)?;
        }
        if let Ok(cache) = state.cache.try_borrow() {
            cache.traverse(&visit)?;
        }
        if let Ok(session) = state.session.try_borrow()
            && let Some(session) = &*session
        {
            session.callables.traverse(&visit)?;
        }
        if let Ok(former) = state.former.try_borrow() {
            former.iter().try_for_each(|session| session.callables.traverse(&visit))?;
        }
        Ok(())
    }

    fn __clear__(&self) {
        Python::attach(|py| {
            let state = self.state.get(py);
            drop(state.row_factory.take());
            drop(state.texts.replace(TextFactory::Text));
            drop(state.text_factory.take());
            let idle = state.cache.try_borrow_mut().map(|mut cache| cache.drain());
            drop(idle);
            let session = state.session.try_borrow().ok().and_then(|session| session.clone());
            let former = state.former.try_borrow().map(|former| former.clone());
            for session in session.iter().chain(former.iter().flatten()) {
                session.callables.clear(py);
            }
        });
    }
}

impl Connection {
    /// # Errors
    ///
    /// It is not open, or of another thread or process.
    pub(super) fn check_open(&self, py: Python<'_>) -> PyResult<()> {
        self.check_thread_here(py)?;
        self.check_connected(py)
    }

    /// # Errors
    ///
    /// It is not open, or of another process.
    pub(super) fn check_connected(&self, py: Python<'_>) -> PyResult<()> {
        match &*self.state.get(py).session.borrow() {
            None => Err(self.not_open(py)),
            Some(session) if session.is_foreign() => Err(foreign(py)),
            Some(_) => Ok(()),
        }
    }

    /// Looks at what SQLite tells at any time. In the drop-in, any thread may, and nobody waits for
    /// another that works with the connection: the answer may be out of date then.
    ///
    /// # Errors
    ///
    /// It is not open, or of another process.
    fn glance<T>(
        &self,
        py: Python<'_>,
        look: impl FnOnce(&sqlite::Connection) -> T,
    ) -> PyResult<T> {
        if self.is_strict(py) {
            return self.enter(py).map(|entered| look(&entered.database));
        }
        self.check_connected(py)?;
        match &*self.state.get(py).session.borrow() {
            None => Err(self.not_open(py)),
            Some(session) => Ok(look(&session.database)),
        }
    }

    pub(super) fn is_open(&self, py: Python<'_>) -> bool {
        self.state.get(py).session.borrow().is_some()
    }

    /// Waits a little if another thread owns the connection, and tells whether one did.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised.
    pub(super) fn wait_for_other_thread(&self, py: Python<'_>) -> PyResult<bool> {
        let Some(session) = self.state.get(py).session.borrow().clone() else { return Ok(false) };
        if session.owner.is_here(py) {
            return Ok(false);
        }
        session.owner.wait(py).map(|()| true)
    }

    #[inline]
    pub(super) fn is_strict(&self, py: Python<'_>) -> bool {
        self.state.get(py).rules.get().is_strict
    }

    fn end_transaction(&self, py: Python<'_>, how: &'static str) -> PyResult<()> {
        let entered = self.enter(py)?;
        self.state.get(py).mode.get().end(py, &entered, how)
    }

    /// # Errors
    ///
    /// The connection is of another thread.
    pub(super) fn check_thread_here(&self, py: Python<'_>) -> PyResult<()> {
        self.state.get(py).only_thread.get().map_or(Ok(()), |thread| check_thread(py, thread))
    }

    /// Whether no subclass has a `cursor` method of its own.
    #[inline]
    pub(super) fn makes_plain_cursors(&self, own: &Bound<'_, Self>) -> bool {
        let name = intern!(own.py(), "cursor");
        let plain = class_attribute(&own.py().get_type::<Self>(), name);
        let mine = class_attribute(&own.get_type(), name);
        matches!((plain, mine), (Some(plain), Some(mine)) if plain.is(&mine))
    }
}
