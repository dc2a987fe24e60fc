//! Where rows come from.

use onecross_columns::{Batch, Batcher, Kind, Misfit, Reason, Rule};
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit, intern};

use crate::cpython::{interned, memory_error, new_count, text};

/// What is known of the columns of a result.
pub(crate) struct Header {
    pub(crate) names: Vec<Py<PyString>>,
    pub(crate) texts: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

/// Gives rows, a batch at a time.
pub(crate) trait Source: Send {
    /// A call begins, which may ask for many batches.
    fn begin_call(&mut self) {}

    /// Begins; tells of the columns.
    ///
    /// # Errors
    ///
    /// What is to be run cannot be, or has no result.
    fn begin(&mut self, py: Python<'_>) -> PyResult<Header>;

    /// Rows that are there already, before those that are appended.
    fn ready(&mut self) -> Option<Batch> {
        None
    }

    /// Appends rows until the batch is full; tells whether there may be more.
    ///
    /// # Errors
    ///
    /// What went wrong with a row. The batch holds those before it.
    fn fill(
        &mut self,
        py: Python<'_>,
        batcher: &mut Batcher,
        misfits: &Misfits<'_>,
    ) -> PyResult<bool>;

    /// Ends, whatever is left.
    fn close(&mut self, py: Python<'_>) -> PyResult<()>;

    /// The errors that this source has for its users.
    fn refusals(&self) -> Refusals;

    /// # Errors
    ///
    /// What the visitor answers.
    fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError>;
}

/// The errors that a source has for its users.
#[derive(Clone, Copy)]
pub(crate) struct Refusals {
    /// For a misuse, which the message tells.
    pub(crate) misuse: fn(Python<'_>, &str) -> PyErr,
    /// For a value that there is no room for, which the message tells.
    pub(crate) misfit: fn(Python<'_>, &str) -> PyErr,
}

/// What misfits are told with: the names of the columns.
pub(crate) struct Misfits<'a> {
    pub(crate) names: &'a [String],
    pub(crate) refusals: Refusals,
}

impl Header {
    pub(crate) fn new(py: Python<'_>, texts: Vec<String>, rules: Vec<Rule>) -> Self {
        let names = texts.iter().map(|text| interned(py, text).unbind()).collect();
        Self { names, texts, rules }
    }

    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        let names = self.names.iter().map(|name| name.clone_ref(py)).collect();
        Self { names, texts: self.texts.clone(), rules: self.rules.clone() }
    }

    /// The name of a column that a column before it has, too.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let mut known = std::collections::HashSet::new();
        self.texts.iter().map(String::as_str).find(|name| !known.insert(*name))
    }
}

impl Misfits<'_> {
    /// The error for a value that does not fit its column: where it stands, and what decides.
    #[cold]
    pub(crate) fn error(&self, py: Python<'_>, misfit: &Misfit) -> PyErr {
        if misfit.reason == Reason::NoMemory {
            return memory_error(py);
        }
        let column = self.names.get(misfit.column).map_or("", String::as_str);
        let message =
            format!("column '{column}', row {}: {misfit}; {}", misfit.row, remedy(column, misfit));
        let error = (self.refusals.misfit)(py, &message);
        match tell(error.value(py).as_any(), misfit, column) {
            Ok(()) => error,
            Err(error) => error,
        }
    }
}

/// Gives an error the attributes that tell of a value.
fn tell(error: &Bound<'_, PyAny>, misfit: &Misfit, column: &str) -> PyResult<()> {
    let py = error.py();
    error.setattr(intern!(py, "column"), text(py, column)?)?;
    error.setattr(intern!(py, "row"), new_count(py, misfit.row))?;
    error.setattr(intern!(py, "value"), text(py, &misfit.value)?)
}

fn remedy(column: &str, misfit: &Misfit) -> String {
    match misfit.reason {
        Reason::OtherType(before, found) => {
            let are = |kinds: &[Kind]| kinds.contains(&before) && kinds.contains(&found);
            if are(&[Kind::Integer, Kind::Real, Kind::Text]) {
                format!(
                    "types={{'{column}': 'TEXT'}} has every value as text, 'ANY' leaves each as it \
                     is"
                )
            } else if are(&[Kind::Text, Kind::Blob]) {
                format!(
                    "types={{'{column}': 'BLOB'}} has every value as bytes, 'ANY' leaves each as \
                     it is"
                )
            } else {
                format!("types={{'{column}': 'ANY'}} leaves each value as it is")
            }
        }
        Reason::AfterNulls => format!("types={{'{column}': …}} tells the type"),
        Reason::NoExactFloat => format!(
            "types={{'{column}': 'REAL'}} takes the nearest float, 'ANY' leaves each as it is"
        ),
        Reason::NoText => format!("types={{'{column}': 'BLOB'}} leaves the bytes"),
        Reason::Bytes => "blobs='base64' makes it text".to_owned(),
        Reason::NoSuchValue(_) | Reason::NoJson => {
            format!("types={{'{column}': 'ANY'}} leaves each value as it is stored")
        }
        Reason::OtherOffset | Reason::TooManyDigits | Reason::FinerScale | Reason::NoNumber => {
            format!("types={{'{column}': 'TEXT'}} leaves the text")
        }
        Reason::NoMemory => String::new(),
        Reason::NotFinite => format!("types={{'{column}': 'TEXT'}} makes it text"),
    }
}
