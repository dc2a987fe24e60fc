//! Any Python value as JSON, by the rules of `json.dumps`.
//!
//! Reference: `json.encoder` of the standard library: subclasses of str, int, float, list, tuple
//! and dict are written as what they extend, keys that are numbers, booleans or null become texts,
//! and what else there is goes to the caller's encoder. Unlike there, floats that are not finite
//! are refused, and so is what is nested too deeply.

use onecross_json::{Output, Writer};
use pyo3::exceptions::{PyRecursionError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::Encoder;
use crate::cpython::{
    DictCursor, ListItems, Text, decimal_digits, has_python_method, iterates_by_python, new_float,
    small_integer,
};
use crate::errors::new_error;
use crate::meter::Tally;
use crate::read::Leaves;

/// How deep lists and dicts may be nested within one value.
const DEPTH_LIMIT: usize = 500;

/// How deep lists and dicts may always be nested: an error is told also where the stack is small.
const FREE_DEPTH: usize = 8;

/// How much of a thread's stack is left to what a value's own code does.
///
/// A thread may be given as little as this in all, and then only what is not deep is written.
const STACK_RESERVE: usize = 96 * 1024;

/// Writes a value with all that is in it.
///
/// # Errors
///
/// When something in it has no form in JSON. The writer then holds half a value: roll it back.
pub(crate) fn write_value<'py, O: Output, T: Tally>(
    writer: &mut Writer<O>,
    value: &Bound<'py, PyAny>,
    encoder: &mut Encoder<'_, 'py, T>,
) -> PyResult<()> {
    write(writer, value, encoder, 0)
}

fn write<'py, O: Output, T: Tally>(
    writer: &mut Writer<O>,
    value: &Bound<'py, PyAny>,
    encoder: &mut Encoder<'_, 'py, T>,
    depth: usize,
) -> PyResult<()> {
    if let Ok(text) = value.cast::<PyString>() {
        writer.text(text.as_borrowed());
    } else if value.is_none() {
        writer.null();
    } else if let Ok(boolean) = value.cast::<PyBool>() {
        writer.boolean(boolean.is_true());
    } else if let Ok(integer) = value.cast::<PyInt>() {
        write_integer(writer, integer)?;
    } else if let Ok(float) = value.cast::<PyFloat>() {
        writer.float(finite(float)?);
    } else if let Ok(dict) = value.cast::<PyDict>() {
        write_dict(writer, dict, encoder, deeper(depth)?)?;
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        write_list(writer, value, encoder, deeper(depth)?)?;
    } else {
        let depth = deeper(depth)?;
        let replacement = encoder.replace(value)?;
        write(writer, &replacement, encoder, depth)?;
        encoder.written();
    }
    Ok(())
}

fn deeper(depth: usize) -> PyResult<usize> {
    let has_stack =
        depth < FREE_DEPTH || stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE);
    if depth >= DEPTH_LIMIT || !has_stack {
        let message =
            format!("a value nested deeper than {depth} levels cannot be written as JSON here");
        return Err(Python::attach(|py| new_error::<PyRecursionError>(py, &message)));
    }
    Ok(depth + 1)
}

fn write_integer<O: Output>(writer: &mut Writer<O>, integer: &Bound<'_, PyInt>) -> PyResult<()> {
    match small_integer(integer) {
        Some(value) => writer.integer(value),
        None => writer.number_text(digits(integer)?.as_bytes()),
    }
    Ok(())
}

fn digits(integer: &Bound<'_, PyInt>) -> PyResult<String> {
    if let Some(value) = small_integer(integer) {
        return Ok(value.to_string());
    }
    Ok(Text::of(&decimal_digits(integer)?).to_lossy())
}

fn finite(float: &Bound<'_, PyFloat>) -> PyResult<f64> {
    let value = float.value();
    if value.is_finite() {
        return Ok(value);
    }
    let shown = if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    let message = format!("Out of range float values are not JSON compliant: {shown}");
    Err(new_error::<PyValueError>(float.py(), &message))
}

fn write_list<'py, O: Output, T: Tally>(
    writer: &mut Writer<O>,
    value: &Bound<'py, PyAny>,
    encoder: &mut Encoder<'_, 'py, T>,
    depth: usize,
) -> PyResult<()> {
    writer.begin_list();
    if let Some(mut items) = ListItems::of(value) {
        while let Some(item) = items.next() {
            encoder.pulse(writer.written())?;
            write(writer, &item, encoder, depth)?;
        }
    } else {
        let by_python = has_python_method(value, c"__iter__");
        let iterator =
            if by_python { encoder.tally.call(|| value.try_iter())? } else { value.try_iter()? };
        let by_python = iterates_by_python(&iterator);
        loop {
            let next = if by_python {
                encoder.tally.call(|| iterator.clone().next())
            } else {
                iterator.clone().next()
            };
            let Some(item) = next.transpose()? else { break };
            encoder.pulse(writer.written())?;
            write(writer, &item, encoder, depth)?;
        }
    }
    writer.end_list();
    Ok(())
}

fn write_dict<'py, O: Output, T: Tally>(
    writer: &mut Writer<O>,
    dict: &Bound<'py, PyDict>,
    encoder: &mut Encoder<'_, 'py, T>,
    depth: usize,
) -> PyResult<()> {
    writer.begin_object();
    if dict.is_exact_instance_of::<PyDict>() {
        let mut entries = DictCursor::new(dict);
        while let Some((key, value)) = entries.next()? {
            encoder.pulse(writer.written())?;
            write_key(writer, &key)?;
            write(writer, &value, encoder, depth)?;
        }
    } else if !dict.is_empty() {
        let by_python = has_python_method(dict, c"items");
        let items = if by_python {
            encoder.tally.call(|| dict.as_mapping().items())?
        } else {
            dict.as_mapping().items()?
        };
        let mut entries = ListItems::of(items.as_any()).expect("a list was made for the entries");
        while let Some(entry) = entries.next() {
            encoder.pulse(writer.written())?;
            let (key, value) = pair(&entry)?;
            write_key(writer, &key)?;
            write(writer, &value, encoder, depth)?;
        }
    }
    writer.end_object();
    Ok(())
}

fn pair<'py>(entry: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    match entry.cast::<PyTuple>() {
        Ok(pair) if pair.len() == 2 => Ok((pair.get_item(0)?, pair.get_item(1)?)),
        _ => Err(new_error::<PyValueError>(entry.py(), "items must return 2-tuples")),
    }
}

fn write_key<O: Output>(writer: &mut Writer<O>, key: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Ok(text) = key.cast::<PyString>() {
        match Text::of(text) {
            Text::Ascii(units) => writer.key_ascii(units),
            Text::Latin1(units) => writer.key_latin1(units),
            Text::Ucs2(units) => writer.key_ucs2(units),
            Text::Ucs4(units) => writer.key_ucs4(units),
        }
    } else if key.is_none() {
        writer.key_utf8("null");
    } else if let Ok(boolean) = key.cast::<PyBool>() {
        writer.key_utf8(if boolean.is_true() { "true" } else { "false" });
    } else if let Ok(integer) = key.cast::<PyInt>() {
        writer.key_utf8(&digits(integer)?);
    } else if let Ok(float) = key.cast::<PyFloat>() {
        let shown = new_float(key.py(), finite(float)?).repr()?;
        writer.key_utf8(&Text::of(&shown).to_lossy());
    } else {
        let class = key.get_type().name()?;
        let message = format!("keys must be str, int, float, bool or None, not {class}");
        return Err(new_error::<PyTypeError>(key.py(), &message));
    }
    Ok(())
}
