//! A blob as a file, whose size is fixed.

use std::ffi::c_int;

use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;

use super::{Blob, bytes_of};
use crate::cpython::{c_int, new_bytes, new_integer};
use crate::errors::new_error;
use crate::gate;
use crate::sql::given::Given;

#[pymethods]
impl Blob {
    /// Reads so many bytes from where the blob stands, or all that follow.
    #[pyo3(signature = (length=Given::Nothing, /))]
    fn read<'py>(slf: &Bound<'py, Self>, length: Given<'py>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let length = length.c_int_or(-1)?;
            this.with(py, |session, blob| {
                let offset = this.offset.get(py);
                let left = blob.length().saturating_sub(offset.get());
                let count = usize::try_from(length).map_or(left, |length| length.min(left));
                if count == 0 {
                    return new_bytes(py, &[]);
                }
                let bytes = Self::read_at(py, session, blob, offset.get(), count)?;
                offset.set(offset.get() + count);
                Ok(bytes.into_any())
            })
        })
    }

    /// Writes bytes from where the blob stands; its size does not change.
    #[pyo3(signature = (data, /))]
    fn write(slf: &Bound<'_, Self>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let bytes = bytes_of(data)?;
            this.with(py, |session, blob| {
                let offset = this.offset.get(py);
                if bytes.len() > blob.length().saturating_sub(offset.get()) {
                    return Err(new_error::<PyValueError>(py, "data longer than blob length"));
                }
                Self::write_at(py, session, blob, offset.get(), &bytes)?;
                offset.set(offset.get() + bytes.len());
                Ok(())
            })
        })
    }

    /// Moves to an offset from the beginning (0), from where the blob stands (1) or the end (2).
    #[pyo3(signature = (offset, origin=Given::Nothing, /))]
    fn seek(slf: &Bound<'_, Self>, offset: &Bound<'_, PyAny>, origin: Given<'_>) -> PyResult<()> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let offset = c_int(offset)?;
            let origin = origin.c_int_or(0)?;
            this.with(py, |_, blob| {
                let here = this.offset.get(py);
                let from = match origin {
                    0 => 0,
                    1 => here.get(),
                    2 => blob.length(),
                    _ => {
                        let message = "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END";
                        return Err(new_error::<PyValueError>(py, message));
                    }
                };
                let place = from as i64 + i64::from(offset);
                if place > i64::from(c_int::MAX) {
                    let message = "seek offset results in overflow";
                    return Err(new_error::<PyOverflowError>(py, message));
                }
                match usize::try_from(place) {
                    Ok(place) if place <= blob.length() => here.set(place),
                    _ => return Err(new_error::<PyValueError>(py, "offset out of blob range")),
                }
                Ok(())
            })
        })
    }

    /// Where the blob stands.
    fn tell<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            this.with(py, |_, _| Ok(new_integer(py, this.offset.get(py).get() as i64)))
        })
    }
}
