//! The value of a field from the object it is a field of.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use onecross_graphql::plan::Field;
use onecross_graphql::schema::{Position, Shape};

use super::handles::PythonHandles;
use super::host::{PythonCall, PythonHost};
use crate::cpython::{AttributeReader, Code, PlainShape, generic_attribute};
use crate::meter::Tally;

/// How one field is read, as one execution has found out.
#[derive(Default)]
pub(crate) struct FieldReader {
    /// Reads the attribute.
    pub(crate) attribute: AttributeReader,
    /// The type of the field, if the attribute is its value as it stands and can be written so.
    pub(crate) shape: Option<PlainShape>,
    /// Read what a path leads to behind the attribute.
    further: Vec<AttributeReader>,
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
    /// What reads that step of a field's path.
    pub(super) fn reader(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
    ) -> &mut AttributeReader {
        if self.readers.len() <= field.number {
            self.readers.resize_with(field.number + 1, FieldReader::default);
        }
        let FieldReader { attribute, further, .. } = &mut self.readers[field.number];
        let Some(behind) = step.checked_sub(1) else { return attribute };
        if further.len() <= behind {
            further.resize_with(behind + 1, AttributeReader::default);
        }
        &mut further[behind]
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
        if step == 0
            && let Some(reader) = self.readers.get(field.number)
            && let Some(value) = reader.attribute.read(source)
        {
            self.tally.read(1);
            return Ok(value);
        }
        self.attribute_by_name(field, step, source, name)
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
        let asks_about_values = self.asks_about_values();
        let reader = self.reader(field, step);
        if let Some(value) = reader.read(source) {
            self.tally.read(1);
            return Ok(value);
        }
        let is_new = !reader.has_seen(source);
        if is_new {
            reader.recognise(source, name);
        }
        let code = reader.code();
        if is_new && step == 0 {
            self.readers[field.number].shape =
                if asks_about_values { None } else { plain_shape(field) };
        }
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
        let py = self.py;
        let none = || py.None().into_bound(py);
        if source.is_exact_instance_of::<PyDict>() {
            self.tally.read(1);
            return Ok(source.cast::<PyDict>()?.get_item(name)?.unwrap_or_else(none));
        }
        let field = call.field;
        // A class the reader has seen is known to be no mapping.
        if !self.reader(field, step).has_seen(source)
            && self.mappings.has(source, self.runtime, self.tally)?
        {
            return self.tally.call(|| source.call_method1(intern!(py, "get"), (name,)));
        }
        match self.attribute(field, step, source, name) {
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(none()),
            other => other,
        }
    }
}
