//! Rows that come one by one: tuples, mappings, objects.

use std::sync::Arc;

use onecross_sql::write::{Cells, Column, Rows};
use pyo3::exceptions::{PyAttributeError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyMapping, PyString, PyTuple};

use super::super::errors;
use super::super::session::Session;
use super::misfit::Stand;
use super::value::append;
use crate::cpython::{AttributeReader, is_sequence, list_to_tuple, tuple_of};

/// When a chunk ends.
const MOST_ROWS: usize = 1_024;
const MOST_BYTES: usize = 1 << 20;

/// What rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sequences, read by place.
    Sequences,
    /// Mappings, read by key.
    Mappings,
    /// Objects, read by attribute.
    Objects,
}

/// Rows of one kind.
pub(super) struct Records {
    iterator: Py<PyIterator>,
    kind: Kind,
    names: Vec<Py<PyString>>,
    readers: Vec<AttributeReader>,
    /// Whether a mapping may have nothing beside the names.
    is_exact: bool,
    width: Option<usize>,
    /// The first rows, if they were read before the others.
    ahead: Option<Arc<Rows>>,
    /// A chunk that was used, for its room.
    spare: Option<Arc<Rows>>,
}

impl Records {
    pub(super) fn new(
        iterator: Py<PyIterator>,
        kind: Kind,
        names: Vec<Py<PyString>>,
        is_exact: bool,
    ) -> Self {
        let readers = names.iter().map(|_| AttributeReader::default()).collect();
        let width = (!names.is_empty()).then_some(names.len());
        Self { iterator, kind, names, readers, is_exact, width, ahead: None, spare: None }
    }

    /// Gives back a chunk that nobody reads any more.
    pub(super) fn recycle(&mut self, chunk: Arc<Rows>) {
        self.spare = Some(chunk);
    }

