//! A row whose values are found by their places and by the names of their columns.

use pyo3::basic::CompareOp;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyIterator, PyList, PySlice, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::cursor::Cursor;
use crate::cpython::{Text, list_of, small_integer, tuple_item};
use crate::errors::new_error;
use crate::gate;

/// A row whose values are found by their places and by the names of their columns.
#[pyclass(frozen, sequence, subclass, module = "onecross.sql.sqlite3")]
pub(crate) struct Row {
    values: Py<PyTuple>,
    /// That of the cursor when the row was made; none where it had none.
    description: Option<Py<PyTuple>>,
}

impl Row {
    /// The row of a cursor's current result.
    #[inline]
    pub(super) fn of<'py>(
        cursor: &Cursor,
        values: Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = values.py();
        Bound::new(py, Self { description: cursor.described(py), values: values.unbind() })
    }

    /// The names of the columns.
    fn names<'py>(&self, py: Python<'py>) -> impl Iterator<Item = Bound<'py, PyAny>> + use<'py> {
        let columns = self.description.as_ref().map(|description| description.bind(py).clone());
        columns
            .into_iter()
            .flat_map(|columns| columns.iter())
            .filter_map(|column| tuple_item(&column, 0).map(|name| name.to_owned()))
    }

    fn by_name<'py>(&self, key: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        let place = self.names(py).position(|name| {
            name.cast::<PyString>().is_ok_and(|name| is_same_name(&Text::of(name), &Text::of(key)))
        });
        let values = self.values.bind(py);
        match place {
            Some(place) if place < values.len() => values.get_item(place),
            _ => Err(new_error::<PyIndexError>(py, "No item with that key")),
        }
    }

    fn by_place<'py>(&self, key: &Bound<'py, PyInt>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        let Some(place) = small_integer(key) else {
            let message = "cannot fit 'int' into an index-sized integer";
            return Err(new_error::<PyIndexError>(py, message));
        };
        let values = self.values.bind(py);
        let length = values.len() as i64;
        let place = if place < 0 { place + length } else { place };
        match usize::try_from(place) {
            Ok(place) if place < values.len() => values.get_item(place),
            _ => Err(new_error::<PyIndexError>(py, "tuple index out of range")),
        }
    }
}

/// Whether names are the same, no matter in which case the letters of ASCII are.
fn is_same_name(one: &Text<'_>, other: &Text<'_>) -> bool {
    match (one, other) {
        (Text::Ascii(one), Text::Ascii(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

#[pymethods]
impl Row {
    #[new]
    #[pyo3(signature = (cursor, data, /))]
    fn new(cursor: &Bound<'_, Cursor>, data: Bound<'_, PyTuple>) -> Self {
        Self { description: cursor.get().described(data.py()), values: data.unbind() }
    }

    /// The names of the columns.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        gate::guard(|| list_of(py, self.names(py)))
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.values.bind(py).len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let py = key.py();
            if let Ok(place) = key.cast::<PyInt>() {
                self.by_place(place)
            } else if let Ok(name) = key.cast::<PyString>() {
                self.by_name(name)
            } else if key.is_instance_of::<PySlice>() {
                self.values.bind(py).as_any().get_item(key)
            } else {
                Err(new_error::<PyIndexError>(py, "Index must be int or string"))
            }
        })
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        gate::guard(|| self.values.bind(py).as_any().try_iter())
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        gate::guard(|| {
            let columns = match &self.description {
                Some(description) => description.bind(py).as_any().hash()?,
                None => py.None().bind(py).hash()?,
            };
            Ok(columns ^ self.values.bind(py).as_any().hash()?)
        })
    }

    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        operator: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let py = other.py();
            let not_implemented = || Ok(py.NotImplemented().into_bound(py));
            if !matches!(operator, CompareOp::Eq | CompareOp::Ne) {
                return not_implemented();
            }
            let Ok(other) = other.cast::<Self>() else { return not_implemented() };
            let other = other.get();
            let has_same_columns = match (&self.description, &other.description) {
                (Some(one), Some(other)) => one.bind(py).as_any().eq(other)?,
                (one, other) => one.is_none() && other.is_none(),
            };
            if has_same_columns {
                return self.values.bind(py).as_any().rich_compare(&other.values, operator);
            }
            Ok(PyBool::new(py, matches!(operator, CompareOp::Ne)).to_owned().into_any())
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.values)?;
        visit.call(&self.description)
    }
}
