//! What writing any value may call upon: the caller's own encoder, the gate and the meter.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::errors::new_error;
use crate::gate::Passage;
use crate::meter::Tally;

/// Makes of a value that JSON does not know one that it may know, as `json.dumps(default=…)` does.
pub(crate) struct Encoder<'a, 'py, T> {
    default: Option<&'a Py<PyAny>>,
    passage: &'a Passage<'py>,
    pub(crate) tally: &'a mut T,
    /// What was given to the caller's encoder and is not yet written.
    replaced: Vec<Bound<'py, PyAny>>,
}

impl<'a, 'py, T: Tally> Encoder<'a, 'py, T> {
    /// One that calls what the caller gave, if anything.
    pub(crate) fn new(
        default: Option<&'a Py<PyAny>>,
        passage: &'a Passage<'py>,
        tally: &'a mut T,
    ) -> Self {
        Self { default, passage, tally, replaced: Vec::new() }
    }

    /// Whether the handler of a signal ended the call.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.passage.is_interrupted()
    }

    /// Lets what waits have its turn, as [`Passage::pulse`] does.
    #[inline]
    pub(super) fn pulse(&self, size: usize) -> PyResult<()> {
        self.passage.pulse(size).map_err(|error| *error)
    }

    /// Lets the caller's encoder replace a value; what it gives is written next.
    ///
    /// # Errors
    ///
    /// When there is no encoder, and when it was led back to what it is busy with.
    #[inline(never)]
    pub(super) fn replace(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let Some(default) = self.default else {
            let class = value.get_type().name()?;
            let message = format!("Object of type {class} is not JSON serializable");
            return Err(new_error::<PyTypeError>(value.py(), &message));
        };
        if self.replaced.iter().any(|earlier| earlier.is(value)) {
            return Err(new_error::<PyValueError>(value.py(), "Circular reference detected"));
        }
        self.replaced.push(value.clone());
        self.passage.note_call();
        self.tally.call(|| default.bind(value.py()).call1((value,)))
    }

    /// Notes that what stood for the last replaced value is written.
    pub(super) fn written(&mut self) {
        self.replaced.pop();
    }
}