    /// Reads the first rows, and answers the values that each had then: it may be changed before the
    /// next one comes, and come again.
    pub(super) fn look_ahead<'py>(
        &mut self,
        py: Python<'py>,
        session: &Session,
        most: usize,
        labels: &[String],
    ) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let mut rows = Rows::default();
        let mut seen = Vec::new();
        let mut iterator = self.iterator.bind(py).clone();
        while rows.rows < most {
            let Some(record) = iterator.next() else { break };
            session.go_on(py)?;
            let (record, row) = (record?, rows.rows);
            let values = match self.kind {
                Kind::Sequences => self.sequence(&record, row)?,
                Kind::Mappings => {
                    self.refuse_other_keys(&record, row, labels)?;
                    let items = (0..self.names.len()).map(|it| self.item(&record, it, row, labels));
                    tuple_of(py, items.collect::<PyResult<Vec<_>>>()?)?
                }
                Kind::Objects => {
                    let places = 0..self.names.len();
                    let items = places.map(|it| self.attribute(&record, it, row, labels));
                    tuple_of(py, items.collect::<PyResult<Vec<_>>>()?)?
                }
            };
            append_sequence(&mut rows, &values, row, labels)?;
            rows.rows += 1;
            seen.push(values);
        }
        self.ahead = (rows.rows > 0).then(|| Arc::new(rows));
        Ok(seen)
    }

    /// The next rows, the first of which has that number; `None` behind the last.
    pub(super) fn next(
        &mut self,
        py: Python<'_>,
        session: &Session,
        first: usize,
        labels: &[String],
    ) -> PyResult<Option<Arc<Rows>>> {
        if let Some(chunk) = self.ahead.take() {
            return Ok(Some(chunk));
        }
        let mut chunk = self.spare.take().unwrap_or_default();
        if Arc::get_mut(&mut chunk).is_none() {
            chunk = Arc::default();
        }
        let Some(rows) = Arc::get_mut(&mut chunk) else { return Ok(None) };
        rows.rows = 0;
        for column in &mut rows.columns {
            if let Column::Cells(cells) = column {
                cells.clear();
            }
        }
        let mut iterator = self.iterator.bind(py).clone();
        while rows.rows < MOST_ROWS {
            let Some(record) = iterator.next() else { break };
            session.go_on(py)?;
            self.append(rows, &record?, first + rows.rows, labels)?;
            rows.rows += 1;
            if bytes(rows) >= MOST_BYTES {
                break;
            }
        }
        Ok((rows.rows > 0).then_some(chunk))
    }

    #[inline]
    fn append(
        &mut self,
        rows: &mut Rows,
        record: &Bound<'_, PyAny>,
        row: usize,
        labels: &[String],
    ) -> PyResult<()> {
        match self.kind {
            Kind::Sequences => {
                let values = self.sequence(record, row)?;
                append_sequence(rows, &values, row, labels)?;
            }
            Kind::Mappings => {
                widen(rows, self.names.len());
                self.refuse_other_keys(record, row, labels)?;
                for place in 0..self.names.len() {
                    let item = self.item(record, place, row, labels)?;
                    put(rows, place, &item, row, labels)?;
                }
            }
            Kind::Objects => {
                widen(rows, self.names.len());
                for place in 0..self.names.len() {
                    let item = self.attribute(record, place, row, labels)?;
                    put(rows, place, &item, row, labels)?;
                }
            }
        }
        Ok(())
    }

    /// The values of a sequence, as many as the first one had.
    #[inline]
    fn sequence<'py>(
        &mut self,
        record: &Bound<'py, PyAny>,
        row: usize,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let values = match record.cast_exact::<PyTuple>() {
            Ok(values) => values.clone(),
            Err(_) => values_of(record, row)?,
        };
        let width = *self.width.get_or_insert(values.len());
        if values.len() != width {
            return Err(other_width(record.py(), row, values.len(), width));
        }
        Ok(values)
    }

    #[inline]
    fn attribute<'py>(
        &mut self,
        record: &Bound<'py, PyAny>,
        place: usize,
        row: usize,
        labels: &[String],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = record.py();
        let reader = &mut self.readers[place];
        if let Some(value) = reader.read(record) {
            return Ok(value);
        }
        let name = self.names[place].bind(py);
        if !reader.has_seen(record) {
            reader.recognise(record, name);
            if let Some(value) = reader.read(record) {
                return Ok(value);
            }
        }
        record.getattr(name).map_err(|error| {
            if !error.is_instance_of::<PyAttributeError>(py) {
                return error;
            }
            let kind = errors::class_name(record).unwrap_or_default();
            let name = &labels[place];
            let message = format!("row {row}, of type '{kind}', has no attribute '{name}'");
            caused(py, &message, error)
        })
    }

    #[inline]
    fn item<'py>(
        &mut self,
        record: &Bound<'py, PyAny>,
        place: usize,
        row: usize,
        labels: &[String],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = record.py();
        let reader = &mut self.readers[place];
        // A key that is missing is None to the reader.
        if let Some(value) = reader.read(record).filter(|value| !value.is_none()) {
            return Ok(value);
        }
        let name = self.names[place].bind(py);
        let missing = |error: Option<PyErr>| {
            let message = format!("row {row} has no key '{}'", labels[place]);
            match error {
                Some(error) => caused(py, &message, error),
                None => errors::programming(py, &message),
            }
        };
        if let Ok(dict) = record.cast_exact::<PyDict>() {
            if reader.is_blank() {
                reader.recognise_key(dict, name);
            }
            return dict.get_item(name)?.ok_or_else(|| missing(None));
        }
        if record.cast::<PyMapping>().is_err() {
            return Err(no_row(record, row, "a mapping"));
        }
        record.get_item(name).map_err(|error| {
            if error.is_instance_of::<PyKeyError>(py) { missing(Some(error)) } else { error }
        })
    }

    /// # Errors
    ///
    /// A mapping has more than the names, where all of it is stored.
    #[inline]
    fn refuse_other_keys(
        &self,
        record: &Bound<'_, PyAny>,
        row: usize,
        labels: &[String],
    ) -> PyResult<()> {
        if self.is_exact && record.len()? != self.names.len() {
            return Err(self.other_keys(record, row, labels));
        }
        Ok(())
    }

    /// The error for a mapping of more or less than the first one had.
    #[cold]
    fn other_keys(&self, record: &Bound<'_, PyAny>, row: usize, labels: &[String]) -> PyErr {
        let py = record.py();
        for (name, label) in self.names.iter().zip(labels) {
            if !record.contains(name).unwrap_or(true) {
                return errors::programming(py, &format!("row {row} has no key '{label}'"));
            }
        }
        let message = format!(
            "row {row} has keys beside those of the first row ({}): columns= names those to take",
            labels.join(", ")
        );
        errors::programming(py, &message)
    }
}

