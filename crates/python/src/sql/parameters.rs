//! What a statement is run with: a sequence, or a mapping of names.

use pyo3::exceptions::{PyDeprecationWarning, PyIndexError, PyLookupError, PyOverflowError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMapping, PyTuple};

use super::adaptation::{adapt_parameter, adapts_atoms};
use super::errors;
use super::prepared::Prepared;
use super::session::Session;
use super::{refusal, strict_adaptation};
use crate::cpython::{Unbound, is_sequence, list_to_tuple, text, tuple_of};
use crate::errors::new_error;

/// Binds what a statement is to be run with.
///
/// # Errors
///
/// As many values are not there as are asked for, or one has no form in a database.
#[inline(always)]
pub(super) fn bind<'py>(
    session: &Session,
    prepared: &mut Prepared,
    parameters: Option<&Bound<'py, PyAny>>,
    py: Python<'py>,
) -> PyResult<()> {
    let asked = prepared.statement().parameter_count();
    let given = parameters.filter(|given| !(given.is_none() && session.rules.is_strict));
    let values = match given {
        None => {
            if asked == 0 {
                return Ok(());
            }
            return Err(wrong_count(py, asked, 0));
        }
        Some(parameters) => match parameters.cast_exact::<PyTuple>() {
            Ok(tuple) => {
                check_sequence(py, session, prepared, tuple.len())?;
                if asked == 0 {
                    return Ok(());
                }
                tuple.clone()
            }
            Err(_) => gather(session, prepared, parameters)?,
        },
    };
    let is_strict = session.rules.is_strict;
    let mut adapt = |place, value| {
        if is_strict {
            return strict_adaptation::adapt(value);
        }
        let adapted = adapt_parameter(value)?;
        match given.and_then(|given| given.cast_exact::<PyList>().ok()) {
            Some(list) if list.len() <= place + 1 && place + 1 < asked => Err(shortened(py)),
            _ => Ok(adapted),
        }
    };
    let adapts_atoms = !is_strict && adapts_atoms(py);
    let bound = prepared.bound.bind(values, adapts_atoms, &mut adapt);
    bound.map_err(|refused| {
        let (place, error) = *refused;
        if is_strict {
            refusal::of(session, prepared, place, error, py)
        } else {
            unbound(session, place, error, py)
        }
    })
}

/// The values in the order of the parameters.
#[inline(never)]
fn gather<'py>(
    session: &Session,
    prepared: &Prepared,
    parameters: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = parameters.py();
    if let Ok(list) = parameters.cast_exact::<PyList>() {
        let tuple = list_to_tuple(list)?;
        check_sequence(py, session, prepared, tuple.len())?;
        return Ok(tuple);
    }
    if let Ok(tuple) = parameters.cast::<PyTuple>() {
        check_sequence(py, session, prepared, tuple.len())?;
        return tuple_of(py, tuple.iter());
    }
    if session.rules.is_strict && parameters.cast::<PyMapping>().is_ok() {
        return by_name(prepared, parameters);
    }
    if !parameters.is_instance_of::<PyDict>() && is_sequence(parameters) {
        let length = parameters.len()?;
        check_sequence(py, session, prepared, length)?;
        let items = (0..length).map(|place| parameters.get_item(place));
        return tuple_of(py, items.collect::<PyResult<Vec<_>>>()?);
    }
    if parameters.is_instance_of::<PyDict>() || parameters.cast::<PyMapping>().is_ok() {
        return by_name(prepared, parameters);
    }
    Err(errors::programming(py, "parameters are of unsupported type"))
}

fn by_name<'py>(
    prepared: &Prepared,
    parameters: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = parameters.py();
    let count = prepared.statement().parameter_count();
    let mut values = Vec::with_capacity(count);
    for number in 1..=count {
        let Some(name) = name_of(prepared, number) else {
            let message = format!(
                "Binding {number} has no name, but you supplied a dictionary \
                 (which has only names)."
            );
            return Err(errors::programming(py, &message));
        };
        let name = name.get(1..).unwrap_or_default();
        values.push(value_of(parameters, name)?);
    }
    tuple_of(py, values)
}

fn value_of<'py>(parameters: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let py = parameters.py();
    let key = text(py, name)?;
    let found = match parameters.cast_exact::<PyDict>() {
        Ok(dict) => dict.get_item(&key)?,
        Err(_) => match parameters.get_item(&key) {
            Ok(value) => Some(value),
            Err(error) if error.is_instance_of::<PyLookupError>(py) => None,
            Err(error) => return Err(error),
        },
    };
    found.ok_or_else(|| {
        let message = format!("You did not supply a value for binding parameter :{name}.");
        errors::programming(py, &message)
    })
}

pub(super) fn name_of(prepared: &Prepared, number: usize) -> Option<&str> {
    str::from_utf8(prepared.statement().parameter_name(number)?.to_bytes()).ok()
}

#[inline(always)]
fn check_sequence(
    py: Python<'_>,
    session: &Session,
    prepared: &Prepared,
    given: usize,
) -> PyResult<()> {
    let asked = prepared.statement().parameter_count();
    if asked != given {
        return Err(wrong_count(py, asked, given));
    }
    if asked > 0 && prepared.has_names() {
        if session.rules.is_strict {
            return Err(refusal::of_sequence(py, prepared));
        }
        if cfg!(Py_3_12) {
            warn_of_names(py, prepared)?;
        }
    }
    Ok(())
}

#[cold]
fn wrong_count(py: Python<'_>, asked: usize, given: usize) -> PyErr {
    let message = format!(
        "Incorrect number of bindings supplied. The current statement uses {asked}, \
         and there are {given} supplied."
    );
    errors::programming(py, &message)
}

/// What is adapted may take away the values that follow it.
#[cold]
fn shortened(py: Python<'_>) -> PyErr {
    new_error::<PyIndexError>(py, "list index out of range")
}

/// Python 3.12 began to warn of names that are given values by their places.
#[cold]
fn warn_of_names(py: Python<'_>, prepared: &Prepared) -> PyResult<()> {
    for number in 1..=prepared.statement().parameter_count() {
        let Some(name) = name_of(prepared, number).filter(|name| !name.starts_with('?')) else {
            continue;
        };
        let message = format!(
            "Binding {number} ('{name}') is a named parameter, but you supplied a sequence which \
             requires nominal (qmark) placeholders. Starting with Python 3.14 an \
             sqlite3.ProgrammingError will be raised."
        );
        let message = std::ffi::CString::new(message).unwrap_or_default();
        PyErr::warn(py, &py.get_type::<PyDeprecationWarning>(), &message, 1)?;
    }
    Ok(())
}

#[cold]
fn unbound(session: &Session, place: usize, error: Unbound, py: Python<'_>) -> PyErr {
    match error {
        Unbound::Raised(error) => error,
        Unbound::Refused(error) => session.error(py, &error),
        Unbound::NotEncodable(error) => error,
        Unbound::TooWide => {
            let message = "Python int too large to convert to SQLite INTEGER";
            new_error::<PyOverflowError>(py, message)
        }
        Unbound::Unsupported(kind) => {
            let number = place + 1;
            let message =
                format!("Error binding parameter {number}: type '{kind}' is not supported");
            new_error::<errors::ProgrammingError>(py, &message)
        }
    }
}
