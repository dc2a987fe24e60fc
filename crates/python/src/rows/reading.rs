//! How rows are taken from their source, a batch at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use onecross_columns::{Batch, Batcher, Limits, Misfit, Uniform};
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::asked::Asked;
use super::source::{Header, Misfits, Refusals, Source};
use crate::gate;

/// How many rows are read before they are asked for.
const AHEAD: usize = 1024;

/// How many bytes of text and blobs are read before they are asked for.
const AHEAD_BYTES: usize = 1 << 20;

/// A source that is being read.
pub(super) struct Reading {
    source: Box<dyn Source>,
    asked: Asked,
    begun: Option<Begun>,
    /// The types of columns, where they were fixed before.
    uniform: Option<Arc<Uniform>>,
}

struct Begun {
    header: Header,
    batcher: Batcher,
    /// What was read, and not taken to its end.
    ahead: VecDeque<Batch>,
    /// How many rows of the first batch ahead were taken.
    taken: usize,
    has_more: bool,
    /// What is raised behind the rows that came before it.
    failure: Option<Py<PyBaseException>>,
    /// How often rows were asked for, to be taken.
    requests: usize,
}

impl Begun {
    /// Whether what is next was read: rows, an error or the end.
    fn is_at_hand(&self) -> bool {
        !self.ahead.is_empty() || !self.has_more
    }

    /// Takes so many rows, or as many as the first batch ahead has.
    fn take(&mut self, most: usize) -> Option<Batch> {
        let first = self.ahead.front()?;
        let left = first.rows - self.taken;
        if left > most {
            let taken = first.slice(self.taken, most);
            self.taken += most;
            return Some(taken);
        }
        let first = self.ahead.pop_front()?;
        let taken = std::mem::take(&mut self.taken);
        Some(if taken == 0 { first } else { first.slice(taken, left) })
    }
}

/// How much is taken at once.
#[derive(Clone, Copy)]
pub(super) enum Portion {
    /// As much as is read ahead.
    Some,
    /// So many rows.
    Rows(usize),
    /// As much as a batch holds.
    All,
}

impl Portion {
    fn most_rows(self) -> usize {
        if let Self::Rows(rows) = self { rows } else { usize::MAX }
    }

    fn limits(self) -> Limits {
        match self {
            Self::Some => Limits::new(AHEAD, AHEAD_BYTES),
            Self::Rows(rows) => Limits::new(rows, usize::MAX),
            Self::All => Limits::none(),
        }
    }
}

impl Reading {
    pub(super) fn new(source: Box<dyn Source>, asked: Asked) -> Self {
        Self { source, asked, begun: None, uniform: None }
    }

    /// One part of others, with which it shares the types of columns.
    pub(super) fn of_part(source: Box<dyn Source>, uniform: Arc<Uniform>) -> Self {
        Self { source, asked: Asked::default(), begun: None, uniform: Some(uniform) }
    }

    /// A call begins.
    pub(super) fn begin_call(&mut self) {
        self.source.begin_call();
    }

    /// The types of columns, where they were fixed before.
    pub(super) fn uniform(&self) -> Option<Arc<Uniform>> {
        self.uniform.clone()
    }

    /// Begins, if that was not done.
    pub(super) fn header(&mut self, py: Python<'_>) -> PyResult<&Header> {
        Ok(&self.begin(py)?.header)
    }

    fn begin(&mut self, py: Python<'_>) -> PyResult<&mut Begun> {
        if self.begun.is_none() {
            let mut header = self.source.begin(py)?;
            if let Err(message) = self.asked.settle(&mut header) {
                self.source.close(py)?;
                return Err((self.source.refusals().misuse)(py, &message));
            }
            let batcher = Batcher::new(header.rules.clone(), Portion::Some.limits());
            self.begun = Some(Begun {
                header,
                batcher,
                ahead: self.source.ready().into_iter().collect(),
                taken: 0,
                has_more: true,
                failure: None,
                requests: 0,
            });
        }
        self.begun.as_mut().ok_or_else(|| unreachable!("it was begun"))
    }

    /// The next rows, or `None` behind the last. An error comes behind the rows before it.
    pub(super) fn next(&mut self, py: Python<'_>, portion: Portion) -> PyResult<Option<Batch>> {
        self.read_ahead(py, portion)?;
        let begun = self.begin(py)?;
        begun.requests += 1;
        match begun.take(portion.most_rows()) {
            Some(batch) => Ok(Some(batch)),
            None => begun.failure.take().map_or(Ok(None), |failure| Err(raised(py, failure))),
        }
    }

    /// Reads the next rows, unless some are at hand. What goes wrong with them is raised where they
    /// are taken.
    pub(super) fn read_ahead(&mut self, py: Python<'_>, portion: Portion) -> PyResult<()> {
        if self.begin(py)?.is_at_hand() { Ok(()) } else { self.fill(py, portion) }
    }

    /// Reads all rows that are left. What goes wrong with them is raised where they are taken.
    pub(super) fn read_to_end(&mut self, py: Python<'_>) -> PyResult<()> {
        while self.begin(py)?.has_more {
            self.fill(py, Portion::All)?;
        }
        Ok(())
    }

    /// What is raised behind the rows that were read.
    pub(super) fn failure(&self, py: Python<'_>) -> Option<PyErr> {
        let failure = self.begun.as_ref().and_then(|begun| begun.failure.as_ref());
        failure.map(|failure| raised(py, failure.clone_ref(py)))
    }

