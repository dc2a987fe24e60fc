//! Fields that objects store under a descriptor of a known class, as Django's models do columns.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::host::{PythonCall, PythonHost};
use crate::cpython::class_attribute;
use crate::meter::Tally;

/// An attribute that objects keep for themselves, and by what their class tells so.
pub(crate) struct Stored {
    pub(crate) name: Py<PyString>,
    /// The class of what their class must have under that name.
    pub(crate) descriptor: Py<PyType>,
    /// Attributes of the descriptor, each of what the one before leads to: the last is the name.
    pub(crate) naming: Vec<Py<PyString>>,
    /// The classes of values that the resolver makes something else of.
    pub(crate) except: Py<PyTuple>,
}

impl Stored {
    /// Whether the class of an object says that its instances keep the attribute for themselves.
    pub(super) fn is_told_by_class(&self, object: &Bound<'_, PyAny>) -> bool {
        let py = object.py();
        let name = self.name.bind(py);
        let Some(mut found) = class_attribute(object, name) else { return false };
        if !found.get_type().is(&self.descriptor) {
            return false;
        }
        for attribute in &self.naming {
            let Ok(next) = found.getattr(attribute) else { return false };
            found = next;
        }
        found.is_exact_instance_of::<PyString>() && found.eq(name).unwrap_or(false)
    }

    /// Whether the resolver would give that value as it is.
    fn takes(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        let is_usual = value.is_none()
            || value.is_exact_instance_of::<PyString>()
            || value.is_exact_instance_of::<PyInt>()
            || value.is_exact_instance_of::<PyFloat>()
            || value.is_exact_instance_of::<PyBool>();
        Ok(is_usual || !value.is_instance(self.except.bind(value.py()))?)
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.descriptor)?;
        visit.call(&self.except)
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// What an object has stored, or what the resolver says where it has stored nothing.
    pub(super) fn stored_or_resolved(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        (stored, resolver): (&Stored, &Py<PyAny>),
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(value) = self.kept(call.field, source, stored)
            && stored.takes(&value)?
        {
            return Ok(value);
        }
        let arguments = self.arguments(call.field)?;
        self.call_with_info(resolver.bind(self.py), Some(source), call, &arguments)
    }
}
