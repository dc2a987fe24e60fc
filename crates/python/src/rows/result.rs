//! The rows that Python sees.

use std::cell::{Cell, RefCell};

use onecross_columns::Batch;
use pyo3::exceptions::{PyKeyError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::arrow::{self, ArrowStream};
use super::asked::Asked;
use super::instances;
use super::json::{self, Layout};
use super::listed;
use super::numpy::{self, Nulls};
use super::objects::Maker;
use super::part::Parts;
use super::reading::{Portion, Reading};
use super::source::Source;
use crate::cpython::{Held, Text, new_text, tuple_of};
use crate::errors::new_error;
use crate::gate;
use crate::meter::{Counts, Meter};

/// Rows that are read once, in the form that is asked for.
#[pyclass(frozen, weakref, module = "onecross", name = "Rows")]
pub(crate) struct Rows {
    /// Nothing while a call reads.
    reading: Held<RefCell<Option<Box<Reading>>>>,
    is_spent: Held<Cell<bool>>,
}

/// What a call reads from, given back when the call has ended.
pub(super) struct Taken<'a, 'py> {
    py: Python<'py>,
    rows: &'a Rows,
    reading: Option<Box<Reading>>,
}

impl<'py> Taken<'_, 'py> {
    pub(super) fn reading(&mut self) -> &mut Reading {
        self.reading.as_mut().unwrap_or_else(|| unreachable!("it is there until it is given back"))
    }

    /// The next row as a tuple.
    pub(super) fn next_row(&mut self) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let py = self.py;
        let reading = self.reading();
        let made = match reading.peek(py) {
            Ok(Some((batch, row))) => listed::tuple(py, &Maker::new(py), batch, row),
            ended => {
                let ended = ended.map(|_| None);
                reading.advance();
                self.finish_if_over();
                return ended;
            }
        };
        let made = made.map_err(|it| it.told(|misfit| reading.misfit(py, misfit)))?;
        reading.advance();
        Ok(Some(made))
    }

    /// The next rows as a batch.
    pub(super) fn next_batch(&mut self, most: usize) -> PyResult<Option<Batch>> {
        let py = self.py;
        let next = self.reading().next(py, Portion::Rows(most));
        if !matches!(next, Ok(Some(_))) {
            self.finish_if_over();
        }
        next
    }

    /// Notes that all rows were read, if they were.
    fn finish_if_over(&mut self) {
        if self.reading().is_over() {
            self.finish();
        }
    }

    /// Notes that all rows were read.
    pub(super) fn finish(&self) {
        self.rows.is_spent.get(self.py).set(true);
    }
}

impl Drop for Taken<'_, '_> {
    fn drop(&mut self) {
        if Meter::is_any_on()
            && let Ok(Some(meter)) = Meter::current(self.py)
        {
            meter.get().add(&Counts::of_one_call());
        }
        *self.rows.reading.get(self.py).borrow_mut() = self.reading.take();
    }
}

