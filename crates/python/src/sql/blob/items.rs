//! A blob as a sequence of bytes, by indices and slices.

use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytesMethods, PyInt, PySlice};

use super::part::{Part, place};
use super::{Blob, bytes_of};
use crate::cpython::{is_index, new_bytes, new_integer, small_integer};
use crate::errors::new_error;
use crate::gate;
use crate::sql::errors;

#[pymethods]
impl Blob {
    fn __len__(slf: &Bound<'_, Self>) -> PyResult<usize> {
        gate::guard(|| slf.get().with(slf.py(), |_, blob| Ok(blob.length())))
    }

    fn __getitem__<'py>(
        slf: &Bound<'py, Self>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let py = slf.py();
            slf.get().with(py, |session, blob| {
                if is_index(key) {
                    let place = place(key, blob.length())?;
                    let mut byte = [0];
                    let read = session.work(|| blob.read_at(place, &mut byte));
                    read.map_err(|error| session.error(py, &error))?;
                    return Ok(new_integer(py, i64::from(byte[0])));
                }
                let Ok(slice) = key.cast::<PySlice>() else { return Err(no_index(py)) };
                let part = Part::of(slice, blob.length())?;
                let (lowest, span) = part.span();
                let bytes = Self::read_at(py, session, blob, lowest, span)?;
                if part.step == 1 {
                    return Ok(bytes.into_any());
                }
                let bytes = bytes.as_bytes();
                let picked: Vec<u8> = part.places().map(|place| bytes[place]).collect();
                new_bytes(py, &picked)
            })
        })
    }

    fn __setitem__(
        slf: &Bound<'_, Self>,
        key: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            slf.get().with(py, |session, blob| {
                if is_index(key) {
                    let byte = integer(value)?;
                    let place = place(key, blob.length())?;
                    return Self::write_at(py, session, blob, place, &[in_range(byte)?]);
                }
                let Ok(slice) = key.cast::<PySlice>() else { return Err(no_index(py)) };
                let part = Part::of(slice, blob.length())?;
                if part.count == 0 {
                    return Ok(());
                }
                let bytes = bytes_of(value)?;
                if bytes.len() != part.count {
                    let message = "Blob slice assignment is wrong size";
                    return Err(new_error::<PyIndexError>(py, message));
                }
                if part.step == 1 {
                    return Self::write_at(py, session, blob, part.first, &bytes);
                }
                let (lowest, span) = part.span();
                let mut whole = Self::read_at(py, session, blob, lowest, span)?.as_bytes().to_vec();
                for (place, byte) in part.places().zip(bytes.iter()) {
                    whole[place] = *byte;
                }
                Self::write_at(py, session, blob, lowest, &whole)
            })
        })
    }

    fn __delitem__(slf: &Bound<'_, Self>, key: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            slf.get().with(py, |_, _| {
                let what = if is_index(key) {
                    "item"
                } else if key.is_instance_of::<PySlice>() {
                    "slice"
                } else {
                    return Err(no_index(py));
                };
                let message = format!("Blob doesn't support {what} deletion");
                Err(new_error::<PyTypeError>(py, &message))
            })
        })
    }
}

#[cold]
fn no_index(py: Python<'_>) -> PyErr {
    new_error::<PyTypeError>(py, "Blob indices must be integers")
}

/// An int that is to be a byte.
fn integer<'a, 'py>(value: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, PyInt>> {
    let Ok(integer) = value.cast::<PyInt>() else {
        let given = errors::class_name(value)?;
        let message = format!("'{given}' object cannot be interpreted as an integer");
        return Err(new_error::<PyTypeError>(value.py(), &message));
    };
    Ok(integer)
}

fn in_range(integer: &Bound<'_, PyInt>) -> PyResult<u8> {
    let byte = small_integer(integer).and_then(|byte| u8::try_from(byte).ok());
    byte.ok_or_else(|| new_error::<PyValueError>(integer.py(), "byte must be in range(0, 256)"))
}
