//! What Python attaches to the schema and to the fields of a document.

use std::collections::HashMap;

use onecross_graphql::Key;
use onecross_graphql::plan::Describe;
use onecross_graphql::schema::{Handles, Type};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::classes::DecidedByClass;
use super::resolution::Resolution;
use crate::cpython::Plain;

/// The attachments.
pub(crate) enum PythonHandles {}

impl Handles for PythonHandles {
    type Field = FieldHandle;
    type Leaf = LeafHandle;
    type Object = ObjectHandle;
    type Abstract = AbstractHandle;
    type Node = Py<PyAny>;
    type Name = Py<PyString>;
}

/// A field of the schema.
pub(crate) struct FieldHandle {
    /// Its name in the schema.
    pub(crate) name: Py<PyString>,
    /// The `GraphQLField`.
    pub(crate) definition: Py<PyAny>,
    /// The resolver that it had when it was described.
    pub(crate) described: Option<Py<PyAny>>,
    /// The type of the field.
    pub(crate) output: Py<PyAny>,
    /// The `GraphQLObjectType` whose field it is.
    pub(crate) parent: Py<PyAny>,
    /// Whether it takes arguments.
    pub(crate) has_arguments: bool,
    /// Whether coercing the same arguments again gives the same values again.
    pub(crate) arguments_are_stable: bool,
    /// How its value is got.
    pub(crate) resolution: Resolution,
}

/// A scalar or an enum.
pub(crate) struct LeafHandle {
    /// The `GraphQLScalarType` or `GraphQLEnumType`.
    pub(crate) definition: Py<PyAny>,
    /// The built-in scalar whose rules it has.
    pub(crate) plain: Option<Plain>,
    /// The values of an enum.
    pub(crate) members: Option<EnumMembers>,
}

/// The values of an enum that are known ahead, each with its name.
pub(crate) struct EnumMembers {
    /// Objects that stand for a name by being themselves, by address; `values` keeps them alive.
    pub(crate) by_identity: HashMap<usize, usize>,
    /// Exact str and int values to places in `names`.
    pub(crate) by_value: Py<PyDict>,
    /// The names.
    pub(crate) names: Vec<Key<Py<PyString>>>,
    /// What `by_identity` tells apart.
    pub(crate) values: Vec<Py<PyAny>>,
}

/// An object type.
pub(crate) struct ObjectHandle {
    /// The `GraphQLObjectType`.
    pub(crate) definition: Py<PyAny>,
    /// Its `is_type_of`.
    pub(crate) is_type_of: Option<Py<PyAny>>,
    /// When it says yes to all instances of a class or to none.
    pub(crate) decided_by_class: Option<DecidedByClass>,
}

/// An interface or a union.
pub(crate) struct AbstractHandle {
    /// The type.
    pub(crate) definition: Py<PyAny>,
    /// Its `resolve_type`, if it has one.
    pub(crate) resolve_type: Option<Py<PyAny>>,
    /// When it says the same of all instances of a class.
    pub(crate) decided_by_class: Option<DecidedByClass>,
}

/// Shows the collector what a type of the schema holds.
pub(super) fn traverse(
    named: &Type<PythonHandles>,
    visit: &PyVisit<'_>,
) -> Result<(), PyTraverseError> {
    match named {
        Type::Leaf(leaf) => {
            visit.call(&leaf.definition)?;
            let Some(members) = &leaf.members else { return Ok(()) };
            visit.call(&members.by_value)?;
            members.values.iter().try_for_each(|value| visit.call(value))
        }
        Type::Abstract(found) => {
            visit.call(&found.handle.definition)?;
            visit.call(&found.handle.resolve_type)?;
            found.handle.decided_by_class.iter().try_for_each(|decided| decided.traverse(visit))
        }
        Type::Object(object) => {
            visit.call(&object.handle.definition)?;
            visit.call(&object.handle.is_type_of)?;
            if let Some(decided) = &object.handle.decided_by_class {
                decided.traverse(visit)?;
            }
            for field in object.fields.values() {
                let FieldHandle { definition, described, output, parent, resolution, .. } =
                    &field.handle;
                visit.call(definition)?;
                visit.call(described)?;
                visit.call(output)?;
                visit.call(parent)?;
                resolution.traverse(visit)?;
            }
            Ok(())
        }
    }
}

impl FieldHandle {
    /// Whether an attribute that is a leaf is the value of the field as it stands.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.resolution.is_plain(self.has_arguments)
    }
}

impl Describe for FieldHandle {
    fn how(&self) -> String {
        Python::attach(|py| self.resolution.how(py, self.name.bind(py)))
    }

    fn crossings(&self) -> usize {
        self.resolution.crossings()
    }
}

impl Describe for LeafHandle {
    fn how(&self) -> String {
        let by_python = self.plain.is_none() && self.members.is_none();
        if by_python { "written by its own code".to_owned() } else { String::new() }
    }

    fn crossings(&self) -> usize {
        usize::from(self.plain.is_none() && self.members.is_none())
    }
}

impl Describe for ObjectHandle {
    fn how(&self) -> String {
        match (&self.is_type_of, &self.decided_by_class) {
            (None, _) => String::new(),
            (Some(_), None) => "checked by is_type_of".to_owned(),
            (Some(_), Some(_)) => "checked by is_type_of, once for each class".to_owned(),
        }
    }

    fn crossings(&self) -> usize {
        usize::from(self.is_type_of.is_some() && self.decided_by_class.is_none())
    }
}

impl Describe for AbstractHandle {
    fn how(&self) -> String {
        match self.decided_by_class {
            None => "told apart by resolve_type".to_owned(),
            Some(_) => "told apart by resolve_type, once for each class".to_owned(),
        }
    }

    fn crossings(&self) -> usize {
        usize::from(self.decided_by_class.is_none())
    }
}