impl Rows {
    /// The rows of a source, with the types that are asked for.
    pub(crate) fn new<'py>(
        py: Python<'py>,
        source: Box<dyn Source>,
        asked: Asked,
    ) -> PyResult<Bound<'py, Self>> {
        Self::of(py, Reading::new(source, asked))
    }

    /// The same, all of which are read now. Of what goes wrong with them, some may wait until they
    /// are taken.
    ///
    /// # Errors
    ///
    /// What may not.
    pub(crate) fn read<'py>(
        py: Python<'py>,
        source: Box<dyn Source>,
        asked: Asked,
        may_wait: impl FnOnce(&PyErr) -> bool,
    ) -> PyResult<Bound<'py, Self>> {
        let mut reading = Reading::new(source, asked);
        // What they cannot be begun for, as types of no column, is told whenever they are.
        drop(reading.read_to_end(py));
        match reading.failure(py) {
            Some(failure) if !may_wait(&failure) => Err(failure),
            _ => Self::of(py, reading),
        }
    }

    pub(super) fn of<'py>(py: Python<'py>, reading: Reading) -> PyResult<Bound<'py, Self>> {
        let reading = Held::new(RefCell::new(Some(Box::new(reading))));
        Bound::new(py, Self { reading, is_spent: Held::default() })
    }

    /// Takes what is read from, for the length of a call.
    pub(super) fn take<'py>(&self, py: Python<'py>) -> PyResult<Taken<'_, 'py>> {
        match self.reading.get(py).take() {
            Some(mut reading) => {
                reading.begin_call();
                Ok(Taken { py, rows: self, reading: Some(reading) })
            }
            None => {
                let message = "these rows are being read by another call";
                Err(new_error::<PyRuntimeError>(py, message))
            }
        }
    }

    /// The same for a form of all rows, of which there is one.
    pub(super) fn take_all<'py>(&self, py: Python<'py>) -> PyResult<Taken<'_, 'py>> {
        let taken = self.take(py)?;
        if self.is_spent.get(py).get() {
            let message =
                "these rows were read already: keep what was made of them, or query again";
            let reading = taken.reading.as_ref();
            return Err(reading.map_or_else(|| unreachable!(), |it| it.misuse(py, message)));
        }
        Ok(taken)
    }

    /// Makes a form of all rows that are left. Where it fails before any was asked for, as by a
    /// mistake in the arguments, none is taken.
    fn whole<'py, T>(
        slf: &Bound<'py, Self>,
        make: impl FnOnce(Python<'py>, &mut Reading, &gate::Passage<'py>) -> PyResult<T>,
    ) -> PyResult<T> {
        let py = slf.py();
        gate::enter(py, |passage| {
            let mut taken = slf.get().take_all(py)?;
            let before = taken.reading().requests();
            let made = make(py, taken.reading(), passage);
            if made.is_ok() || taken.reading().requests() > before {
                taken.finish();
            }
            if made.is_err() && taken.reading().requests() > before {
                taken.reading().close(py)?;
            }
            made
        })
    }

    /// The only row, as a batch of one.
    fn only(py: Python<'_>, reading: &mut Reading) -> PyResult<Batch> {
        let first = reading.next(py, Portion::Rows(2))?;
        match first {
            Some(batch) if batch.rows == 1 && reading.peek(py)?.is_none() => Ok(batch),
            found => {
                reading.close(py)?;
                let count = if found.is_none() { "no row" } else { "more than one row" };
                Err(reading.misuse(py, &format!("one row was asked for, and there is {count}")))
            }
        }
    }
}

