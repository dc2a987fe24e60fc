//! Fields that are an item of a pair or an attribute of it, as introspection has them.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

use super::host::{PythonCall, PythonHost};
use crate::cpython::tuple_item;
use crate::meter::Tally;

/// An item of a tuple, and what is asked of it.
pub(crate) struct Element {
    pub(crate) place: usize,
    /// The attribute of the item; `None` asks for the item itself.
    pub(crate) attribute: Option<Py<PyString>>,
    /// Whether the question is only if the attribute is anything but null.
    pub(crate) is_set: bool,
}

impl Element {
    /// Whether a leaf that is found is the value of the field as it stands.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_set
    }

    /// How it is got, in a few words.
    pub(super) fn how(&self, py: Python<'_>) -> String {
        let Self { place, attribute, is_set } = self;
        let question = if *is_set { "presence of " } else { "" };
        match attribute {
            None => format!("item {place}"),
            Some(name) => format!("{question}attribute {} of item {place}", name.bind(py)),
        }
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// What is asked of an item, or what the resolver says of an object that is no tuple.
    pub(super) fn element(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        (element, resolver): (&Element, &Py<PyAny>),
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(item) = tuple_item(source, element.place) else {
            let arguments = self.arguments(call.field)?;
            return self.call_with_info(resolver.bind(self.py), Some(source), call, &arguments);
        };
        let Some(name) = &element.attribute else {
            self.note_item(call.field, source, element.place);
            self.tally.read(1);
            return Ok(item.to_owned());
        };
        let value = self.attribute(call.field, 0, &item, name)?;
        if !element.is_set {
            return Ok(value);
        }
        Ok(PyBool::new(self.py, !value.is_none()).to_owned().into_any())
    }
}