    /// Reads all rows that are left without taking any, and shows them.
    ///
    /// # Errors
    ///
    /// What is raised behind them.
    pub(super) fn gather(&mut self, py: Python<'_>) -> PyResult<&[Batch]> {
        self.read_to_end(py)?;
        if let Some(failure) = self.failure(py) {
            return Err(failure);
        }
        let begun = self.begin(py)?;
        let taken = std::mem::take(&mut begun.taken);
        if let Some(first) = begun.ahead.front_mut().filter(|_| taken > 0) {
            *first = first.slice(taken, first.rows - taken);
        }
        Ok(begun.ahead.make_contiguous())
    }

    /// Appends one more batch to those that were read, or else keeps why there is none.
    fn fill(&mut self, py: Python<'_>, portion: Portion) -> PyResult<()> {
        let Some(begun) = &mut self.begun else { return Ok(()) };
        begun.batcher.set_limits(portion.limits());
        let misfits = Misfits { names: &begun.header.texts, refusals: self.source.refusals() };
        // Of a panic, too, whoever only had a look is told once more.
        let filled = gate::guard(|| self.source.fill(py, &mut begun.batcher, &misfits));
        begun.has_more = matches!(filled, Ok(true));
        let (batch, no_text) = begun.batcher.take();
        if batch.rows > 0 {
            begun.ahead.push_back(batch);
        }
        begun.failure = filled.err().map(|error| error.into_value(py));
        if let Some(misfit) = no_text {
            begun.has_more = false;
            begun.failure = Some(misfits.error(py, &misfit).into_value(py));
            self.source.close(py)?;
        }
        Ok(())
    }

    /// Looks at the next rows without taking them: the batch, and the first row of it that is left.
    ///
    /// # Errors
    ///
    /// What stands behind the rows before, and stays there.
    pub(super) fn peek(&mut self, py: Python<'_>) -> PyResult<Option<(&Batch, usize)>> {
        self.read_ahead(py, Portion::Some)?;
        let begun = self.begin(py)?;
        match (begun.ahead.front(), &begun.failure) {
            (Some(batch), _) => Ok(Some((batch, begun.taken))),
            (None, Some(failure)) => Err(raised(py, failure.clone_ref(py))),
            (None, None) => Ok(None),
        }
    }

    /// Whether the next row was read, or it is known that there is none.
    pub(super) fn is_at_hand(&self) -> bool {
        self.begun.as_ref().is_some_and(Begun::is_at_hand)
    }

    /// Whether all rows were read, or what ended them.
    pub(super) fn is_read(&self) -> bool {
        self.begun.as_ref().is_some_and(|begun| !begun.has_more)
    }

    /// Counts what was looked at first as taken: a row, or what is raised behind the last.
    pub(super) fn advance(&mut self) {
        let Some(begun) = &mut self.begun else { return };
        begun.taken += 1;
        match begun.ahead.front() {
            Some(first) if begun.taken < first.rows => {}
            Some(_) => {
                begun.ahead.pop_front();
                begun.taken = 0;
            }
            None => (begun.taken, begun.failure) = (0, None),
        }
    }

    /// How often rows were asked for, to be taken.
    pub(super) fn requests(&self) -> usize {
        self.begun.as_ref().map_or(0, |begun| begun.requests)
    }

    /// Whether all was taken, what stands behind the rows included.
    pub(super) fn is_over(&self) -> bool {
        let is_over = |begun: &Begun| begun.failure.is_none() && begun.ahead.is_empty();
        self.begun.as_ref().is_some_and(|begun| !begun.has_more && is_over(begun))
    }

    /// Whether there may be rows behind those of the first batch ahead.
    pub(super) fn is_unfinished(&self) -> bool {
        let is_unfinished =
            |begun: &Begun| begun.has_more || begun.failure.is_some() || begun.ahead.len() > 1;
        self.begun.as_ref().is_none_or(is_unfinished)
    }

    /// The names of the columns, if they are known yet.
    pub(super) fn known_names(&self) -> &[String] {
        self.begun.as_ref().map_or(&[], |begun| &begun.header.texts)
    }

    pub(super) fn refusals(&self) -> Refusals {
        self.source.refusals()
    }

    pub(super) fn misuse(&self, py: Python<'_>, message: &str) -> PyErr {
        (self.source.refusals().misuse)(py, message)
    }

    /// The error for a value that a form has no room for.
    pub(super) fn misfit(&self, py: Python<'_>, misfit: &Misfit) -> PyErr {
        let names = self.begun.as_ref().map_or(&[][..], |begun| &begun.header.texts);
        Misfits { names, refusals: self.source.refusals() }.error(py, misfit)
    }

    pub(super) fn close(&mut self, py: Python<'_>) -> PyResult<()> {
        if let Some(begun) = &mut self.begun {
            begun.ahead.clear();
            (begun.taken, begun.has_more, begun.failure) = (0, false, None);
        }
        self.source.close(py)
    }

    pub(super) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(begun) = &self.begun {
            visit.call(&begun.failure)?;
        }
        self.source.visit(visit)
    }
}

/// An error that was kept as an object, for the collector sees those.
fn raised(py: Python<'_>, error: Py<PyBaseException>) -> PyErr {
    PyErr::from_value(error.into_bound(py).into_any())
}