#[pymethods]
impl Rows {
    /// The names of the columns.
    #[getter]
    fn columns<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        gate::guard(|| {
            let mut taken = slf.get().take(py)?;
            let names = &taken.reading().header(py)?.names;
            tuple_of(py, names.iter().map(|name| name.bind(py).clone().into_any()))
        })
    }

    fn __iter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        gate::guard(|| {
            drop(slf.get().take_all(slf.py())?);
            Ok(slf)
        })
    }

    fn __next__<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        gate::guard(|| slf.get().take(slf.py())?.next_row())
    }

    /// All rows that are left, as tuples.
    fn tuples<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyList>> {
        Self::whole(slf, listed::tuples)
    }

    /// All rows that are left, as dicts.
    fn dicts<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyList>> {
        Self::whole(slf, listed::dicts)
    }

    /// All rows that are left, as instances of a class.
    #[pyo3(signature = (kind, /, *, rename=None))]
    fn to<'py>(
        slf: &Bound<'py, Self>,
        kind: &Bound<'py, PyAny>,
        rename: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        Self::whole(slf, |py, reading, passage| {
            instances::instances(py, reading, kind, rename, passage)
        })
    }

    /// All rows that are left, as a dict of NumPy's arrays.
    #[pyo3(signature = (*, nulls=None), text_signature = "($self, *, nulls='masked')")]
    fn numpy<'py>(
        slf: &Bound<'py, Self>,
        nulls: Option<&Bound<'py, PyString>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        Self::whole(slf, |py, reading, passage| {
            numpy::arrays(py, reading, Nulls::of(py, nulls)?, passage)
        })
    }

    /// All rows that are left, as columns that speak Arrow's interface.
    fn arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, ArrowStream>> {
        Self::whole(slf, |py, reading, passage| {
            Bound::new(py, ArrowStream::of(py, reading, passage)?)
        })
    }

    /// All rows that are left, as a stream of Arrow's C interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        slf: &Bound<'py, Self>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = requested_schema;
        Self::whole(slf, |py, reading, passage| {
            Ok(ArrowStream::of(py, reading, passage)?.stream(py)?.into_any())
        })
    }

    /// The names and types of the columns, of Arrow's C interface. No row is taken.
    fn __arrow_c_schema__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyCapsule>> {
        let py = slf.py();
        gate::guard(|| arrow::schema(py, slf.get().take_all(py)?.reading()))
    }

    /// All rows that are left, as the JSON of a list of objects.
    #[pyo3(signature = (*, blobs=None))]
    fn json<'py>(
        slf: &Bound<'py, Self>,
        blobs: Option<&Bound<'py, PyString>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        Self::whole(slf, |py, reading, passage| {
            json::written(py, reading, Layout::List, json::blobs(py, blobs)?, passage)
        })
    }

    /// All rows that are left, each as the JSON of an object in a line of its own.
    #[pyo3(signature = (*, blobs=None))]
    fn json_lines<'py>(
        slf: &Bound<'py, Self>,
        blobs: Option<&Bound<'py, PyString>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        Self::whole(slf, |py, reading, passage| {
            json::written(py, reading, Layout::Lines, json::blobs(py, blobs)?, passage)
        })
    }

    /// The rows in parts of at most `size` rows, each of which has all forms.
    #[pyo3(signature = (size, /))]
    fn batches<'py>(slf: &Bound<'py, Self>, size: isize) -> PyResult<Bound<'py, Parts>> {
        let py = slf.py();
        gate::guard(|| {
            let size = usize::try_from(size)
                .ok()
                .filter(|size| *size > 0)
                .ok_or_else(|| new_error::<PyValueError>(py, "batches have at least one row"))?;
            drop(slf.get().take_all(py)?);
            Bound::new(py, Parts::new(slf.clone().unbind(), size))
        })
    }

    /// The only row.
    fn one<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        Self::whole(slf, |py, reading, _| {
            let batch = Self::only(py, reading)?;
            let made = listed::tuple(py, &Maker::new(py), &batch, 0);
            made.map_err(|it| it.told(|misfit| reading.misfit(py, misfit)))
        })
    }

    /// The only value of the only row.
    fn scalar<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::whole(slf, |py, reading, _| {
            let columns = reading.header(py)?.texts.len();
            if columns != 1 {
                let message = format!("one column was asked for, and there are {columns}");
                return Err(reading.misuse(py, &message));
            }
            let batch = Self::only(py, reading)?;
            let made = listed::tuple(py, &Maker::new(py), &batch, 0);
            made.map_err(|it| it.told(|misfit| reading.misfit(py, misfit)))?.get_item(0)
        })
    }

    /// One column of all rows that are left, as an array of NumPy's.
    #[pyo3(signature = (name, /, *, nulls=None), text_signature = "($self, name, /, *, nulls='masked')")]
    fn column<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
        nulls: Option<&Bound<'py, PyString>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Self::whole(slf, |py, reading, passage| {
            let nulls = Nulls::of(py, nulls)?;
            let (text, header) = (Text::of(name).to_lossy(), reading.header(py)?);
            let Some(place) = header.texts.iter().position(|known| *known == text) else {
                let names = header.texts.join(", ");
                let message = format!("no column is named '{text}': there are {names}");
                return Err(new_error::<PyKeyError>(py, &message));
            };
            if header.texts[place + 1..].contains(&text) {
                return Err(listed::repeated(py, reading, &text));
            }
            numpy::array(py, reading, place, nulls, passage)
        })
    }

    /// Ends the query; what was not read is given up.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            let mut taken = slf.get().take(slf.py())?;
            taken.finish();
            taken.reading().close(slf.py())
        })
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(slf: &Bound<'_, Self>, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        Self::close(slf)
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyString>> {
        let py = slf.py();
        gate::guard(|| {
            let names = match slf.get().take(py) {
                Ok(mut taken) => taken.reading().known_names().join(", "),
                Err(_) => "being read".to_owned(),
            };
            Ok(new_text(py, &format!("<onecross.Rows: {names}>")))
        })
    }

    /// The first rows as a table, none of which is taken.
    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyString>> {
        let py = slf.py();
        gate::guard(|| {
            let mut taken = slf.get().take(py)?;
            Ok(new_text(py, &super::html::table(py, taken.reading())?))
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.reading.visited(&visit).try_borrow() {
            Ok(reading) => reading.as_ref().map_or(Ok(()), |reading| reading.visit(&visit)),
            Err(_) => Ok(()),
        }
    }
}
