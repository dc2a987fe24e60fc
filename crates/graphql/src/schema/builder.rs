//! A schema from the description a host gives of it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::position::Printed;
use super::{Abstract, FieldDefinition, Handles, Object, Position, Schema, Shape, Type, TypeId};
use crate::Key;

/// What a host says of a named output type.
pub enum TypeDescription<H: Handles> {
    /// A scalar or an enum.
    Leaf {
        /// Its name.
        name: String,
        /// How it is written.
        handle: H::Leaf,
    },
    /// A type with fields.
    Object {
        /// Its name.
        name: String,
        /// Its fields.
        fields: Vec<FieldDescription<H>>,
        /// What the host attaches to it.
        handle: H::Object,
    },
    /// An interface or a union.
    Abstract {
        /// Its name.
        name: String,
        /// The names of the object types it may stand for.
        possible: Vec<String>,
        /// What the host attaches to it.
        handle: H::Abstract,
    },
}

/// What a host says of a field.
pub struct FieldDescription<H: Handles> {
    /// Its name.
    pub name: String,
    /// Its type as it is printed, such as `[Seat!]!`.
    pub output: String,
    /// How it is resolved.
    pub handle: H::Field,
}

/// A description that does not hold together.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A type is written in a way that is none.
    Notation {
        /// The field, as `Type.field`.
        field: String,
        /// What was written.
        output: String,
    },
    /// A possible type that has no fields.
    NotAnObject {
        /// The abstract type that names it.
        wanted_by: String,
        /// The name.
        name: String,
    },
    /// A name that no output type has.
    UnknownType {
        /// The field or the abstract type that names it.
        wanted_by: String,
        /// The name.
        name: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notation { field, output } => {
                write!(formatter, "the field `{field}` has `{output}` for a type")
            }
            Self::NotAnObject { wanted_by, name } => {
                write!(formatter, "`{wanted_by}` may stand for `{name}`, which is no object type")
            }
            Self::UnknownType { wanted_by, name } => {
                write!(formatter, "`{wanted_by}` names the output type `{name}`, which is missing")
            }
        }
    }
}

impl std::error::Error for Error {}

impl<H: Handles> TypeDescription<H> {
    fn name(&self) -> &str {
        match self {
            Self::Leaf { name, .. } | Self::Object { name, .. } | Self::Abstract { name, .. } => {
                name
            }
        }
    }
}

/// A description whose name is known, its leaf already shared.
enum Described<H: Handles> {
    Leaf(Arc<H::Leaf>),
    Object(String, Vec<FieldDescription<H>>, H::Object),
    Abstract(String, Vec<String>, H::Abstract),
}

/// What a printed type may refer to.
enum Named<H: Handles> {
    Leaf(Arc<H::Leaf>),
    Object(TypeId),
    Abstract(TypeId),
}

impl<H: Handles> Schema<H> {
    /// Puts the described types together.
    ///
    /// # Errors
    ///
    /// When a type is misspelt or names one that is not described.
    pub fn build(descriptions: Vec<TypeDescription<H>>) -> Result<Self, Error> {
        let mut names = HashMap::with_capacity(descriptions.len());
        let mut described = Vec::with_capacity(descriptions.len());
        let mut kinds = HashMap::with_capacity(descriptions.len());
        for (index, description) in descriptions.into_iter().enumerate() {
            let id = TypeId(u32::try_from(index).expect("a schema has fewer than 2^32 types"));
            let name: Box<str> = description.name().into();
            names.insert(name.clone(), id);
            match description {
                TypeDescription::Leaf { handle, .. } => {
                    let handle = Arc::new(handle);
                    kinds.insert(name, Named::Leaf(Arc::clone(&handle)));
                    described.push(Described::Leaf(handle));
                }
                TypeDescription::Object { name: text, fields, handle } => {
                    kinds.insert(name, Named::Object(id));
                    described.push(Described::Object(text, fields, handle));
                }
                TypeDescription::Abstract { name: text, possible, handle } => {
                    kinds.insert(name, Named::Abstract(id));
                    described.push(Described::Abstract(text, possible, handle));
                }
            }
        }
        let types = described
            .into_iter()
            .map(|description| assemble(description, &kinds))
            .collect::<Result<_, _>>()?;
        Ok(Self { types, names })
    }
}

fn assemble<H: Handles>(
    description: Described<H>,
    kinds: &HashMap<Box<str>, Named<H>>,
) -> Result<Type<H>, Error> {
    match description {
        Described::Leaf(handle) => Ok(Type::Leaf(handle)),
        Described::Object(name, fields, handle) => {
            let fields = fields
                .into_iter()
                .map(|field| define(&name, field, kinds))
                .collect::<Result<_, _>>()?;
            Ok(Type::Object(Object { name: Key::constant(&name), fields, handle }))
        }
        Described::Abstract(name, possible, handle) => {
            let mut places = HashMap::with_capacity(possible.len());
            for object in possible {
                let wanted_by = name.clone();
                let id = match kinds.get(object.as_str()) {
                    Some(Named::Object(id)) => *id,
                    Some(_) => return Err(Error::NotAnObject { wanted_by, name: object }),
                    None => return Err(Error::UnknownType { wanted_by, name: object }),
                };
                let place = places.len();
                places.entry(id).or_insert(place);
            }
            Ok(Type::Abstract(Abstract { possible: places, handle }))
        }
    }
}

fn define<H: Handles>(
    parent: &str,
    field: FieldDescription<H>,
    kinds: &HashMap<Box<str>, Named<H>>,
) -> Result<(Box<str>, Arc<FieldDefinition<H>>), Error> {
    let wanted_by = || format!("{parent}.{}", field.name);
    let Some(printed) = Printed::parse(&field.output) else {
        return Err(Error::Notation { field: wanted_by(), output: field.output });
    };
    let position = position(printed, kinds)
        .map_err(|name| Error::UnknownType { wanted_by: wanted_by(), name: name.to_owned() })?;
    let definition =
        FieldDefinition { position, handle: field.handle, printed: field.output.into() };
    Ok((field.name.into(), Arc::new(definition)))
}

fn position<'a, H: Handles>(
    printed: Printed<'a>,
    kinds: &HashMap<Box<str>, Named<H>>,
) -> Result<Position<H>, &'a str> {
    match printed {
        Printed::NonNull(inner) => Ok(Position { nullable: false, ..position(*inner, kinds)? }),
        Printed::List(inner) => {
            Ok(Position { nullable: true, shape: Shape::List(Box::new(position(*inner, kinds)?)) })
        }
        Printed::Named(name) => {
            let shape = match kinds.get(name) {
                None => return Err(name),
                Some(Named::Leaf(leaf)) => Shape::Leaf(Arc::clone(leaf)),
                Some(Named::Object(id)) => Shape::Object(*id),
                Some(Named::Abstract(id)) => Shape::Abstract(*id),
            };
            Ok(Position { nullable: true, shape })
        }
    }
}
