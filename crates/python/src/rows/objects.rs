//! What stands in the rows of a batch as Python's objects.

use std::cell::RefCell;

use onecross_columns::{Batch, Cell, Column, Misfit, Reason, Zone, date_of, time_of};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDate, PyDateTime, PyDelta, PyType, PyTzInfo};

use crate::cpython::{new_bytes, new_float, new_integer, text};
use crate::errors::new_error;

/// Makes objects of cells.
pub(super) struct Maker<'py> {
    py: Python<'py>,
    /// The zone that was made last.
    zone: RefCell<Option<(i32, Bound<'py, PyTzInfo>)>>,
}

/// Why there is no object for a cell.
enum Unmade {
    Raised(PyErr),
    /// The text is not what its column is declared to hold.
    Misfit(Reason),
}

impl From<PyErr> for Unmade {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// Why there is no object for a cell, which stands somewhere.
pub(super) enum Failure {
    Raised(PyErr),
    Misfit(Misfit),
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl Failure {
    /// The error, told by how misfits are.
    #[cold]
    pub(super) fn told(self, misfit: impl FnOnce(&Misfit) -> PyErr) -> PyErr {
        match self {
            Self::Raised(error) => error,
            Self::Misfit(it) => misfit(&it),
        }
    }
}

impl<'py> Maker<'py> {
    pub(super) fn new(py: Python<'py>) -> Self {
        Self { py, zone: RefCell::default() }
    }

    /// Whether nothing but atoms is made of a column, and no Python code is run for it.
    pub(super) fn makes_atoms(column: &Column) -> bool {
        !matches!(
            column,
            Column::Json(_) | Column::Decimal(_) | Column::Timestamp(..) | Column::Moments(..)
        )
    }

    /// The object for what stands in a row of a column.
    #[inline(always)]
    pub(super) fn cell(
        &self,
        batch: &Batch,
        row: usize,
        column: usize,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        self.object(batch.columns[column].cell(row)).map_err(|unmade| match unmade {
            Unmade::Raised(error) => Failure::Raised(error),
            Unmade::Misfit(reason) => Failure::Misfit(batch.misfit(row, column, reason)),
        })
    }

    /// The object for a cell.
    #[inline]
    fn object(&self, cell: Cell<'_>) -> Result<Bound<'py, PyAny>, Unmade> {
        let py = self.py;
        Ok(match cell {
            Cell::Null => py.None().into_bound(py),
            Cell::Integer(integer) => new_integer(py, integer),
            Cell::Real(real) => new_float(py, real),
            Cell::Text(content) => text(py, content)?.into_any(),
            Cell::Blob(bytes) => new_bytes(py, bytes)?,
            Cell::Boolean(value) => {
                value.into_pyobject(py).map_err(PyErr::from)?.to_owned().into_any()
            }
            Cell::Date(days) => self.date(days)?,
            Cell::Timestamp(micros, zone) => self.timestamp(micros, zone)?,
            Cell::Decimal(digits) => decimal_class(py)?.call1((text(py, digits)?,))?,
            Cell::Json(content) => self.json(content)?,
        })
    }

    #[inline(never)]
    fn date(&self, days: i32) -> PyResult<Bound<'py, PyAny>> {
        let (year, month, day) = date_of(days).ok_or_else(|| self.out_of_range())?;
        Ok(PyDate::new(self.py, year, month, day)?.into_any())
    }

    #[inline(never)]
    fn timestamp(&self, micros: i64, zone: Zone) -> PyResult<Bound<'py, PyAny>> {
        let (days, time) = time_of(micros, zone).ok_or_else(|| self.out_of_range())?;
        let (year, month, day) = date_of(days).ok_or_else(|| self.out_of_range())?;
        let zone = match zone {
            Zone::Offset(offset) => Some(self.zone(offset)?),
            Zone::Local | Zone::Unknown => None,
        };
        let (hour, minute, second, micro) = time;
        let zone = zone.as_ref();
        let made = PyDateTime::new(self.py, year, month, day, hour, minute, second, micro, zone)?;
        Ok(made.into_any())
    }

    fn zone(&self, offset: i32) -> PyResult<Bound<'py, PyTzInfo>> {
        if let Some((known, zone)) = &*self.zone.borrow()
            && *known == offset
        {
            return Ok(zone.clone());
        }
        let zone = if offset == 0 {
            PyTzInfo::utc(self.py)?.to_owned()
        } else {
            PyTzInfo::fixed_offset(self.py, PyDelta::new(self.py, 0, offset, 0, true)?)?
        };
        *self.zone.borrow_mut() = Some((offset, zone.clone()));
        Ok(zone)
    }

    fn out_of_range(&self) -> PyErr {
        new_error::<PyValueError>(self.py, "a time lies outside the years 1 to 9999")
    }

    /// What `json.loads` makes of a text.
    #[inline(never)]
    fn json(&self, content: &str) -> Result<Bound<'py, PyAny>, Unmade> {
        let loaded = loads(self.py)?.call1((text(self.py, content)?,));
        loaded.map_err(|error| {
            let is_text = error.is_instance_of::<PyValueError>(self.py);
            if is_text { Unmade::Misfit(Reason::NoJson) } else { Unmade::Raised(error) }
        })
    }
}

/// The class `decimal.Decimal`.
pub(super) fn decimal_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    DECIMAL.import(py, "decimal", "Decimal")
}

fn loads(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let loads = LOADS.get_or_try_init(py, || {
        py.import(intern!(py, "json"))?.getattr(intern!(py, "loads")).map(Bound::unbind)
    });
    loads.map(|loads| loads.bind(py))
}
