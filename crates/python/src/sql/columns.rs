//! What is known of the columns of a result: their description, and converters of their values.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::prepared::Prepared;
use super::session::Session;
use crate::cpython::{decoded, let_go, memory_error, new_dict, text, tuple_of};

/// Whether converters are looked up by the declared type of a column.
const PARSE_DECLTYPES: i32 = 1;
/// Whether converters are looked up by what stands in brackets in the name of a column.
const PARSE_COLNAMES: i32 = 2;

/// The registered converters, by the upper-case name of a type.
pub(super) fn converters(py: Python<'_>) -> PyResult<&Bound<'_, PyDict>> {
    static CONVERTERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    Ok(CONVERTERS.get_or_try_init(py, || Ok::<_, PyErr>(new_dict(py)?.unbind()))?.bind(py))
}

/// Learns of the columns, unless that was done before.
#[inline(always)]
pub(super) fn learn(
    py: Python<'_>,
    session: &Session,
    prepared: &mut Prepared,
    detect_types: i32,
) -> PyResult<()> {
    if detect_types != 0 && prepared.columns > 0 {
        let found = find_converters(py, prepared, detect_types)?;
        let_go(py, std::mem::replace(&mut prepared.converters, found));
    }
    if prepared.description.is_none() && prepared.columns > 0 {
        let is_strict = session.rules.is_strict;
        prepared.description = Some(describe(py, prepared, detect_types, is_strict)?.unbind());
    }
    Ok(())
}

/// Seven things of each column: its name, in the strict face the type it was declared with, and
/// nothing else.
///
/// Reference: PEP 249, "description".
fn describe<'py>(
    py: Python<'py>,
    prepared: &Prepared,
    detect_types: i32,
    is_strict: bool,
) -> PyResult<Bound<'py, PyTuple>> {
    let none = || py.None().into_bound(py);
    let columns = (0..prepared.columns).map(|column| {
        let name = prepared.statement().column_name(column).ok_or_else(|| memory_error(py))?;
        let mut name = name.to_bytes();
        if detect_types & PARSE_COLNAMES != 0 {
            name = without_brackets(name);
        }
        let name = decoded(py, name)?;
        let declared = prepared.statement().column_declared_type(column).filter(|_| is_strict);
        let code = declared.map_or_else(|| Ok(none()), |declared| decoded(py, declared.to_bytes()));
        tuple_of(py, [name, code?, none(), none(), none(), none(), none()])
    });
    tuple_of(py, columns.collect::<PyResult<Vec<_>>>()?)
}

/// The name without the type that stands in brackets behind it, and without the blank between.
fn without_brackets(name: &[u8]) -> &[u8] {
    let end = name.iter().position(|byte| *byte == b'[').unwrap_or(name.len());
    match &name[..end] {
        [shorter @ .., b' '] if end < name.len() => shorter,
        shorter => shorter,
    }
}

fn find_converters(
    py: Python<'_>,
    prepared: &Prepared,
    detect_types: i32,
) -> PyResult<Option<Vec<Option<Py<PyAny>>>>> {
    let all = converters(py)?;
    let mut found = Vec::with_capacity(prepared.columns);
    for column in 0..prepared.columns {
        let mut converter = None;
        if detect_types & PARSE_COLNAMES != 0 {
            let name = prepared.statement().column_name(column).ok_or_else(|| memory_error(py))?;
            if let Some(kind) = in_brackets(name.to_bytes()) {
                converter = named(all, kind)?;
            }
        }
        if converter.is_none()
            && detect_types & PARSE_DECLTYPES != 0
            && let Some(declared) = prepared.statement().column_declared_type(column)
        {
            let declared = declared.to_bytes();
            let end = declared.iter().position(|byte| b" (".contains(byte));
            converter = named(all, &declared[..end.unwrap_or(declared.len())])?;
        }
        found.push(converter);
    }
    Ok(found.iter().any(Option::is_some).then_some(found))
}

fn in_brackets(name: &[u8]) -> Option<&[u8]> {
    let start = name.iter().position(|byte| *byte == b'[')? + 1;
    let length = name[start..].iter().position(|byte| *byte == b']')?;
    Some(&name[start..start + length])
}

fn named(all: &Bound<'_, PyDict>, kind: &[u8]) -> PyResult<Option<Py<PyAny>>> {
    let kind = String::from_utf8_lossy(kind).to_uppercase();
    Ok(all.get_item(text(all.py(), &kind)?)?.map(Bound::unbind))
}

/// Registers a function that makes objects of the bytes of a type's values.
pub(super) fn register(name: &str, converter: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = converter.py();
    converters(py)?.set_item(text(py, &name.to_uppercase())?, converter)
}
