//! Why the strict face does not take a parameter: which one it is, what it is, what to do.

use pyo3::intern;
use pyo3::prelude::*;

use super::errors;
use super::parameters::name_of;
use super::prepared::Prepared;
use super::session::Session;
use crate::cpython::{Unbound, text};
use crate::errors::new_error;

/// The error for the parameter at that place.
#[cold]
pub(super) fn of(
    session: &Session,
    prepared: &Prepared,
    place: usize,
    error: Unbound,
    py: Python<'_>,
) -> PyErr {
    let which = which(prepared, place + 1);
    match error {
        Unbound::Raised(error) => {
            let note = text(py, &format!("while {which} was made into what SQLite knows"));
            // That there was no memory for the note is no reason to hide the error.
            drop(
                note.and_then(|note| {
                    error.value(py).call_method1(intern!(py, "add_note"), (note,))
                }),
            );
            error
        }
        Unbound::Refused(error) => session.error_of(py, &error, prepared.text.bind(py)),
        Unbound::TooWide => {
            let message = format!(
                "{which} is an int that does not fit the 64 bits of SQLite's INTEGER: store it as \
                 text, or as bytes"
            );
            new_error::<errors::OutOfRangeError>(py, &message)
        }
        Unbound::NotEncodable(cause) => {
            let message = format!(
                "{which} is a str with a lone surrogate, which has no form in UTF-8: {cause}. \
                 Store bytes, as of str.encode(\"utf-8\", \"surrogatepass\")"
            );
            let error = new_error::<errors::DataError>(py, &message);
            error.set_cause(py, Some(cause));
            error
        }
        Unbound::Unsupported(kind) => {
            let message = format!(
                "{which} is of type '{kind}', which SQLite does not know: \
                 onecross.sql.register_adapter() tells what stands for it"
            );
            new_error::<errors::ProgrammingError>(py, &message)
        }
    }
}

/// The error for names that are given values by their places.
#[cold]
pub(super) fn of_sequence(py: Python<'_>, prepared: &Prepared) -> PyErr {
    let count = prepared.statement().parameter_count();
    let named = (1..=count).find(|number| name_of(prepared, *number).is_some_and(is_word));
    let which = which(prepared, named.unwrap_or(1));
    let message = format!("{which} has a name: give the parameters as a mapping of names");
    errors::programming(py, &message)
}

fn which(prepared: &Prepared, number: usize) -> String {
    match name_of(prepared, number).filter(|name| is_word(name)) {
        Some(name) => format!("parameter {number} ({name})"),
        None => format!("parameter {number}"),
    }
}

/// Whether it is a name, and no number.
fn is_word(name: &str) -> bool {
    !name.starts_with('?')
}
