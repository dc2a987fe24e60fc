//! The names of things in a database, as Python gives them and SQLite takes them.

use std::ffi::{CStr, CString};
use std::ops::Deref;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::errors::new_error;

/// A name in UTF-8: a str without lone surrogates and null characters.
pub(crate) struct Name(CString);

impl Name {
    /// The name of the database that a connection opened.
    pub(super) fn of_main() -> Self {
        Self(c"main".to_owned())
    }
}

impl Deref for Name {
    type Target = CStr;

    fn deref(&self) -> &CStr {
        &self.0
    }
}

impl<'py> FromPyObject<'_, 'py> for Name {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let bytes = object.cast::<PyString>()?.encode_utf8()?;
        CString::new(bytes.as_bytes())
            .map(Self)
            .map_err(|_| new_error::<PyValueError>(object.py(), "embedded null character"))
    }
}
