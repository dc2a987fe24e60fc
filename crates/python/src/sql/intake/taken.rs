//! What Python gives to be stored, read once.

use std::cell::RefCell;
use std::sync::Arc;

use onecross_columns::{Unstorable, declared_for};
use onecross_sql::write::Rows;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PyString, PyTuple};

use super::super::connection::Connection;
use super::super::errors;
use super::super::session::Session;
use super::arrays::{Table, check, unimported};
use super::columns::{Columns, Given, Unit, Used};
use super::misfit::Stand;
use super::records::{Kind, Records};
use crate::cpython::{Held, ImportedArrays, NumberBuffer, Text};
use crate::errors::new_error;
use crate::gate;

/// Rows or columns that are given to be stored. They are taken once.
#[pyclass(frozen, module = "onecross._core")]
pub(crate) struct Intake {
    chunks: Held<RefCell<Option<Chunks>>>,
}

/// The chunks of what was given.
pub(in super::super) struct Chunks {
    source: Source,
    labels: Vec<String>,
    /// The columns that are read; all, if none is named.
    wanted: Vec<usize>,
}

enum Source {
    Records(Records),
    Columns(Columns),
    Table(Table),
}

impl Chunks {
    /// The next rows, the first of which has that number; `None` behind the last.
    ///
    /// # Errors
    ///
    /// They cannot be stored; or what the session does was stopped meanwhile.
    pub(in super::super) fn next(
        &mut self,
        py: Python<'_>,
        session: &Session,
        first: usize,
    ) -> PyResult<Option<Arc<Rows>>> {
        let wanted = &self.wanted;
        let is_wanted = |place: usize| wanted.is_empty() || wanted.contains(&place);
        match &mut self.source {
            Source::Records(records) => records.next(py, session, first, &self.labels),
            Source::Columns(columns) => columns.next(py, &self.labels, is_wanted),
            Source::Table(table) => table.next(py, first, &self.labels, is_wanted),
        }
    }

    /// Reads these columns alone.
    pub(in super::super) fn want(&mut self, wanted: Vec<usize>) {
        self.wanted = wanted;
    }

    /// Gives back rows that nobody reads any more.
    pub(in super::super) fn recycle(&mut self, chunk: Arc<Rows>) {
        if let Source::Records(records) = &mut self.source {
            records.recycle(chunk);
        }
    }

    /// The columns that are read.
    pub(in super::super) fn wanted(&self) -> Vec<usize> {
        if self.wanted.is_empty() { (0..self.labels.len()).collect() } else { self.wanted.clone() }
    }

    /// What the columns are called, as far as that is known.
    pub(in super::super) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How many columns there are, as far as that is known; else none.
    pub(in super::super) fn width(&self) -> usize {
        self.labels.len()
    }

    /// How many rows there are, where that is known.
    pub(in super::super) fn total(&self) -> Option<usize> {
        match &self.source {
            Source::Columns(columns) => Some(columns.rows()),
            Source::Records(_) | Source::Table(_) => None,
        }
    }

    /// The type that CREATE TABLE would have for each column that is wanted, as far as that is
    /// known before they are read.
    pub(in super::super) fn declared(&self, py: Python<'_>) -> PyResult<Vec<Option<&'static str>>> {
        let types: Vec<_> = match &self.source {
            Source::Records(_) => return Ok(vec![None; self.labels.len()]),
            Source::Columns(columns) => {
                columns.given().iter().map(|given| given.data_type(py)).collect()
            }
            Source::Table(table) => table.fields().into_iter().map(|field| Some(field.1)).collect(),
        };
        let declared = self.labels.iter().zip(types).enumerate().map(|(place, (name, known))| {
            let is_wanted = self.wanted.is_empty() || self.wanted.contains(&place);
            let Some(data_type) = known.filter(|_| is_wanted) else { return Ok(None) };
            let unknown = || {
                Stand { column: name, row: 0 }.unstorable(py, &Unstorable::Type(data_type.clone()))
            };
            declared_for(&data_type).map(Some).ok_or_else(unknown)
        });
        declared.collect()
    }
}

impl Intake {
    fn new(py: Python<'_>, source: Source, labels: Vec<String>) -> Self {
        let intake = Self { chunks: Held::default() };
        let chunks = Chunks { source, labels, wanted: Vec::new() };
        drop(intake.chunks.get(py).replace(Some(chunks)));
        intake
    }

    /// Takes what was given.
    ///
    /// # Errors
    ///
    /// It was taken before.
    pub(in super::super) fn take(&self, py: Python<'_>) -> PyResult<Chunks> {
        let taken = self.chunks.get(py).take();
        taken.ok_or_else(|| errors::programming(py, "what was given was read before"))
    }

    fn add(&self, py: Python<'_>, name: &Bound<'_, PyString>, given: Given) -> PyResult<()> {
        let mut chunks = self.chunks.get(py).borrow_mut();
        let Some(Chunks { source: Source::Columns(columns), labels, .. }) = &mut *chunks else {
            return Err(errors::programming(py, "these are no columns"));
        };
        labels.push(Text::of(name).to_lossy());
        columns.add(py, given, labels)
    }

    fn with<T>(&self, py: Python<'_>, ask: impl FnOnce(&Chunks) -> PyResult<T>) -> PyResult<T> {
        match &*self.chunks.get(py).borrow() {
            Some(chunks) => ask(chunks),
            None => Err(errors::programming(py, "what was given was read before")),
        }
    }
}

#[pymethods]
impl Intake {
    /// Columns, of which there is none yet.
    #[new]
    fn columns(py: Python<'_>) -> Self {
        Self::new(py, Source::Columns(Columns::default()), Vec::new())
    }

