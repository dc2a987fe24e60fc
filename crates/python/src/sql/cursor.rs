//! The cursor that Python sees: a statement being run, and its rows.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::connection::Connection;
use super::errors;
use super::prepared::Prepared;
use super::strict_cursor::StrictCursor;
use super::{execute, fetch, query};
use crate::cpython::{Held, new_integer};
use crate::errors::new_error;
use crate::gate::{self, Passage};
use crate::rows::Rows;

/// A statement being run, and its rows.
#[pyclass(frozen, subclass, weakref, module = "onecross.sql")]
pub(crate) struct Cursor {
    pub(super) state: Held<CursorState>,
}

/// What belongs to a cursor.
pub(super) struct CursorState {
    pub(super) connection: RefCell<Option<Py<Connection>>>,
    /// The statement, as long as it has rows to give.
    pub(super) running: RefCell<Option<Box<Prepared>>>,
    /// Rows that were fetched before they were asked for, as those of what writes are.
    pub(super) waiting: RefCell<VecDeque<Py<PyTuple>>>,
    /// How often a statement was run or given up, or the cursor initialised.
    pub(super) runs: Cell<u64>,
    /// How many rows of the result were asked for.
    pub(super) fetched: Cell<u64>,
    pub(super) is_closed: Cell<bool>,
    pub(super) is_locked: Cell<bool>,
    /// Whether its rows are read as columns, so that none are fetched before.
    pub(super) is_of_query: Cell<bool>,
    pub(super) rows: Cell<i64>,
    pub(super) last_row: Cell<Option<i64>>,
    pub(super) array_size: Cell<i32>,
    pub(super) description: RefCell<Option<Py<PyTuple>>>,
    pub(super) row_factory: RefCell<Option<Py<PyAny>>>,
}

impl CursorState {
    pub(super) fn new(connection: Option<Py<Connection>>, row_factory: Option<Py<PyAny>>) -> Self {
        Self {
            connection: RefCell::new(connection),
            running: RefCell::default(),
            waiting: RefCell::default(),
            runs: Cell::new(0),
            fetched: Cell::new(0),
            is_closed: Cell::new(false),
            is_locked: Cell::new(false),
            is_of_query: Cell::new(false),
            rows: Cell::new(-1),
            last_row: Cell::new(None),
            array_size: Cell::new(1),
            description: RefCell::default(),
            row_factory: RefCell::new(row_factory),
        }
    }
}

impl Drop for Cursor {
    /// Gives a statement that has not run to its end back to its connection.
    fn drop(&mut self) {
        let state = self.state.get_mut();
        if let Some(prepared) = state.running.take()
            && let Some(connection) = state.connection.get_mut()
        {
            Python::attach(|py| connection.bind(py).get().take_back(py, prepared));
        }
    }
}

