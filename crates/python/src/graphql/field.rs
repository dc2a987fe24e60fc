//! The value of a field from the object it is a field of.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use onecross_graphql::plan::Field;

use super::handles::PythonHandles;
use super::host::{PythonCall, PythonHost, handle};
use super::reader::{FieldReader, plain_shape};
use super::stored::Stored;
use crate::cpython::{
    Code, generic_attribute, gets_as_dict, missing_attribute, optional_attribute,
};
use crate::meter::Tally;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// How that field is read.
    pub(super) fn reader(&mut self, field: &Field<PythonHandles>) -> &mut FieldReader {
        if self.known.readers.len() <= field.number {
            self.known.readers.resize_with(field.number + 1, FieldReader::default);
        }
        &mut self.known.readers[field.number]
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
        let value = self.known.readers.get(field.number)?.read(step, source)?;
        self.tally.read(1);
        Some(value)
    }

    /// Notes how a field is read from a class it has not been read from before.
    fn note_shape(&mut self, field: &Field<PythonHandles>, step: usize) {
        if step == 0 {
            let shape = if self.asks_about_values() { None } else { plain_shape(field) };
            self.reader(field).note_shape(shape, handle(field).resolution.item());
        }
    }

    /// Finds out how the class of the source keeps the attribute, and reads it if it can be.
    #[inline(never)]
    fn stored_in_other_class(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
        name: &Bound<'py, PyString>,
    ) -> Option<Bound<'py, PyAny>> {
        self.passage.note_call();
        let reader = self.reader(field);
        if !reader.has_met(step, source) {
            reader.step(step).attribute.recognise(source, name);
            self.note_shape(field, step);
        }
        self.stored(field, step, source)
    }

    /// An attribute that an object keeps where its class says so; `None` where it says otherwise.
    #[inline]
    pub(super) fn kept(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
        stored: &Stored,
    ) -> Option<Bound<'py, PyAny>> {
        match self.stored(field, 0, source) {
            Some(value) => Some(value),
            None => self.kept_in_other_class(field, source, stored),
        }
    }

    #[inline(never)]
    fn kept_in_other_class(
        &mut self,
        field: &Field<PythonHandles>,
        source: &Bound<'py, PyAny>,
        stored: &Stored,
    ) -> Option<Bound<'py, PyAny>> {
        let py = self.py;
        let reader = self.reader(field);
        if !reader.has_met(0, source) {
            // A class that changes while it is asked is not the one that was recognised.
            reader.step(0).attribute.recognise(source, stored.name.bind(py));
            if stored.is_told_by_class(source) {
                self.note_shape(field, 0);
            } else {
                self.reader(field).step(0).attribute.remember(source);
            }
        }
        self.stored(field, 0, source)
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
        if let Some(value) = self.stored_in_other_class(field, step, source, name) {
            return Ok(value);
        }
        let code = self.reader(field).step(step).attribute.code();
        self.ask_for(code, source, name)
    }

    fn ask_for(
        &mut self,
        code: Code,
        source: &Bound<'py, PyAny>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match code {
            Code::Always => self.tally.call(|| source.getattr(name)),
            Code::Never => {
                self.tally.read(1);
                source.getattr(name)
            }
            Code::IfMissing => {
                if let Some(value) = generic_attribute(source, name)? {
                    self.tally.read(1);
                    return Ok(value);
                }
                self.tally.call(|| missing_attribute(source, name))
            }
        }
    }

    /// An attribute that may be missing.
    pub(super) fn attribute_if_any(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if let Some(value) = self.stored(field, step, source) {
            return Ok(Some(value));
        }
        let name = name.bind(self.py);
        if let Some(value) = self.stored_in_other_class(field, step, source, name) {
            return Ok(Some(value));
        }
        let code = self.reader(field).step(step).attribute.code();
        if code == Code::Never {
            self.tally.read(1);
            return optional_attribute(source, name);
        }
        match self.ask_for(code, source, name) {
            Err(error) if error.is_instance_of::<PyAttributeError>(self.py) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Notes that a field is an item of the tuples that it is read from.
    pub(super) fn note_item(
        &mut self,
        field: &Field<PythonHandles>,
        tuple: &Bound<'py, PyAny>,
        index: usize,
    ) {
        let reader = self.reader(field);
        if !reader.has_met(0, tuple) {
            reader.step(0).attribute.recognise_item(tuple, index);
            self.note_shape(field, 0);
        }
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
            let reader = self.reader(field);
            if !reader.has_met(step, source) {
                reader.step(step).attribute.recognise_key(dict, name.bind(py));
                self.note_shape(field, step);
            }
            self.tally.read(1);
            return Ok(dict.get_item(name)?.unwrap_or_else(none));
        }
        if self.is_mapping(field, step, source)? {
            return self.tally.call(|| source.call_method1(intern!(py, "get"), (name,)));
        }
        Ok(self.attribute_if_any(field, step, source, name)?.unwrap_or_else(none))
    }

    /// Whether the source is a mapping; its class is asked about once.
    pub(super) fn is_mapping(
        &mut self,
        field: &Field<PythonHandles>,
        step: usize,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let known = self.reader(field);
        if known.has_met(step, source) {
            return Ok(known.step(step).is_mapping);
        }
        let found = self.mappings.has(source, self.runtime, self.tally)?;
        if found {
            let reader = self.reader(field).step(step);
            reader.attribute.remember(source);
            reader.is_mapping = true;
        }
        Ok(found)
    }
}
