//! The schema as `onecross.graphql` describes it, made into the schema that plans are compiled for.

use std::collections::HashMap;

use onecross_graphql::Key;
use onecross_graphql::schema::{FieldDescription, Schema, TypeDescription};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::handles::{
    AbstractHandle, EnumMembers, FieldHandle, LeafHandle, ObjectHandle, PythonHandles, Resolution,
};
use crate::cpython::Plain;

/// What Python says of a schema (`_describe.SchemaDescription`).
#[derive(FromPyObject)]
pub(crate) struct PythonSchema<'py> {
    leaves: Vec<PythonLeaf<'py>>,
    objects: Vec<PythonObject<'py>>,
    abstract_types: Vec<PythonAbstract<'py>>,
    /// The root types by operation kind.
    pub(crate) roots: HashMap<String, String>,
}

#[derive(FromPyObject)]
struct PythonLeaf<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    builtin: Option<String>,
    members: Option<Vec<(Bound<'py, PyAny>, String)>>,
}

#[derive(FromPyObject)]
struct PythonObject<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    is_type_of: Option<Bound<'py, PyAny>>,
    fields: Vec<PythonField<'py>>,
}

#[derive(FromPyObject)]
struct PythonField<'py> {
    name: Bound<'py, PyString>,
    output: String,
    definition: Bound<'py, PyAny>,
    output_type: Bound<'py, PyAny>,
    has_arguments: bool,
    arguments_are_stable: bool,
    attribute: Option<String>,
    resolver: Option<Bound<'py, PyAny>>,
}

#[derive(FromPyObject)]
struct PythonAbstract<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    resolve_type: Option<Bound<'py, PyAny>>,
    possible: Vec<String>,
}

impl PythonSchema<'_> {
    /// The schema that plans are compiled for.
    pub(crate) fn build(self) -> PyResult<Schema<PythonHandles>> {
        let mut types = Vec::new();
        for leaf in self.leaves {
            types.push(leaf.describe()?);
        }
        for object in self.objects {
            types.push(object.describe()?);
        }
        for abstract_type in self.abstract_types {
            types.push(abstract_type.describe());
        }
        Schema::build(types).map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

impl PythonLeaf<'_> {
    fn describe(self) -> PyResult<TypeDescription<PythonHandles>> {
        let plain = self.builtin.as_deref().map(plain).transpose()?;
        let py = self.definition.py();
        let members = self.members.map(|members| enum_members(py, members)).transpose()?;
        let handle = LeafHandle { definition: self.definition.unbind(), plain, members };
        Ok(TypeDescription::Leaf { name: self.name, handle })
    }
}

fn plain(name: &str) -> PyResult<Plain> {
    match name {
        "Int" => Ok(Plain::Int),
        "Float" => Ok(Plain::Float),
        "String" => Ok(Plain::String),
        "Boolean" => Ok(Plain::Boolean),
        "ID" => Ok(Plain::Id),
        other => Err(PyValueError::new_err(format!("`{other}` is no built-in scalar"))),
    }
}

fn enum_members(py: Python<'_>, members: Vec<(Bound<'_, PyAny>, String)>) -> PyResult<EnumMembers> {
    let mut known = EnumMembers {
        by_identity: HashMap::new(),
        by_value: PyDict::new(py).unbind(),
        names: Vec::new(),
        values: Vec::new(),
    };
    for (value, name) in members {
        let place = known.names.len();
        known.names.push(Key::constant(&name));
        if super::leaf::is_atom(&value) {
            let by_value = known.by_value.bind(py);
            if !by_value.contains(&value)? {
                by_value.set_item(&value, place)?;
            }
        } else {
            known.by_identity.entry(value.as_ptr().addr()).or_insert(place);
        }
        known.values.push(value.unbind());
    }
    Ok(known)
}

impl PythonObject<'_> {
    fn describe(self) -> PyResult<TypeDescription<PythonHandles>> {
        let fields = self
            .fields
            .into_iter()
            .map(|field| field.describe(&self.definition))
            .collect::<PyResult<_>>()?;
        let handle = ObjectHandle {
            definition: self.definition.unbind(),
            is_type_of: self.is_type_of.map(Bound::unbind),
        };
        Ok(TypeDescription::Object { name: self.name, fields, handle })
    }
}

impl PythonField<'_> {
    fn describe(self, parent: &Bound<'_, PyAny>) -> PyResult<FieldDescription<PythonHandles>> {
        let py = parent.py();
        let resolution = match (self.attribute, self.resolver) {
            (Some(attribute), _) => {
                Resolution::Attribute(PyString::intern(py, &attribute).unbind())
            }
            (None, Some(resolver)) => Resolution::Function(resolver.unbind()),
            (None, None) => Resolution::Default,
        };
        let name = self.name.extract::<String>()?;
        let described = self.definition.getattr(intern!(py, "resolve"))?;
        let handle = FieldHandle {
            name: PyString::intern(py, &name).unbind(),
            described: (!described.is_none()).then(|| described.unbind()),
            definition: self.definition.unbind(),
            output: self.output_type.unbind(),
            parent: parent.clone().unbind(),
            has_arguments: self.has_arguments,
            arguments_are_stable: self.arguments_are_stable,
            resolution,
        };
        Ok(FieldDescription { name, output: self.output, handle })
    }
}

impl PythonAbstract<'_> {
    fn describe(self) -> TypeDescription<PythonHandles> {
        let handle = AbstractHandle {
            definition: self.definition.unbind(),
            resolve_type: self.resolve_type.map(Bound::unbind),
        };
        TypeDescription::Abstract { name: self.name, possible: self.possible, handle }
    }
}
