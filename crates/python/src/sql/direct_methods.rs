//! The methods of a cursor that are called for every statement and every row.

use std::ffi::CStr;
use std::ops::RangeInclusive;

use pyo3::Borrowed;
use pyo3::prelude::*;

use super::cursor::Cursor;
use super::{execute, fetch};
use crate::cpython::{DirectMethod, add_direct_method};

/// Adds them to the class.
pub(super) fn add(py: Python<'_>) -> PyResult<()> {
    add_direct_method::<Execute>(py)?;
    add_direct_method::<FetchOne>(py)
}

struct Execute;

impl DirectMethod for Execute {
    type Class = Cursor;

    const NAME: &'static CStr = c"execute";
    const DOCUMENTATION: &'static CStr =
        c"execute($self, sql, parameters=..., /)\n--\n\nRuns a statement.";
    const ARGUMENTS: RangeInclusive<usize> = 1..=2;

    #[inline(always)]
    fn call<'py>(
        own: &Bound<'py, Cursor>,
        arguments: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>> {
        execute::execute(own, &arguments[0], arguments.get(1).map(|parameters| &**parameters))?;
        Ok(own.clone().into_any())
    }
}

struct FetchOne;

impl DirectMethod for FetchOne {
    type Class = Cursor;

    const NAME: &'static CStr = c"fetchone";
    const DOCUMENTATION: &'static CStr = c"fetchone($self, /)\n--\n\nThe next row, or None.";
    const ARGUMENTS: RangeInclusive<usize> = 0..=0;

    #[inline(always)]
    fn call<'py>(
        own: &Bound<'py, Cursor>,
        _arguments: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let row = fetch::next(own)?;
        Ok(row.unwrap_or_else(|| own.py().None().into_bound(own.py())))
    }
}
