//! The cursor of the strict face: what PEP 249 has and Python's `sqlite3` has not.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::cursor::{Cursor, CursorState};
use super::fetch;
use crate::cpython::{Held, new_integer, new_list};
use crate::gate;

/// A statement being run, and its rows.
#[pyclass(frozen, subclass, extends = Cursor, name = "Cursor", module = "onecross.sql")]
pub(crate) struct StrictCursor;

impl StrictCursor {
    /// A cursor of this class, of what a cursor is.
    #[inline]
    pub(super) fn of<'py>(py: Python<'py>, cursor: Cursor) -> PyResult<Bound<'py, Cursor>> {
        let made = Bound::new(py, PyClassInitializer::from(cursor).add_subclass(Self))?;
        Ok(made.into_super())
    }
}

#[pymethods]
impl StrictCursor {
    #[new]
    #[pyo3(signature = (*_arguments, **_options))]
    fn of_arguments(
        _arguments: &Bound<'_, PyTuple>,
        _options: Option<&Bound<'_, PyDict>>,
    ) -> PyClassInitializer<Self> {
        let cursor = Cursor { state: Held::new(CursorState::new(None, None)) };
        PyClassInitializer::from(cursor).add_subclass(Self)
    }

    /// Goes on to the next result. There is none: what was not fetched is given up.
    fn nextset(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| fetch::give_up(slf.as_super()))
    }

    /// How many rows of the result were fetched, which is the place of the next; None where there
    /// is no result.
    #[getter]
    fn rownumber<'py>(slf: &Bound<'py, Self>) -> Option<Bound<'py, PyAny>> {
        let py = slf.py();
        let state = slf.as_super().get().state.get(py);
        let has_result = state.description.borrow().is_some();
        has_result.then(|| new_integer(py, i64::try_from(state.fetched.get()).unwrap_or(i64::MAX)))
    }

    /// What the database has to say beside errors: nothing.
    #[getter]
    fn messages<'py>(slf: &Bound<'py, Self>) -> Bound<'py, PyList> {
        new_list(slf.py(), 0)
    }

    fn __enter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        gate::guard(|| {
            slf.as_super().get().usable(slf.py())?;
            Ok(slf)
        })
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(slf: &Bound<'_, Self>, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        gate::guard(|| fetch::close_if_open(slf.as_super()))
    }
}
