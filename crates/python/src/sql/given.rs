//! An argument that may be left out where None is not the same as nothing.

use std::convert::Infallible;
use std::ffi::c_int;

use pyo3::prelude::*;

/// What was given for an argument, if anything was.
pub(crate) enum Given<'py> {
    /// The argument was left out.
    Nothing,
    /// This, be it None.
    Value(Bound<'py, PyAny>),
}

impl<'py> Given<'py> {
    #[inline]
    pub(super) fn as_ref(&self) -> Option<&Bound<'py, PyAny>> {
        match self {
            Self::Nothing => None,
            Self::Value(value) => Some(value),
        }
    }

    /// What was given as a C int.
    ///
    /// # Errors
    ///
    /// It is no integer, or too large.
    pub(super) fn c_int_or(&self, otherwise: c_int) -> PyResult<c_int> {
        self.as_ref().map_or(Ok(otherwise), crate::cpython::c_int)
    }

    /// Whether what was given is true.
    ///
    /// # Errors
    ///
    /// What the object raised when it was asked.
    pub(super) fn truth_or(&self, otherwise: bool) -> PyResult<bool> {
        self.as_ref().map_or(Ok(otherwise), |value| value.is_truthy())
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Given<'py> {
    type Error = Infallible;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self::Value(object.to_owned()))
    }
}
