//! Scalars and enums: the built-in ones by their known rules, the others by their own code.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString, PyType};

use onecross_graphql::execute::Sink;

use super::handles::{EnumMembers, LeafHandle};
use super::host::PythonHost;
use crate::cpython::write_plain_value;
use crate::fault::{self, Place};
use crate::json::Encoder;
use crate::meter::Tally;
use crate::read::Leaves;

/// Whether the value is of a kind that nobody can change and whose comparison runs no Python code.
pub(super) fn is_atom(value: &Bound<'_, PyAny>) -> bool {
    value.is_none()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_exact_instance_of::<PyFloat>()
}

/// Whether the value is a member of an enum that makes its members as Python does: once.
pub(super) fn is_enum_member(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static ENUM_TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let enum_type = ENUM_TYPE.import(value.py(), "enum", "EnumType")?;
    Ok(value.get_type().get_type().is(enum_type))
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// Writes a value that is neither null nor an error.
    #[inline]
    pub(super) fn write_leaf<S>(
        &mut self,
        leaf: &LeafHandle,
        value: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> PyResult<()>
    where
        S: Sink<Py<PyString>> + Leaves,
    {
        fault::point(Place::Leaf);
        if let Some(plain) = leaf.plain
            && write_plain_value(value, plain, sink)
        {
            return Ok(());
        }
        if let Some(members) = &leaf.members
            && let Some(name) = members.name_of(value)?
        {
            sink.constant(&members.names[name]);
            return Ok(());
        }
        self.coerce_leaf(leaf, value, sink)
    }

    fn coerce_leaf<S>(
        &mut self,
        leaf: &LeafHandle,
        value: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> PyResult<()>
    where
        S: Sink<Py<PyString>> + Leaves,
    {
        let py = self.py;
        let definition = leaf.definition.bind(py);
        self.passage.note_call();
        let coerced = self
            .tally
            .call(|| definition.call_method1(self.runtime.leaf_method.bind(py), (value,)))?;
        if coerced.is_none() || self.is_undefined(&coerced) {
            let told = self.runtime.leaf_null_error.bind(py);
            let error = self.tally.call(|| told.call1((definition, value, coerced)))?;
            return Err(PyErr::from_value(error));
        }
        sink.object(&coerced, &mut Encoder::new(self.default, self.passage, self.tally))
    }
}

impl EnumMembers {
    /// The place of the name of a value that is known ahead.
    fn name_of(&self, value: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
        if let Some(place) = self.by_identity.get(&value.as_ptr().addr()) {
            return Ok(Some(*place));
        }
        let comparable =
            value.is_exact_instance_of::<PyString>() || value.is_exact_instance_of::<PyInt>();
        if !comparable {
            return Ok(None);
        }
        let by_value: &Bound<'_, PyDict> = self.by_value.bind(value.py());
        by_value.get_item(value)?.map(|place| place.extract()).transpose()
    }
}
