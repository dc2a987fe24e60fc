//! An argument that may be left out where None is not the same as nothing.

use std::convert::Infallible;

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
}

impl<'a, 'py> FromPyObject<'a, 'py> for Given<'py> {
    type Error = Infallible;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self::Value(object.to_owned()))
    }
}