/// A cursor that nothing else may use until this is dropped.
pub(super) struct Lock<'a>(&'a Cell<bool>);

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// A cursor of any class, made by a connection.
pub(super) enum AnyCursor<'py> {
    /// Ours.
    Own(Bound<'py, Cursor>),
    /// What the `cursor` method of a subclass answered.
    Other(Bound<'py, PyAny>),
}

impl Cursor {
    /// A new cursor of a connection.
    pub(super) fn of<'py>(connection: &Bound<'py, Connection>) -> PyResult<Bound<'py, Self>> {
        let py = connection.py();
        let state = connection.get().state.get(py);
        let row_factory = state.row_factory.borrow().as_ref().map(|it| it.clone_ref(py));
        let is_strict = state.rules.get().is_strict;
        let state = CursorState::new(Some(connection.clone().unbind()), row_factory);
        let cursor = Self { state: Held::new(state) };
        if is_strict { StrictCursor::of(py, cursor) } else { Bound::new(py, cursor) }
    }

    /// A cursor for one of the connection's own methods; a subclass may make it in its own way.
    #[inline]
    pub(super) fn of_any<'py>(connection: &Bound<'py, Connection>) -> PyResult<AnyCursor<'py>> {
        if connection.get().makes_plain_cursors(connection) {
            connection.get().check_open(connection.py())?;
            return Ok(AnyCursor::Own(Self::of(connection)?));
        }
        let made = connection.call_method0(intern!(connection.py(), "cursor"))?;
        Ok(AnyCursor::Other(made))
    }

    /// A new cursor made by a function that is given the connection.
    pub(super) fn by_factory<'py>(
        connection: &Bound<'py, Connection>,
        factory: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = connection.py();
        let made = factory.call1((connection,))?;
        let Ok(cursor) = made.cast::<Self>() else {
            let message =
                format!("factory must return a cursor, not {}", errors::class_name(&made)?);
            return Err(new_error::<PyTypeError>(py, &message));
        };
        let factory = connection.get().state.get(py).row_factory.borrow();
        if let Some(factory) = &*factory {
            let before =
                cursor.get().state.get(py).row_factory.replace(Some(factory.clone_ref(py)));
            drop(before);
        }
        Ok(made)
    }

    /// The description of the result.
    #[inline]
    pub(super) fn described(&self, py: Python<'_>) -> Option<Py<PyTuple>> {
        self.state.get(py).description.borrow().as_ref().map(|it| it.clone_ref(py))
    }

    /// The number of the statement that it has run last.
    pub(super) fn run(&self, py: Python<'_>) -> u64 {
        self.state.get(py).runs.get()
    }

    /// The connection, of a cursor that can be used.
    ///
    /// # Errors
    ///
    /// The cursor has none, is closed, or is in the middle of something.
    #[inline(always)]
    pub(super) fn usable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Connection>> {
        let state = self.state.get(py);
        if state.is_locked.get() {
            self.wait_for_others(py)?;
        }
        match &*state.connection.borrow() {
            Some(connection) if !state.is_closed.get() => Ok(connection.bind(py).clone()),
            connection => Err(unusable(py, connection.is_some())),
        }
    }

    /// Waits until no other thread is in the middle of using the cursor.
    ///
    /// # Errors
    ///
    /// This thread is.
    #[cold]
    pub(super) fn wait_for_others(&self, py: Python<'_>) -> PyResult<()> {
        let state = self.state.get(py);
        while state.is_locked.get() {
            let connection = state.connection.borrow().as_ref().map(|it| it.bind(py).clone());
            let is_used_elsewhere = match connection {
                Some(connection) => connection.get().wait_for_other_thread(py)?,
                None => false,
            };
            if !is_used_elsewhere {
                return Err(errors::programming(py, "Recursive use of cursors not allowed."));
            }
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn lock<'py>(&'py self, py: Python<'py>) -> Lock<'py> {
        let is_locked = &self.state.get(py).is_locked;
        is_locked.set(true);
        Lock(is_locked)
    }
}

impl<'py> AnyCursor<'py> {
    pub(super) fn execute(
        self,
        sql: &Bound<'py, PyAny>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Own(cursor) => {
                execute::execute(&cursor, sql, parameters)?;
                Ok(cursor.into_any())
            }
            Self::Other(cursor) => {
                let name = intern!(cursor.py(), "execute");
                match parameters {
                    Some(parameters) => cursor.call_method1(name, (sql, parameters)),
                    None => cursor.call_method1(name, (sql,)),
                }
            }
        }
    }

    pub(super) fn executemany(
        self,
        sql: &Bound<'py, PyAny>,
        parameters: &Bound<'py, PyAny>,
        passage: &Passage<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Own(cursor) => {
                execute::execute_many(&cursor, sql, parameters, passage)?;
                Ok(cursor.into_any())
            }
            Self::Other(cursor) => {
                cursor.call_method1(intern!(cursor.py(), "executemany"), (sql, parameters))
            }
        }
    }

    pub(super) fn executescript(self, script: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Own(cursor) => {
                execute::execute_script(&cursor, script)?;
                Ok(cursor.into_any())
            }
            Self::Other(cursor) => {
                cursor.call_method1(intern!(cursor.py(), "executescript"), (script,))
            }
        }
    }
}

#[pymethods]
impl Cursor {
    #[new]
    #[pyo3(signature = (*_arguments, **_options))]
    fn new(_arguments: &Bound<'_, PyTuple>, _options: Option<&Bound<'_, PyDict>>) -> Self {
        Self { state: Held::new(CursorState::new(None, None)) }
    }

