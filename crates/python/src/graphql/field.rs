//! The value of a field from the object it is a field of.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use onecross_graphql::plan::Field;
use onecross_graphql::schema::{Position, Shape};

use super::handles::PythonHandles;
use super::host::{PythonCall, PythonHost, handle};
use crate::cpython::{AttributeReader, Code, PlainShape, generic_attribute, gets_as_dict};
use crate::meter::Tally;

/// How one field is read, as one execution has found out.
#[derive(Default)]
pub(crate) struct FieldReader {
    /// Reads the attribute.
    pub(crate) attribute: AttributeReader,
    /// The type of the field, if the attribute is its value as it stands and can be written so.
    pub(crate) shape: Option<PlainShape>,
    /// Whether the class seen last is a mapping, whose `get` is asked.
    is_mapping: bool,
}

/// The type of a field whose attribute can be written as it stands.
fn plain_shape(field: &Field<PythonHandles>) -> Option<PlainShape> {
    let definition = field.definition().filter(|definition| definition.handle.is_plain())?;
    let Position { nullable, shape } = &definition.position;
    let (leaf, items) = match shape {
        Shape::Leaf(leaf) => (leaf, None),
        Shape::List(item) => match &item.shape {
            Shape::Leaf(leaf) => (leaf, Some(item.nullable)),
            _ => return None,
        },
        _ => return None,
    };
    Some(PlainShape { plain: leaf.plain?, nullable: *nullable, items })
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    fn reader(&mut self, field: &Field<PythonHandles>) -> &mut FieldReader {
        if self.readers.len() <= field.number {
            self.readers.resize_with(field.number + 1, FieldReader::default);
        }
        &mut self.readers[field.number]
    }

    /// An attribute that must be there.
    #[inline]
    pub(super) fn attribute(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.stored(field, source) {
            Some(value) => Ok(value),
            None => self.attribute_by_name(field, source, name),
        }
    }

    /// What is where the field's reader knows it to be.
    #[inline]
    fn stored(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
    ) -> Option<Bound<'py, PyAny>> {
        let value = self.readers.get(field.number)?.attribute.read(source)?;
        self.tally.read(1);
        Some(value)
    }

    #[inline(never)]
    fn attribute_by_name(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let name = name.bind(self.py);
        let asks_about_values = self.asks_about_values();
        self.passage.note_call();
        let reader = self.reader(field);
        if !reader.attribute.has_seen(source) {
            reader.attribute.recognise(source, name);
            reader.shape = if asks_about_values { None } else { plain_shape(field) };
            reader.is_mapping = false;
        }
        let code = reader.attribute.code();
        if code == Code::IfMissing
            && let Some(value) = generic_attribute(source, name)?
        {
            self.tally.read(1);
            return Ok(value);
        }
        if code != Code::Never {
            return self.tally.call(|| source.getattr(name));
        }
        self.tally.read(1);
        source.getattr(name)
    }

    /// What graphql-core's default resolver gives: the key of a mapping or else the attribute,
    /// null when it is missing, called when it can be.
    pub(super) fn default(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments = self.arguments(call.field)?;
        let value = self.key_or_attribute(call, source)?;
        if !value.is_callable() {
            return Ok(value);
        }
        self.call_with_info(&value, None, call, arguments.as_ref())
    }

    fn key_or_attribute(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let field = call.field;
        if let Some(value) = self.stored(field, source) {
            return Ok(value);
        }
        let py = self.py;
        let none = || py.None().into_bound(py);
        let name = &handle(field).name;
        if let Ok(dict) = source.cast::<PyDict>()
            && gets_as_dict(source)
        {
            let asks_about_values = self.asks_about_values();
            let reader = self.reader(field);
            if !reader.attribute.has_seen(source) {
                reader.attribute.recognise_key(dict, name.bind(py));
                reader.shape = if asks_about_values { None } else { plain_shape(field) };
                reader.is_mapping = false;
            }
            self.tally.read(1);
            return Ok(dict.get_item(name)?.unwrap_or_else(none));
        }
        if self.is_mapping(field, source)? {
            return self.tally.call(|| source.call_method1(intern!(py, "get"), (name,)));
        }
        match self.attribute(field, source, name) {
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(none()),
            other => other,
        }
    }

    /// Whether the source is a mapping; its class is asked about once.
    fn is_mapping(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let reader = self.reader(field);
        if reader.attribute.has_seen(source) {
            return Ok(reader.is_mapping);
        }
        let is_mapping = self.mappings.has(source, self.runtime, self.tally)?;
        if is_mapping {
            let reader = self.reader(field);
            reader.attribute.remember(source);
            reader.is_mapping = true;
        }
        Ok(is_mapping)
    }
}
