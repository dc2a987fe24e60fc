//! The types that a user asks for by the names of columns.

use onecross_columns::{Kind, Rule};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PyString, PyType,
};

use super::source::Header;
use crate::cpython::Text;
use crate::errors::new_error;

/// What is asked of columns, by their names.
#[derive(Clone, Default)]
pub(crate) struct Asked(Vec<(String, Rule)>);

impl Asked {
    /// # Errors
    ///
    /// It is no mapping of names to types.
    pub(crate) fn of(types: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(types) = types.filter(|types| !types.is_none()) else {
            return Ok(Self::default());
        };
        let py = types.py();
        let Ok(types) = types.cast::<PyMapping>() else {
            let message = "types must be a mapping from names of columns to their types";
            return Err(new_error::<PyTypeError>(py, message));
        };
        let items = PyDict::from_sequence(types.items()?.as_any())?;
        let asked = items.iter().map(|(name, of)| {
            let Ok(name) = name.cast::<PyString>() else {
                let message = "types must be a mapping from names of columns to their types";
                return Err(new_error::<PyTypeError>(py, message));
            };
            let name = Text::of(name).to_lossy();
            match rule_of(&of)? {
                Some(rule) => Ok((name, rule)),
                None => {
                    let of = of.repr()?;
                    let message = format!(
                        "types['{name}'] is {}: it must be one of INTEGER, REAL, TEXT, BLOB, \
                         BOOLEAN, DATE, DATETIME, TIMESTAMP, DECIMAL, JSON and ANY, or one of \
                         int, float, str, bytes, bool, date, datetime, Decimal and object",
                        Text::of(&of).to_lossy()
                    );
                    Err(new_error::<PyValueError>(py, &message))
                }
            }
        });
        Ok(Self(asked.collect::<PyResult<_>>()?))
    }

    /// Takes what is asked for instead of what is declared.
    ///
    /// # Errors
    ///
    /// The message for a name that no column has.
    pub(super) fn settle(&self, header: &mut Header) -> Result<(), String> {
        for (name, rule) in &self.0 {
            let mut is_known = false;
            for (known, known_rule) in header.texts.iter().zip(&mut header.rules) {
                if known == name {
                    *known_rule = *rule;
                    is_known = true;
                }
            }
            if !is_known {
                let names = header.texts.join(", ");
                return Err(format!("types names a column '{name}', and there are only {names}"));
            }
        }
        Ok(())
    }
}

/// What the name of a type in SQL asks for, or a class of Python's.
fn rule_of(of: &Bound<'_, PyAny>) -> PyResult<Option<Rule>> {
    let py = of.py();
    if let Ok(name) = of.cast::<PyString>() {
        return Ok(Rule::named(&Text::of(name).to_lossy()));
    }
    let Ok(class) = of.cast::<PyType>() else { return Ok(None) };
    if class.is(py.get_type::<PyAny>()) {
        return Ok(Some(Rule::Any));
    }
    let known = [
        (py.get_type::<PyBool>(), Kind::Boolean),
        (py.get_type::<PyInt>(), Kind::Integer),
        (py.get_type::<PyFloat>(), Kind::Real),
        (py.get_type::<PyString>(), Kind::Text),
        (py.get_type::<PyBytes>(), Kind::Blob),
        (py.get_type::<PyDateTime>(), Kind::Timestamp),
        (py.get_type::<PyDate>(), Kind::Date),
        (super::objects::decimal_class(py)?.clone(), Kind::Decimal),
    ];
    Ok(known.iter().find(|(known, _)| class.is(known)).map(|(_, kind)| Rule::Exactly(*kind)))
}
