//! Rows in parts of bounded size.

use std::cell::RefCell;
use std::slice;
use std::sync::Arc;

use onecross_columns::{Batch, Batcher, Rule, Uniform};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::reading::Reading;
use super::result::Rows;
use super::source::{Header, Misfits, Refusals, Source};
use crate::cpython::Held;
use crate::gate;

/// Gives rows in parts.
#[pyclass(frozen, module = "onecross")]
pub(crate) struct Parts {
    rows: Py<Rows>,
    size: usize,
    /// The types of columns, which the first parts fix.
    uniform: Held<RefCell<Option<Arc<Uniform>>>>,
}

impl Parts {
    pub(super) fn new(rows: Py<Rows>, size: usize) -> Self {
        Self { rows, size, uniform: Held::default() }
    }

    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, Rows>>> {
        let mut taken = self.rows.bind(py).get().take(py)?;
        let Some(batch) = taken.next_batch(self.size)? else { return Ok(None) };
        let reading = taken.reading();
        let header = reading.header(py)?.clone_ref(py);
        let uniform = self.uniform_with(py, &header.rules, &batch);
        let part = Part { header, batch: Some(batch), refusals: reading.refusals() };
        Rows::of(py, Reading::of_part(Box::new(part), uniform)).map(Some)
    }

    /// The types that are known with this part: a column has that of the first part that has one.
    fn uniform_with(&self, py: Python<'_>, rules: &[Rule], batch: &Batch) -> Arc<Uniform> {
        let mut known = self.uniform.get(py).borrow_mut();
        let found = match &*known {
            Some(known) if known.is_complete() => known.clone(),
            Some(known) => Arc::new(known.completed(&Uniform::of(rules, slice::from_ref(batch)))),
            None => Arc::new(Uniform::of(rules, slice::from_ref(batch))),
        };
        *known = Some(found.clone());
        found
    }
}

#[pymethods]
impl Parts {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, Rows>>> {
        gate::guard(|| slf.get().next(slf.py()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.rows)
    }
}

/// A batch that was read.
struct Part {
    header: Header,
    batch: Option<Batch>,
    refusals: Refusals,
}

impl Source for Part {
    fn begin(&mut self, py: Python<'_>) -> PyResult<Header> {
        Ok(self.header.clone_ref(py))
    }

    fn ready(&mut self) -> Option<Batch> {
        self.batch.take()
    }

    fn fill(&mut self, _: Python<'_>, _: &mut Batcher, _: &Misfits<'_>) -> PyResult<bool> {
        Ok(false)
    }

    fn close(&mut self, _: Python<'_>) -> PyResult<()> {
        self.batch = None;
        Ok(())
    }

    fn refusals(&self) -> Refusals {
        self.refusals
    }

    fn visit(&self, _: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        Ok(())
    }
}
