//! Places in a blob, from its beginning or its end.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PySlice;

use crate::cpython::index;
use crate::errors::new_error;

/// The place that an index stands for.
///
/// # Errors
///
/// There is no such place.
pub(super) fn place(key: &Bound<'_, PyAny>, length: usize) -> PyResult<usize> {
    let place = index(key)?;
    let place = if place < 0 { place + length as isize } else { place };
    match usize::try_from(place) {
        Ok(place) if place < length => Ok(place),
        _ => Err(new_error::<PyIndexError>(key.py(), "Blob index out of range")),
    }
}

/// Places that a slice stands for.
pub(super) struct Part {
    pub(super) first: usize,
    pub(super) step: isize,
    pub(super) count: usize,
}

impl Part {
    pub(super) fn of(slice: &Bound<'_, PySlice>, length: usize) -> PyResult<Self> {
        let indices = slice.indices(length as isize)?;
        let (first, count) = (indices.start.max(0) as usize, indices.slicelength);
        Ok(Self { first, step: indices.step, count })
    }

    /// The lowest place, and how many there are up to the highest.
    pub(super) fn span(&self) -> (usize, usize) {
        if self.count == 0 {
            return (self.first, 0);
        }
        let reach = self.step.unsigned_abs() * (self.count - 1);
        let lowest = if self.step < 0 { self.first - reach } else { self.first };
        (lowest, reach + 1)
    }

    /// The places, counted from the lowest.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + use<> {
        let first = (self.first - self.span().0) as isize;
        let step = self.step;
        (0..self.count as isize).map(move |number| (first + number * step) as usize)
    }
}
