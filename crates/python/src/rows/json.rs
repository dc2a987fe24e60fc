//! Rows as JSON.

use onecross_columns::{Blobs, JsonRows};
use onecross_json::Writer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::listed::check_names;
use super::reading::{Portion, Reading};
use crate::cpython::{BytesOutput, Text};
use crate::errors::new_error;
use crate::gate::Passage;

/// How much room is made at first.
const ROOM: usize = 4 * 1024;

/// How rows follow each other.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// As the items of one list.
    List,
    /// Each in a line of its own.
    Lines,
}

/// All rows that are left, as JSON.
pub(super) fn written<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    layout: Layout,
    blobs: Blobs,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    check_names(py, reading)?;
    let rows = JsonRows::new(reading.header(py)?.texts.iter().map(String::as_str), blobs);
    let mut writer = Writer::new(BytesOutput::with_capacity(py, ROOM)?);
    if layout == Layout::List {
        writer.begin_list();
    }
    while let Some(batch) = reading.next(py, Portion::Some)? {
        let written = match layout {
            Layout::List => rows.items(&batch, &mut writer),
            Layout::Lines => rows.lines(&batch, &mut writer),
        };
        written.map_err(|misfit| reading.misfit(py, &misfit))?;
        passage.pulse(writer.written()).map_err(|error| *error)?;
    }
    if layout == Layout::List {
        writer.end_list();
    }
    writer.finish_into(|size| BytesOutput::with_capacity(py, size))?.finish()
}

/// What is to stand for bytes.
pub(super) fn blobs(py: Python<'_>, asked: Option<&Bound<'_, PyString>>) -> PyResult<Blobs> {
    let Some(asked) = asked else { return Ok(Blobs::Refused) };
    match Text::of(asked).to_lossy().as_str() {
        "base64" => Ok(Blobs::Base64),
        other => {
            let message = format!("blobs must be None or 'base64', not '{other}'");
            Err(new_error::<PyValueError>(py, &message))
        }
    }
}
