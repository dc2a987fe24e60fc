//! How rows are taken from their source, a batch at a time.

use std::sync::Arc;

use onecross_columns::{Batch, Batcher, Limits, Misfit, Uniform};
use pyo3::prelude::*;

use super::asked::Asked;
use super::source::{Header, Misfits, Refusals, Source};

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
    /// What was read and not taken, from the row on that is next.
    ahead: Option<(Batch, usize)>,
    has_more: bool,
    /// What is raised behind the rows that came before it.
    failure: Option<PyErr>,
    was_read: bool,
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
            let ahead = self.source.ready().map(|batch| (batch, 0));
            let (has_more, failure, was_read) = (true, None, false);
            self.begun = Some(Begun { header, batcher, ahead, has_more, failure, was_read });
        }
        self.begun.as_mut().ok_or_else(|| unreachable!("it was begun"))
    }

    /// The next rows, or `None` behind the last. An error comes behind the rows before it.
    pub(super) fn next(&mut self, py: Python<'_>, portion: Portion) -> PyResult<Option<Batch>> {
        self.begin(py)?;
        let Some(begun) = &mut self.begun else { return Ok(None) };
        begun.was_read = true;
        if let Some((batch, next)) = begun.ahead.take() {
            let (left, most) = (batch.rows - next, portion.most_rows());
            if left > most {
                let taken = batch.slice(next, most);
                begun.ahead = Some((batch, next + most));
                return Ok(Some(taken));
            }
            return Ok(Some(if next == 0 { batch } else { batch.slice(next, left) }));
        }
        if let Some(failure) = begun.failure.take() {
            return Err(failure);
        }
        if !begun.has_more {
            return Ok(None);
        }
        begun.batcher.set_limits(portion.limits());
        let refusals = self.source.refusals();
        let misfits = Misfits { names: &begun.header.texts, refusals };
        let filled = self.source.fill(py, &mut begun.batcher, &misfits);
        let (batch, no_text) = begun.batcher.take();
        let failure = match (no_text, filled) {
            (Some(misfit), _) => {
                self.source.close(py)?;
                Some(misfits.error(py, &misfit))
            }
            (None, Err(failure)) => Some(failure),
            (None, Ok(has_more)) => {
                begun.has_more = has_more;
                None
            }
        };
        if failure.is_some() {
            begun.has_more = false;
        }
        if batch.rows > 0 {
            begun.failure = failure;
            return Ok(Some(batch));
        }
        failure.map_or(Ok(None), Err)
    }

    /// Looks at the next rows without taking them: the batch, and the first row of it that is left.
    pub(super) fn peek(&mut self, py: Python<'_>) -> PyResult<Option<(&Batch, usize)>> {
        if self.begun.as_ref().is_none_or(|begun| begun.ahead.is_none()) {
            let next = self.next(py, Portion::Some)?;
            if let (Some(begun), Some(batch)) = (&mut self.begun, next) {
                begun.ahead = Some((batch, 0));
            }
        }
        let ahead = self.begun.as_ref().and_then(|begun| begun.ahead.as_ref());
        Ok(ahead.map(|(batch, next)| (batch, *next)))
    }

    /// Reads the next rows, unless some are at hand. What goes wrong with them is raised where they
    /// are taken.
    pub(super) fn read_ahead(&mut self, py: Python<'_>, portion: Portion) -> PyResult<()> {
        let was_read = self.begin(py)?.was_read;
        if self.is_at_hand() {
            return Ok(());
        }
        let next = self.next(py, portion);
        if let Some(begun) = &mut self.begun {
            begun.was_read = was_read;
            match next {
                Ok(batch) => begun.ahead = batch.map(|batch| (batch, 0)),
                Err(failure) => begun.failure = Some(failure),
            }
        }
        Ok(())
    }

    /// Whether the next row was read, or it is known that there is none.
    pub(super) fn is_at_hand(&self) -> bool {
        let is_ahead = |begun: &Begun| begun.ahead.is_some() || begun.failure.is_some();
        self.begun.as_ref().is_some_and(is_ahead) || self.is_read()
    }

    /// Whether all rows were read, or what ended them.
    pub(super) fn is_read(&self) -> bool {
        self.begun.as_ref().is_some_and(|begun| !begun.has_more)
    }

    /// Counts the row as taken that was looked at first.
    pub(super) fn advance(&mut self) {
        if let Some(begun) = &mut self.begun {
            begun.ahead = begun
                .ahead
                .take()
                .and_then(|(batch, next)| (next + 1 < batch.rows).then_some((batch, next + 1)));
        }
    }

    /// Whether rows were asked for.
    pub(super) fn was_read(&self) -> bool {
        self.begun.as_ref().is_some_and(|begun| begun.was_read)
    }

    /// Whether there may be rows behind those that were read.
    pub(super) fn is_unfinished(&self) -> bool {
        self.begun.as_ref().is_none_or(|begun| begun.has_more || begun.failure.is_some())
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
            (begun.ahead, begun.has_more, begun.failure) = (None, false, None);
        }
        self.source.close(py)
    }

    pub(super) fn visit(&self, visit: &pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
        self.source.visit(visit)
    }
}
