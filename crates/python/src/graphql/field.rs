//! The value of a field from the object it is a field of.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::host::{PythonCall, PythonHost, handle};
use crate::cpython::AttributeReader;
use crate::meter::Tally;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    fn reader(&mut self, number: usize) -> &mut AttributeReader {
        if self.readers.len() <= number {
            self.readers.resize_with(number + 1, AttributeReader::new);
        }
        &mut self.readers[number]
    }

    /// An attribute that must be there.
    #[inline]
    pub(super) fn attribute(
        &mut self,
        number: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(reader) = self.readers.get(number)
            && let Some(value) = reader.read(source)
        {
            self.tally.read(1);
            return Ok(value);
        }
        self.attribute_by_name(number, source, name)
    }

    #[inline(never)]
    fn attribute_by_name(
        &mut self,
        number: usize,
        source: &Bound<'py, PyAny>,
        name: &Py<PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let name = name.bind(self.py);
        let reader = self.reader(number);
        if !reader.has_seen(source) {
            reader.recognise(source, name);
        }
        if reader.runs_python() {
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
        let py = self.py;
        let none = || py.None().into_bound(py);
        let name = &handle(call.field).name;
        if source.is_exact_instance_of::<PyDict>() {
            self.tally.read(1);
            return Ok(source.cast::<PyDict>()?.get_item(name)?.unwrap_or_else(none));
        }
        let number = call.field.number;
        // A class the reader has seen is known to be no mapping.
        let is_mapping = !self.reader(number).has_seen(source)
            && source.is_instance(self.runtime.mapping.bind(py))?;
        if is_mapping {
            return self.tally.call(|| source.call_method1(intern!(py, "get"), (name,)));
        }
        match self.attribute(number, source, name) {
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(none()),
            other => other,
        }
    }
}
