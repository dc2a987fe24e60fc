//! A Python object, appended as what SQLite stores of it.

use onecross_columns::Value;
use onecross_sql::write::Cells;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString};

use super::super::{errors, strict_adaptation};
use crate::cpython::{Text, Unbound, shows_bytes, small_integer, with_plain_bytes};

/// Appends what stands for an object, as for a parameter.
///
/// # Errors
///
/// Nothing does.
#[inline]
pub(super) fn append(cells: &mut Cells, item: &Bound<'_, PyAny>) -> Result<(), Unbound> {
    match append_atom(cells, item) {
        Some(appended) => appended,
        None => append_adapted(cells, item),
    }
}

#[inline(always)]
fn append_atom(cells: &mut Cells, item: &Bound<'_, PyAny>) -> Option<Result<(), Unbound>> {
    if let Ok(integer) = item.cast_exact::<PyInt>() {
        return Some(append_integer(cells, integer));
    }
    if let Ok(text) = item.cast_exact::<PyString>() {
        return Some(append_text(cells, text));
    }
    cells.push(if let Ok(real) = item.cast_exact::<PyFloat>() {
        Value::Real(real.value())
    } else if item.is_none() {
        Value::Null
    } else if let Ok(truth) = item.cast_exact::<PyBool>() {
        Value::Integer(truth.is_true().into())
    } else if let Ok(bytes) = item.cast_exact::<PyBytes>() {
        Value::Blob(bytes.as_bytes())
    } else {
        return None;
    });
    Some(Ok(()))
}

#[cold]
fn append_adapted(cells: &mut Cells, item: &Bound<'_, PyAny>) -> Result<(), Unbound> {
    let adapted = strict_adaptation::adapt(item.clone()).map_err(Unbound::Raised)?;
    if let Some(appended) = append_atom(cells, &adapted) {
        return appended;
    }
    if let Ok(integer) = adapted.cast::<PyInt>() {
        append_integer(cells, integer)
    } else if let Ok(real) = adapted.cast::<PyFloat>() {
        cells.push(Value::Real(real.value()));
        Ok(())
    } else if let Ok(text) = adapted.cast::<PyString>() {
        append_text(cells, text)
    } else {
        let mut pushed = None;
        if shows_bytes(&adapted) {
            let push = |bytes: &[u8]| cells.push(Value::Blob(bytes));
            pushed = with_plain_bytes(&adapted, push).map_err(Unbound::Raised)?;
        }
        pushed.map_or_else(|| Err(unsupported(&adapted)), Ok)
    }
}

fn unsupported(object: &Bound<'_, PyAny>) -> Unbound {
    errors::class_name(object).map_or_else(Unbound::Raised, Unbound::Unsupported)
}

#[inline(always)]
fn append_integer(cells: &mut Cells, integer: &Bound<'_, PyInt>) -> Result<(), Unbound> {
    let value = small_integer(integer).ok_or(Unbound::TooWide)?;
    cells.push(Value::Integer(value));
    Ok(())
}

#[inline(always)]
fn append_text(cells: &mut Cells, text: &Bound<'_, PyString>) -> Result<(), Unbound> {
    match Text::compact_ascii(text) {
        Some(units) => {
            cells.push(Value::Text(units));
            Ok(())
        }
        None => append_any_text(cells, text),
    }
}

#[inline(never)]
fn append_any_text(cells: &mut Cells, text: &Bound<'_, PyString>) -> Result<(), Unbound> {
    let is_surrogate = |code: u32| (0xd800..0xe000).contains(&code);
    let has_surrogate = match Text::of(text) {
        Text::Ascii(units) => {
            cells.push(Value::Text(units));
            return Ok(());
        }
        Text::Latin1(units) => {
            cells.push_text(|bytes| extend(bytes, units.iter().map(|unit| u32::from(*unit))));
            return Ok(());
        }
        Text::Ucs2(units) => units.iter().any(|unit| is_surrogate(u32::from(*unit))),
        Text::Ucs4(units) => units.iter().any(|unit| is_surrogate(*unit)),
    };
    if has_surrogate {
        return match text.encode_utf8() {
            Err(error) => Err(Unbound::NotEncodable(error)),
            Ok(bytes) => {
                cells.push(Value::Text(bytes.as_bytes()));
                Ok(())
            }
        };
    }
    cells.push_text(|bytes| match Text::of(text) {
        Text::Ascii(units) | Text::Latin1(units) => {
            extend(bytes, units.iter().map(|unit| u32::from(*unit)));
        }
        Text::Ucs2(units) => extend(bytes, units.iter().map(|unit| u32::from(*unit))),
        Text::Ucs4(units) => extend(bytes, units.iter().copied()),
    });
    Ok(())
}

fn extend(bytes: &mut Vec<u8>, codes: impl Iterator<Item = u32>) {
    for code in codes {
        let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}
