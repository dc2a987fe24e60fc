//! The object types of values: as they were named, or as they deny to be.

use onecross_graphql::schema::{Abstract, TypeId};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::handles::{FieldHandle, PythonHandles};
use super::host::{PythonCall, PythonHost, handle};
use crate::cpython::Text;
use crate::meter::Tally;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The object type of that name, if it is one that a value of the interface or union may have.
    pub(super) fn named_type(
        &mut self,
        call: &PythonCall<'_, 'py>,
        interface_or_union: &Abstract<PythonHandles>,
        value: &Bound<'py, PyAny>,
        name: Bound<'py, PyAny>,
    ) -> PyResult<TypeId> {
        if let Ok(text) = name.cast::<PyString>() {
            let found = self.plan.schema().find(&Text::of(text).to_lossy());
            if let Some(id) = found.filter(|id| interface_or_union.possible.contains_key(id)) {
                return Ok(id);
            }
        }
        let nodes = self.nodes(call.field)?;
        let FieldHandle { parent, name: field, .. } = handle(call.field);
        let definition = &interface_or_union.handle.definition;
        let error = self.tally.call(|| {
            let arguments = (name, definition, value, parent, field, nodes);
            self.runtime.invalid_runtime_type.bind(self.py).call1(arguments)
        })?;
        Err(PyErr::from_value(error))
    }

    /// The error of a value that is not of the object type that stands at its place.
    pub(super) fn wrong_object(
        &mut self,
        call: &PythonCall<'_, 'py>,
        id: TypeId,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<PyErr> {
        let nodes = self.nodes(call.field)?;
        let definition = &self.plan.schema().object(id).handle.definition;
        let error = self
            .tally
            .call(|| self.runtime.invalid_object.bind(self.py).call1((definition, value, nodes)))?;
        Ok(PyErr::from_value(error))
    }
}
