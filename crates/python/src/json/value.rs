//! Any Python value as JSON, by the rules of `json.dumps`.
//!
//! Reference: `json.encoder` of the standard library: subclasses of str, int, float, list, tuple
//! and dict are written as what they extend, keys that are numbers, booleans or null become texts.
//! Unlike there, floats that are not finite are refused, and so is what is nested too deeply.

use onecross_json::{Output, Writer};
use pyo3::exceptions::{PyRecursionError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::cpython::{
    DictCursor, ListItems, Text, decimal_digits, has_python_method, iterates_by_python,
    small_integer,
};
use crate::meter::Tally;
use crate::read::Leaves;

/// How deep lists and dicts may be nested within one value.
const DEPTH_LIMIT: usize = 500;

/// How much of a thread's stack is left to what a value's own code does.
const STACK_RESERVE: usize = 96 * 1024;

/// Writes a value with all that is in it.
///
/// # Errors
///
/// When something in it has no form in JSON. The writer then holds half a value: roll it back.
pub(crate) fn write_value<O: Output>(
    writer: &mut Writer<O>,
    value: &Bound<'_, PyAny>,
    tally: &mut impl Tally,
) -> PyResult<()> {
    write(writer, value, tally, 0)
}

fn write<O: Output>(
    writer: &mut Writer<O>,
    value: &Bound<'_, PyAny>,
    tally: &mut impl Tally,
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
        write_dict(writer, dict, tally, deeper(depth)?)?;
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        write_list(writer, value, tally, deeper(depth)?)?;
    } else {
        let class = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "Object of type {class} is not JSON serializable"
        )));
    }
    Ok(())
}

fn deeper(depth: usize) -> PyResult<usize> {
    let has_stack = stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE);
    if depth >= DEPTH_LIMIT || !has_stack {
        return Err(PyRecursionError::new_err(format!(
            "a value nested deeper than {depth} levels cannot be written as JSON here"
        )));
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
    Err(PyValueError::new_err(format!("Out of range float values are not JSON compliant: {shown}")))
}

fn write_list<O: Output>(
    writer: &mut Writer<O>,
    value: &Bound<'_, PyAny>,
    tally: &mut impl Tally,
    depth: usize,
) -> PyResult<()> {
    writer.begin_list();
    if let Some(mut items) = ListItems::of(value) {
        while let Some(item) = items.next() {
            write(writer, &item, tally, depth)?;
        }
    } else {
        let by_python = has_python_method(value, c"__iter__");
        let iterator =
            if by_python { tally.call(|| value.try_iter())? } else { value.try_iter()? };
        let by_python = iterates_by_python(&iterator);
        loop {
            let next = if by_python {
                tally.call(|| iterator.clone().next())
            } else {
                iterator.clone().next()
            };
            let Some(item) = next.transpose()? else { break };
            write(writer, &item, tally, depth)?;
        }
    }
    writer.end_list();
    Ok(())
}

fn write_dict<O: Output>(
    writer: &mut Writer<O>,
    dict: &Bound<'_, PyDict>,
    tally: &mut impl Tally,
    depth: usize,
) -> PyResult<()> {
    writer.begin_object();
    if dict.is_exact_instance_of::<PyDict>() {
        let mut entries = DictCursor::new(dict);
        while let Some((key, value)) = entries.next()? {
            write_key(writer, &key)?;
            write(writer, &value, tally, depth)?;
        }
    } else {
        let by_python = has_python_method(dict, c"items");
        let items = if by_python {
            tally.call(|| dict.call_method0("items"))?
        } else {
            dict.call_method0("items")?
        };
        // A list of pairs, as `PyMapping_Items` makes it: whatever else it was, it is no longer.
        for entry in items.try_iter()? {
            let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry?.extract()?;
            write_key(writer, &key)?;
            write(writer, &value, tally, depth)?;
        }
    }
    writer.end_object();
    Ok(())
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
        let shown = PyFloat::new(key.py(), finite(float)?).repr()?;
        writer.key_utf8(&Text::of(&shown).to_lossy());
    } else {
        let class = key.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "keys must be str, int, float, bool or None, not {class}"
        )));
    }
    Ok(())
}
