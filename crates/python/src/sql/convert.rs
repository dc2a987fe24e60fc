//! Values of SQLite as objects of Python.

use onecross_sqlite::Value;
use pyo3::exceptions::PyUnicodeDecodeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString, PyTuple};

use super::errors;
use super::prepared::Prepared;
use crate::cpython::{decoded, memory_error, new_bytes, new_float, new_integer, new_record};
use crate::errors::new_error;
use crate::fault::{self, Place};

/// What texts become.
pub(crate) enum TextFactory {
    /// A str.
    Text,
    /// The bytes of the text.
    Bytes,
    /// The same, in a bytearray.
    ByteArray,
    /// What a function makes of the bytes.
    Call(Py<PyAny>),
}

impl TextFactory {
    /// What an object given for `text_factory` stands for.
    pub(super) fn of(factory: &Bound<'_, PyAny>) -> Self {
        let py = factory.py();
        if factory.is(py.get_type::<PyString>()) {
            Self::Text
        } else if factory.is(py.get_type::<PyBytes>()) {
            Self::Bytes
        } else if factory.is(py.get_type::<PyByteArray>()) {
            Self::ByteArray
        } else {
            Self::Call(factory.clone().unbind())
        }
    }

    #[inline(always)]
    pub(super) fn drop_ref(self, py: Python<'_>) {
        if let Self::Call(factory) = self {
            factory.drop_ref(py);
        }
    }

    #[inline(always)]
    pub(super) fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::Text => Self::Text,
            Self::Bytes => Self::Bytes,
            Self::ByteArray => Self::ByteArray,
            Self::Call(factory) => Self::Call(factory.clone_ref(py)),
        }
    }
}

/// The current row as a tuple.
#[inline(always)]
pub(super) fn row<'py>(
    py: Python<'py>,
    prepared: &mut Prepared,
    texts: &TextFactory,
) -> PyResult<Bound<'py, PyTuple>> {
    fault::point(Place::Row);
    let has_only_atoms = prepared.converters.is_none()
        && !matches!(texts, TextFactory::Call(_) | TextFactory::ByteArray);
    new_record(py, prepared.columns, has_only_atoms, |column| {
        let converters = prepared.converters.as_ref();
        if let Some(converter) = converters.and_then(|converters| converters[column].as_ref()) {
            return converted(py, converter, prepared.bound.written(column));
        }
        let Some(value) = prepared.bound.value(column) else { return Err(memory_error(py)) };
        object(py, value, texts, || column_name(prepared, column))
    })
}

/// What a registered converter makes of a value as SQLite writes it. What is NULL or empty is None.
#[cold]
fn converted<'py>(
    py: Python<'py>,
    converter: &Py<PyAny>,
    written: Option<&[u8]>,
) -> PyResult<Bound<'py, PyAny>> {
    match written {
        None => Ok(py.None().into_bound(py)),
        Some(bytes) => converter.bind(py).call1((new_bytes(py, bytes)?,)),
    }
}

/// A value as Python has it.
#[inline(always)]
pub(super) fn object<'py>(
    py: Python<'py>,
    value: Value<'_>,
    texts: &TextFactory,
    column: impl Fn() -> String,
) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Integer(integer) => Ok(new_integer(py, integer)),
        Value::Real(real) => Ok(new_float(py, real)),
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Blob(bytes) => new_bytes(py, bytes),
        Value::Text(bytes) => match texts {
            TextFactory::Text => {
                decoded(py, bytes).map_err(|error| no_text(py, error, bytes, &column()))
            }
            TextFactory::Bytes => new_bytes(py, bytes),
            TextFactory::ByteArray => Ok(PyByteArray::new(py, bytes).into_any()),
            TextFactory::Call(factory) => factory.bind(py).call1((new_bytes(py, bytes)?,)),
        },
    }
}

#[cold]
fn no_text(py: Python<'_>, error: PyErr, bytes: &[u8], column: &str) -> PyErr {
    if !error.is_instance_of::<PyUnicodeDecodeError>(py) {
        return error;
    }
    let text = String::from_utf8_lossy(bytes);
    let message = format!("Could not decode to UTF-8 column '{column}' with text '{text}'");
    new_error::<errors::OperationalError>(py, &message)
}

/// The name of a column, for messages.
fn column_name(prepared: &Prepared, column: usize) -> String {
    let name = prepared.statement().column_name(column);
    name.map(|name| String::from_utf8_lossy(name.to_bytes()).into_owned()).unwrap_or_default()
}
