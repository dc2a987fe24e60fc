//! The value of a field from the object it is a field of.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use onecross_graphql::plan::Field;
use onecross_graphql::schema::{Position, Shape};

use super::handles::PythonHandles;
use super::host::{PythonCall, PythonHost};
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
    /// Read what a path leads to behind the attribute, each with whether it is in a mapping.
    further: Vec<(AttributeReader, bool)>,
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
    /// What reads that step of a field's path, and whether what it has seen last is a mapping.
    pub(super) fn reader(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
    ) -> (&mut AttributeReader, &mut bool) {
        if self.readers.len() <= field.number {
            self.readers.resize_with(field.number + 1, FieldReader::default);
        }
        let FieldReader { attribute, is_mapping, further, .. } = &mut self.readers[field.number];
        let Some(behind) = step.checked_sub(1) else { return (attribute, is_mapping) };
        if further.len() <= behind {
            further.resize_with(behind + 1, Default::default);
        }
        let (attribute, is_mapping) = &mut further[behind];
        (attribute, is_mapping)
    }

    /// An attribute that must be there, at a step of the field's path.
    #[inline]
    pub(super) fn attribute(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.stored(field, step, source) {
            Some(value) => Ok(value),
            None => self.attribute_by_name(field, step, source, name),
        }
    }

    /// What is where the reader of that step knows it to be.
    #[inline]
    fn stored(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
    ) -> Option<Bound<'py, PyAny>> {
        let reader = self.readers.get(field.number)?;
        let value = match step.checked_sub(1) {
            None => reader.attribute.read(source)?,
            Some(behind) => reader.further.get(behind)?.0.read(source)?,
        };
        self.tally.read(1);
        Some(value)
    }

    /// Notes how a field is read from a class it has not been read from before.
    fn note_shape(&mut self, field: &Field<PythonHandles>, step: usize) {
        if step == 0 {
            let is_plain = !self.asks_about_values();
            self.readers[field.number].shape = if is_plain { plain_shape(field) } else { None };
        }
    }

    #[inline(never)]
    fn attribute_by_name(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let name = name.bind(self.py);
        self.passage.note_call();
        let (reader, is_mapping) = self.reader(field, step);
        if !reader.has_seen(source) {
            reader.recognise(source, name);
            *is_mapping = false;
            self.note_shape(field, step);
            if let Some(value) = self.stored(field, step, source) {
                return Ok(value);
            }
        }
        let code = self.reader(field, step).0.code();
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

    /// What graphql-core's default resolver gives, by one name or by several after one another: the
    /// key of a mapping or else the attribute, null when it is missing, called when it can be.
    pub(super) fn path(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        names: &[Py<PyString>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments = self.arguments(call.field)?;
        let mut value = source.clone();
        for (step, name) in names.iter().enumerate() {
            value = self.key_or_attribute(call, step, &value, name)?;
            if value.is_none() {
                break;
            }
        }
        if !value.is_callable() {
            return Ok(value);
        }
        self.call_with_info(&value, None, call, &arguments)
    }

    fn key_or_attribute(
        &mut self,
        call: &PythonCall<'_, 'py>,
        step: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let field = call.field;
        if let Some(value) = self.stored(field, step, source) {
            return Ok(value);
        }
        let py = self.py;
        let none = || py.None().into_bound(py);
        if let Ok(dict) = source.cast::<PyDict>()
            && gets_as_dict(source)
        {
            let (reader, is_mapping) = self.reader(field, step);
            if !reader.has_seen(source) {
                reader.recognise_key(dict, name.bind(py));
                *is_mapping = false;
                self.note_shape(field, step);
            }
            self.tally.read(1);
            return Ok(dict.get_item(name)?.unwrap_or_else(none));
        }
        if self.is_mapping(field, step, source)? {
            return self.tally.call(|| source.call_method1(intern!(py, "get"), (name,)));
        }
        match self.attribute(field, step, source, name) {
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(none()),
            other => other,
        }
    }

    /// Whether the source is a mapping; its class is asked about once.
    pub(super) fn is_mapping(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let (reader, is_mapping) = self.reader(field, step);
        if reader.has_seen(source) {
            return Ok(*is_mapping);
        }
        let found = self.mappings.has(source, self.runtime, self.tally)?;
        if found {
            let (reader, is_mapping) = self.reader(field, step);
            reader.remember(source);
            *is_mapping = true;
        }
        Ok(found)
    }
}
