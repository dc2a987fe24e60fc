//! Why a value is not taken in: where it stands, what it is, what to do.

use onecross_columns::Unstorable;
use pyo3::intern;
use pyo3::prelude::*;

use super::super::errors;
use crate::cpython::{Text, Unbound, new_count, text};
use crate::errors::new_error;

/// How much of a value a message shows.
const SHOWN: usize = 60;

/// Where a value stands.
#[derive(Clone, Copy)]
pub(in super::super) struct Stand<'a> {
    pub(in super::super) column: &'a str,
    pub(in super::super) row: usize,
}

impl Stand<'_> {
    /// The error for an object.
    #[cold]
    pub(super) fn refused(self, item: &Bound<'_, PyAny>, why: Unbound) -> PyErr {
        let py = item.py();
        let Self { column, row } = self;
        let at = format!("column '{column}', row {row}");
        let error = match why {
            Unbound::Raised(error) => {
                let note = text(py, &format!("while {at} was made into what SQLite knows"));
                // That there was no memory for the note is no reason to hide the error.
                drop(note.and_then(|note| {
                    error.value(py).call_method1(intern!(py, "add_note"), (note,))
                }));
                return error;
            }
            Unbound::Refused(error) => return errors::of_sqlite(py, &error),
            Unbound::TooWide => {
                let message = format!(
                    "{at}: the int {} does not fit the 64 bits of SQLite's INTEGER: store it as \
                     text, or as bytes",
                    shown(item)
                );
                new_error::<errors::OutOfRangeError>(py, &message)
            }
            Unbound::NotEncodable(cause) => {
                let message = format!(
                    "{at}: the str {} has a lone surrogate, which has no form in UTF-8: store \
                     bytes, as of str.encode(\"utf-8\", \"surrogatepass\")",
                    shown(item)
                );
                let error = errors::of_column(py, &message);
                error.set_cause(py, Some(cause));
                error
            }
            Unbound::Unsupported(kind) => {
                let message = format!(
                    "{at}: {} is of type '{kind}', which SQLite does not know: \
                     onecross.sql.register_adapter() tells what stands for it",
                    shown(item)
                );
                errors::of_column(py, &message)
            }
        };
        self.told(py, error, &shown(item))
    }

    /// The error for a value that is no object.
    #[cold]
    pub(super) fn unstorable(self, py: Python<'_>, why: &Unstorable) -> PyErr {
        let Self { column, row: before } = self;
        match why {
            Unstorable::Type(data_type) => {
                let message = format!(
                    "column '{column}' is of Arrow's type {data_type}, of which SQLite stores \
                     nothing: make it text, as JSON, or numbers"
                );
                errors::of_column(py, &message)
            }
            Unstorable::Value { row, value, why } => {
                let row = before + row;
                let message = format!("column '{column}', row {row}: {value} {why}");
                let error = errors::of_column(py, &message);
                Stand { column, row }.told(py, error, value)
            }
        }
    }

    /// The error for a value that is not of the type which others have told for its column.
    #[cold]
    pub(in super::super) fn unlike(
        self,
        py: Python<'_>,
        row: usize,
        value: &str,
        declared: &str,
    ) -> PyErr {
        let Self { column, row: before } = self;
        let row = before + row;
        let message = format!(
            "column '{column}', row {row}: {value} does not fit the type {declared}, which the \
             first rows of the column have: types= tells the one to make it with, and \"\" keeps \
             each value as it is"
        );
        Stand { column, row }.told(py, errors::of_column(py, &message), value)
    }

    /// Gives an error the attributes that tell of a value.
    pub(super) fn told(self, py: Python<'_>, error: PyErr, value: &str) -> PyErr {
        let tell = |error: &Bound<'_, PyAny>| {
            error.setattr(intern!(py, "column"), text(py, self.column)?)?;
            error.setattr(intern!(py, "row"), new_count(py, self.row))?;
            error.setattr(intern!(py, "value"), text(py, value)?)
        };
        match tell(error.value(py).as_any()) {
            Ok(()) => error,
            Err(error) => error,
        }
    }
}

/// The `repr` of an object, cut; its type where it has none.
fn shown(item: &Bound<'_, PyAny>) -> String {
    let shown = match item.repr() {
        Ok(shown) => Text::of(&shown).to_lossy(),
        Err(_) => return errors::class_name(item).unwrap_or_default(),
    };
    match shown.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}