    /// Rows that an iterator gives: sequences (0), mappings (1) or objects (2).
    #[staticmethod]
    fn of_records(
        iterator: &Bound<'_, PyIterator>,
        kind: u8,
        names: Vec<Py<PyString>>,
        is_exact: bool,
    ) -> PyResult<Self> {
        gate::guard(|| {
            let py = iterator.py();
            let kind = match kind {
                0 => Kind::Sequences,
                1 => Kind::Mappings,
                2 => Kind::Objects,
                _ => return Err(new_error::<PyValueError>(py, "there is no such kind of rows")),
            };
            let labels = names.iter().map(|name| Text::of(name.bind(py)).to_lossy()).collect();
            let records = Records::new(iterator.clone().unbind(), kind, names, is_exact);
            Ok(Self::new(py, Source::Records(records), labels))
        })
    }

    /// Reads the first rows at once, for a connection; answers the values that each had then.
    fn look_ahead<'py>(
        slf: &Bound<'py, Self>,
        connection: &Bound<'py, Connection>,
        most: usize,
    ) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        gate::guard(|| {
            let py = slf.py();
            let session = connection.get().enter(py)?;
            // What rows come from may run anything, and that must not find this borrowed.
            let mut chunks = slf.get().take(py)?;
            let seen = match &mut chunks.source {
                Source::Records(records) => {
                    records.look_ahead(py, &session, most, &chunks.labels)?
                }
                Source::Columns(_) | Source::Table(_) => Vec::new(),
            };
            drop(slf.get().chunks.get(py).replace(Some(chunks)));
            Ok(seen)
        })
    }

    /// A table that an object hands out by Arrow's interface.
    #[staticmethod]
    fn of_arrow(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        gate::guard(|| {
            let table = Table::new(source.py(), imported(source, None)?)?;
            let labels = table.fields().into_iter().map(|(name, _)| name).collect();
            Ok(Self::new(source.py(), Source::Table(table), labels))
        })
    }

    /// Adds a column of numbers; where the mask is true, there is none.
    ///
    /// Answers whether the object shows one row of numbers that SQLite can store.
    #[pyo3(signature = (name, numbers, mask=None, unit=None, /))]
    fn add_numbers(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyString>,
        numbers: &Bound<'_, PyAny>,
        mask: Option<&Bound<'_, PyAny>>,
        unit: Option<&Bound<'_, PyString>>,
    ) -> PyResult<bool> {
        gate::guard(|| {
            let py = slf.py();
            let Some(numbers) = NumberBuffer::of(numbers)? else { return Ok(false) };
            let mask = match mask.map(NumberBuffer::of) {
                None => None,
                Some(mask) => match mask?.filter(|mask| mask.len() == numbers.len()) {
                    Some(mask) => Some(mask),
                    None => return Ok(false),
                },
            };
            let given = match unit {
                None => Given::Numbers(numbers, mask),
                Some(unit) => match Unit::named(&Text::of(unit).to_lossy()) {
                    Some(unit) if numbers.integers(py, 0, 0).is_some() => {
                        Given::Times(numbers, mask, unit)
                    }
                    _ => return Ok(false),
                },
            };
            slf.get().add(py, name, given)?;
            Ok(true)
        })
    }

    /// Adds a column of objects.
    fn add_values(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyString>,
        values: &Bound<'_, PyList>,
    ) -> PyResult<()> {
        gate::guard(|| slf.get().add(slf.py(), name, Given::Values(values.clone().unbind())))
    }

    /// Adds a column that an object hands out by Arrow's interface.
    fn add_arrow(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyString>,
        source: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let label = Text::of(name).to_lossy();
            let mut imported = imported(source, Some(&label))?;
            check(py, imported.field(), &label)?;
            let mut arrays = Vec::new();
            while let Some(array) =
                imported.next(py).map_err(|why| unimported(py, Some(&label), why))?
            {
                arrays.push(array);
            }
            let data_type = imported.field().data_type().clone();
            slf.get().add(py, name, Given::Arrays(data_type, arrays, Used::default()))
        })
    }

    /// Has these columns read alone.
    fn want(slf: &Bound<'_, Self>, places: Vec<usize>) -> PyResult<()> {
        gate::guard(|| {
            let mut chunks = slf.get().chunks.get(slf.py()).borrow_mut();
            if let Some(chunks) = &mut *chunks {
                chunks.want(places);
            }
            Ok(())
        })
    }

    /// The names of the columns, as far as they are known.
    #[getter]
    fn names(slf: &Bound<'_, Self>) -> PyResult<Vec<String>> {
        gate::guard(|| slf.get().with(slf.py(), |chunks| Ok(chunks.labels.clone())))
    }

    /// The type that CREATE TABLE would have for each column; None where its values tell.
    #[getter]
    fn declared(slf: &Bound<'_, Self>) -> PyResult<Vec<Option<&'static str>>> {
        gate::guard(|| slf.get().with(slf.py(), |chunks| chunks.declared(slf.py())))
    }
}

fn imported(object: &Bound<'_, PyAny>, column: Option<&str>) -> PyResult<ImportedArrays> {
    ImportedArrays::of(object)
        .map_err(|why| unimported(object.py(), column, why))?
        .ok_or_else(|| new_error::<PyTypeError>(object.py(), "the object hands out no Arrow data"))
}
