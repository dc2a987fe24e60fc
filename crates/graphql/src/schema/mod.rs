//! The schema as execution needs it: object types with their fields, abstract types, leaves.

mod builder;
mod position;

use std::collections::HashMap;
use std::sync::Arc;

pub use builder::{Error, FieldDescription, TypeDescription};
pub use position::{Position, Shape};

use crate::Key;

/// What a host attaches to the parts of a schema and of a document.
pub trait Handles: Sized + 'static {
    /// How a field is resolved.
    type Field: Send + Sync;
    /// How a scalar or an enum is written.
    type Leaf: Send + Sync;
    /// What belongs to an object type, such as its `is_type_of`.
    type Object: Send + Sync;
    /// What belongs to an interface or a union, such as its `resolve_type`.
    type Abstract: Send + Sync;
    /// What belongs to a field of a document, such as its syntax node.
    type Node: Send + Sync;
    /// The host's form of a name.
    type Name: Send + Sync;
}

/// The place of a type in its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeId(u32);

impl TypeId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A schema, complete and unchanging.
pub struct Schema<H: Handles> {
    types: Vec<Type<H>>,
    names: HashMap<Box<str>, TypeId>,
}

/// A named output type.
pub enum Type<H: Handles> {
    /// A scalar or an enum.
    Leaf(Arc<H::Leaf>),
    /// A type with fields.
    Object(Object<H>),
    /// An interface or a union.
    Abstract(Abstract<H>),
}

/// An object type.
pub struct Object<H: Handles> {
    /// Its name, ready to be the answer to `__typename`.
    pub name: Key<H::Name>,
    /// Its fields by name.
    pub fields: HashMap<Box<str>, Arc<FieldDefinition<H>>>,
    /// What the host attached to it.
    pub handle: H::Object,
}

/// An interface or a union.
pub struct Abstract<H: Handles> {
    /// The object types it may stand for, each with its place among them.
    pub possible: HashMap<TypeId, usize>,
    /// What the host attached to it.
    pub handle: H::Abstract,
}

/// A field of an object type.
pub struct FieldDefinition<H: Handles> {
    /// The type of the field as it is printed.
    pub printed: Box<str>,
    /// The type of the field.
    pub position: Position<H>,
    /// How it is resolved.
    pub handle: H::Field,
}

impl<H: Handles> Schema<H> {
    /// All types, in the order in which they were described.
    pub fn types(&self) -> &[Type<H>] {
        &self.types
    }

    /// The type of that name.
    pub fn find(&self, name: &str) -> Option<TypeId> {
        self.names.get(name).copied()
    }

    /// The type at that place.
    pub fn get(&self, id: TypeId) -> &Type<H> {
        &self.types[id.index()]
    }

    /// The object type at that place; plans hold only such places.
    ///
    /// # Panics
    ///
    /// When the type is not an object type.
    pub fn object(&self, id: TypeId) -> &Object<H> {
        match self.get(id) {
            Type::Object(object) => object,
            _ => panic!("the type is not an object type"),
        }
    }

    /// The interface or union at that place; plans hold only such places.
    ///
    /// # Panics
    ///
    /// When the type is not abstract.
    pub fn abstract_type(&self, id: TypeId) -> &Abstract<H> {
        match self.get(id) {
            Type::Abstract(interface_or_union) => interface_or_union,
            _ => panic!("the type is not abstract"),
        }
    }

    /// Whether a fragment on `condition` applies to objects of the type `object`.
    pub(crate) fn applies(&self, condition: &str, object: TypeId) -> bool {
        match self.find(condition) {
            None => false,
            Some(id) if id == object => true,
            Some(id) => match self.get(id) {
                Type::Abstract(interface_or_union) => {
                    interface_or_union.possible.contains_key(&object)
                }
                _ => false,
            },
        }
    }
}