fn bytes(rows: &Rows) -> usize {
    let of = |column: &Column| match column {
        Column::Cells(cells) => cells.bytes(),
        Column::Stored(_) => 0,
    };
    rows.columns.iter().map(of).sum()
}

#[inline]
fn widen(rows: &mut Rows, width: usize) {
    if rows.columns.len() < width {
        rows.columns.resize_with(width, || Column::Cells(Cells::default()));
    }
}

#[inline]
fn append_sequence(
    rows: &mut Rows,
    values: &Bound<'_, PyTuple>,
    row: usize,
    labels: &[String],
) -> PyResult<()> {
    widen(rows, values.len());
    for (place, item) in values.iter_borrowed().enumerate() {
        put(rows, place, &item, row, labels)?;
    }
    Ok(())
}

#[inline(always)]
fn put(
    rows: &mut Rows,
    place: usize,
    item: &Bound<'_, PyAny>,
    row: usize,
    labels: &[String],
) -> PyResult<()> {
    let Column::Cells(cells) = &mut rows.columns[place] else { return Ok(()) };
    append(cells, item).map_err(|why| refused(item, place, row, labels, why))
}

#[cold]
fn refused(
    item: &Bound<'_, PyAny>,
    place: usize,
    row: usize,
    labels: &[String],
    why: crate::cpython::Unbound,
) -> PyErr {
    let number = (place + 1).to_string();
    let column = labels.get(place).unwrap_or(&number);
    Stand { column, row }.refused(item, why)
}

/// The values of a sequence that is no exact tuple.
#[cold]
fn values_of<'py>(record: &Bound<'py, PyAny>, row: usize) -> PyResult<Bound<'py, PyTuple>> {
    let py = record.py();
    if let Ok(list) = record.cast_exact::<PyList>() {
        return list_to_tuple(list);
    }
    if let Ok(tuple) = record.cast::<PyTuple>() {
        return tuple_of(py, tuple.iter());
    }
    let is_text = record.is_instance_of::<PyString>();
    if is_text || record.is_instance_of::<PyDict>() || !is_sequence(record) {
        return Err(no_row(record, row, "a sequence"));
    }
    let items = (0..record.len()?).map(|place| record.get_item(place));
    tuple_of(py, items.collect::<PyResult<Vec<_>>>()?)
}

#[cold]
fn no_row(record: &Bound<'_, PyAny>, row: usize, wanted: &str) -> PyErr {
    let kind = errors::class_name(record).unwrap_or_default();
    let message = format!("row {row} is of type '{kind}', and the rows before it {wanted} each");
    errors::programming(record.py(), &message)
}

#[cold]
fn other_width(py: Python<'_>, row: usize, given: usize, width: usize) -> PyErr {
    errors::programming(py, &format!("row {row} has {given} values, and there are {width} columns"))
}

#[cold]
fn caused(py: Python<'_>, message: &str, cause: PyErr) -> PyErr {
    let error = errors::programming(py, message);
    error.set_cause(py, Some(cause));
    error
}