    #[pyo3(signature = (connection, /))]
    fn __init__(slf: &Bound<'_, Self>, connection: Bound<'_, Connection>) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let state = slf.get().state.get(py);
            slf.get().wait_for_others(py)?;
            fetch::abandon(slf)?;
            connection.get().check_thread_here(py)?;
            let before = state.connection.replace(Some(connection.unbind()));
            let description = state.description.take();
            let factory = state.row_factory.take();
            state.runs.set(state.runs.get() + 1);
            state.is_closed.set(false);
            state.last_row.set(None);
            state.rows.set(-1);
            state.array_size.set(1);
            drop((before, description, factory));
            Ok(())
        })
    }

    /// Runs a statement once for each of many sets of parameters.
    #[pyo3(signature = (sql, seq_of_parameters, /))]
    fn executemany<'py>(
        slf: Bound<'py, Self>,
        sql: &Bound<'py, PyAny>,
        seq_of_parameters: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = slf.py();
        gate::enter(py, |passage| {
            execute::execute_many(&slf, sql, seq_of_parameters, passage)?;
            Ok(slf)
        })
    }

    /// Runs all statements of a text.
    #[pyo3(signature = (sql_script, /))]
    fn executescript<'py>(
        slf: Bound<'py, Self>,
        sql_script: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        gate::guard(|| {
            execute::execute_script(&slf, sql_script)?;
            Ok(slf)
        })
    }

    /// The next rows, `size` of them or as many as there are.
    #[pyo3(signature = (size=None))]
    fn fetchmany<'py>(slf: &Bound<'py, Self>, size: Option<i32>) -> PyResult<Bound<'py, PyList>> {
        gate::enter(slf.py(), |passage| {
            let size = size.unwrap_or_else(|| slf.get().state.get(slf.py()).array_size.get());
            fetch::some(slf, size, passage)
        })
    }

    /// All rows that are left.
    fn fetchall<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyList>> {
        gate::enter(slf.py(), |passage| fetch::many(slf, usize::MAX, passage))
    }

    /// The rows that are left, in whatever form is asked for.
    #[pyo3(signature = (*, types=None))]
    fn rows<'py>(
        slf: &Bound<'py, Self>,
        types: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Rows>> {
        gate::guard(|| query::rows(slf, types))
    }

    /// Ends the statement; the cursor cannot be used any more.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| fetch::close(slf))
    }

    /// Does nothing: there is nothing to prepare for.
    #[pyo3(signature = (sizes, /))]
    fn setinputsizes(&self, sizes: &Bound<'_, PyAny>) {
        let _ = sizes;
    }

    /// Does nothing: values are never cut.
    #[pyo3(signature = (size, column=None, /))]
    fn setoutputsize(&self, size: &Bound<'_, PyAny>, column: Option<&Bound<'_, PyAny>>) {
        let _ = (size, column);
    }

    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        gate::guard(|| fetch::next(slf))
    }

    /// The connection that the cursor belongs to; None where it was never initialised.
    #[getter]
    fn connection(slf: &Bound<'_, Self>) -> Option<Py<Connection>> {
        let py = slf.py();
        slf.get().state.get(py).connection.borrow().as_ref().map(|it| it.clone_ref(py))
    }

    /// The columns of the result, as PEP 249 describes them; None where there is none.
    #[getter]
    fn description(slf: &Bound<'_, Self>) -> Option<Py<PyTuple>> {
        slf.get().described(slf.py())
    }

    /// How many rows were changed; -1 where that is not known.
    #[getter]
    fn rowcount<'py>(slf: &Bound<'py, Self>) -> Bound<'py, PyAny> {
        new_integer(slf.py(), slf.get().state.get(slf.py()).rows.get())
    }

    /// The key of the row that was inserted last, or None.
    #[getter]
    fn lastrowid<'py>(slf: &Bound<'py, Self>) -> Option<Bound<'py, PyAny>> {
        let py = slf.py();
        slf.get().state.get(py).last_row.get().map(|row| new_integer(py, row))
    }

    /// How many rows `fetchmany` fetches.
    #[getter]
    fn get_arraysize<'py>(slf: &Bound<'py, Self>) -> Bound<'py, PyAny> {
        new_integer(slf.py(), slf.get().state.get(slf.py()).array_size.get().into())
    }

    #[setter]
    fn set_arraysize(slf: &Bound<'_, Self>, size: i32) {
        slf.get().state.get(slf.py()).array_size.set(size);
    }

    /// What makes rows of tuples: called with the cursor and the tuple; None leaves them.
    #[getter]
    fn get_row_factory(slf: &Bound<'_, Self>) -> Option<Py<PyAny>> {
        let py = slf.py();
        slf.get().state.get(py).row_factory.borrow().as_ref().map(|it| it.clone_ref(py))
    }

    #[setter]
    fn set_row_factory(slf: &Bound<'_, Self>, factory: Option<Py<PyAny>>) {
        drop(slf.get().state.get(slf.py()).row_factory.replace(factory));
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let state = self.state.visited(&visit);
        if let Ok(connection) = state.connection.try_borrow() {
            visit.call(&*connection)?;
        }
        if let Ok(factory) = state.row_factory.try_borrow() {
            visit.call(&*factory)?;
        }
        if let Ok(running) = state.running.try_borrow()
            && let Some(prepared) = &*running
        {
            prepared.traverse(&visit)?;
        }
        if let Ok(rows) = state.waiting.try_borrow() {
            rows.iter().try_for_each(|row| visit.call(row))?;
        }
        Ok(())
    }

    fn __clear__(&self) {
        Python::attach(|py| {
            let state = self.state.get(py);
            let connection = state.connection.take();
            if let Some(prepared) = state.running.take()
                && let Some(connection) = &connection
            {
                connection.bind(py).get().take_back(py, prepared);
            }
            drop((connection, state.waiting.take(), state.row_factory.take()));
        });
    }
}

#[cold]
pub(super) fn unusable(py: Python<'_>, is_connected: bool) -> PyErr {
    let message = if is_connected {
        "Cannot operate on a closed cursor."
    } else {
        "Base Cursor.__init__ not called."
    };
    errors::programming(py, message)
}

/// The text of a statement, which must be a str; else the message tells where it was given.
pub(super) fn text_of<'a, 'py>(
    object: &'a Bound<'py, PyAny>,
    place: &str,
) -> PyResult<&'a Bound<'py, PyString>> {
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(text);
    }
    let given = if object.is_none() { "None".to_owned() } else { errors::class_name(object)? };
    let message = format!("{place} must be str, not {given}");
    Err(new_error::<PyTypeError>(object.py(), &message))
}
