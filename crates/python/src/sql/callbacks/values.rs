//! The arguments of callbacks as Python has them, and their answers as SQLite has them.

use std::ffi::{CStr, CString};

use onecross_sqlite::{Answer, Arguments, Value};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString};

use crate::cpython::{
    CallArguments, Text, decoded, memory_error, new_bytes, new_float, new_integer, shows_bytes,
    small_integer, with_bytes,
};
use crate::errors::new_error;
use crate::sql::errors;

/// How many arguments need no allocation.
const FEW: usize = 8;

/// Calls a function with what SQLite gives.
pub(super) fn call_with<'py>(
    function: &Bound<'py, PyAny>,
    arguments: Arguments<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    let mut few: [Option<Bound<'py, PyAny>>; FEW] = [const { None }; FEW];
    let mut many = Vec::new();
    let values = match few.get_mut(..arguments.len()) {
        Some(few) => few,
        None => {
            many.resize_with(arguments.len(), || None);
            &mut many[..]
        }
    };
    for (number, place) in values.iter_mut().enumerate() {
        let value = arguments.get(number).ok_or_else(|| memory_error(py))?;
        *place = Some(argument(py, value)?);
    }
    let mut call = CallArguments::new();
    for value in values.iter().flatten() {
        call.push(value);
    }
    call.call(function, None)
}

fn argument<'py>(py: Python<'py>, value: Value<'_>) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Integer(value) => Ok(new_integer(py, value)),
        Value::Real(value) => Ok(new_float(py, value)),
        Value::Text(text) => decoded(py, text),
        Value::Blob(bytes) => new_bytes(py, bytes),
    }
}

/// A name that SQLite gives, or None.
pub(super) fn name_or_none<'py>(
    py: Python<'py>,
    name: Option<&CStr>,
) -> PyResult<Bound<'py, PyAny>> {
    name.map_or_else(|| Ok(py.None().into_bound(py)), |name| decoded(py, name.to_bytes()))
}

/// Answers with an object, by what it is.
///
/// # Errors
///
/// There is nothing like it in a database.
pub(super) fn answer_with(answer: &mut Answer<'_>, object: &Bound<'_, PyAny>) -> PyResult<()> {
    if object.is_none() {
        answer.null();
    } else if let Ok(integer) = object.cast::<PyInt>() {
        let message = "Python int too large to convert to SQLite INTEGER";
        let value = small_integer(integer)
            .ok_or_else(|| new_error::<PyOverflowError>(object.py(), message))?;
        answer.integer(value);
    } else if let Ok(real) = object.cast::<PyFloat>() {
        answer.real(real.value());
    } else if let Ok(text) = object.cast::<PyString>() {
        match Text::of(text) {
            Text::Ascii(units) => answer.text(units),
            _ => answer.text(text.encode_utf8()?.as_bytes()),
        }
    } else if let Ok(bytes) = object.cast::<PyBytes>() {
        answer.blob(bytes.as_bytes());
    } else if shows_bytes(object) {
        with_bytes(object, |bytes| answer.blob(bytes))?;
    } else {
        let kind = errors::class_name(object)?;
        let message = format!("User-defined functions cannot return '{kind}' values to SQLite");
        return Err(errors::programming(object.py(), &message));
    }
    Ok(())
}

/// The name of a function or collation.
///
/// # Errors
///
/// It is no str, or not one that SQLite can have as a name.
pub(super) fn name_of(object: &Bound<'_, PyAny>, method: &str) -> PyResult<CString> {
    let py = object.py();
    let Ok(name) = object.cast::<PyString>() else {
        let given = errors::class_name(object)?;
        let message = format!("{method}() argument 'name' must be str, not {given}");
        return Err(new_error::<PyTypeError>(py, &message));
    };
    CString::new(name.encode_utf8()?.as_bytes())
        .map_err(|_| new_error::<PyValueError>(py, "embedded null character"))
}
