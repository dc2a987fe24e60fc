//! A statement that was prepared to be run many times.

use std::cell::RefCell;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::connection::Connection;
use super::cursor::{Cursor, text_of};
use super::{errors, execute};
use crate::cpython::Held;
use crate::errors::new_error;
use crate::gate;

/// A statement that is kept ready as long as this is open.
///
/// It is run by cursors, a new one each time, so that the results of two runs can be read beside
/// each other.
#[pyclass(frozen, weakref, module = "onecross.sql")]
pub(crate) struct Statement {
    state: Held<RefCell<Option<State>>>,
    sql: Py<PyString>,
    is_read_only: bool,
}

struct State {
    connection: Py<Connection>,
    /// Held as long as the connection's cache is to keep the statement.
    _pin: Arc<()>,
}

impl Statement {
    /// A cursor that can run the statement.
    fn cursor<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Cursor>> {
        let connection = {
            let state = self.state.get(py).borrow();
            let Some(state) = &*state else {
                return Err(errors::programming(py, "Cannot operate on a closed statement."));
            };
            state.connection.bind(py).clone()
        };
        connection.get().check_open(py)?;
        Cursor::of(&connection)
    }

    fn run<'py>(
        &self,
        py: Python<'py>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Cursor>> {
        let cursor = self.cursor(py)?;
        execute::execute(&cursor, self.sql.bind(py).as_any(), parameters)?;
        Ok(cursor)
    }
}

#[pymethods]
impl Statement {
    #[new]
    #[pyo3(signature = (connection, sql, /))]
    fn new(connection: &Bound<'_, Connection>, sql: &Bound<'_, PyAny>) -> PyResult<Self> {
        gate::guard(|| {
            let sql = text_of(sql, "prepare() argument 1")?.str()?;
            let pin = Arc::new(());
            let is_read_only = connection.get().prepare_pinned(&sql, &pin)?;
            let state = State { connection: connection.clone().unbind(), _pin: pin };
            let state = Held::new(RefCell::new(Some(state)));
            Ok(Self { state, sql: sql.unbind(), is_read_only })
        })
    }

    /// Runs the statement with a new cursor, and returns that.
    #[pyo3(signature = (parameters=None, /))]
    fn execute<'py>(
        slf: &Bound<'py, Self>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Cursor>> {
        gate::guard(|| slf.get().run(slf.py(), parameters))
    }

    /// Runs the statement once for each of many sets of parameters.
    #[pyo3(signature = (seq_of_parameters, /))]
    fn executemany<'py>(
        slf: &Bound<'py, Self>,
        seq_of_parameters: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Cursor>> {
        let (py, this) = (slf.py(), slf.get());
        gate::enter(py, |passage| {
            let cursor = this.cursor(py)?;
            let sql = this.sql.bind(py).as_any();
            execute::execute_many(&cursor, sql, seq_of_parameters, passage)?;
            Ok(cursor)
        })
    }

    /// Runs the statement with the parameters as arguments, by their places or by their names.
    #[pyo3(signature = (*values, **named))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        values: &Bound<'py, PyTuple>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, Cursor>> {
        gate::guard(|| match named {
            None => slf.get().run(slf.py(), Some(values.as_any())),
            Some(named) if values.is_empty() => slf.get().run(slf.py(), Some(named.as_any())),
            Some(_) => {
                let message = "give parameters by their places or by their names, not by both";
                Err(new_error::<PyTypeError>(slf.py(), message))
            }
        })
    }

    /// Keeps the statement ready no longer; it cannot be run any more.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            drop(slf.get().state.get(slf.py()).take());
            Ok(())
        })
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(slf: &Bound<'_, Self>, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        Self::close(slf)
    }

    /// The text of the statement.
    #[getter]
    fn sql(slf: &Bound<'_, Self>) -> Py<PyString> {
        slf.get().sql.clone_ref(slf.py())
    }

    /// Whether the statement writes to no database by itself.
    #[getter]
    fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.state.visited(&visit).try_borrow() {
            Ok(state) => state.as_ref().map_or(Ok(()), |state| visit.call(&state.connection)),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        Python::attach(|py| drop(self.state.get(py).take()));
    }
}
