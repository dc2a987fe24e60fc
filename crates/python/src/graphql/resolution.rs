//! How the value of a field is got, as it was decided once for the schema.

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit};

use super::class_value::ClassValues;
use super::element::Element;
use super::lookup::Lookup;
use super::method::Method;
use super::stored::Stored;

/// How the value of a field is got.
pub(crate) enum Resolution {
    /// The attribute of that name; its absence is an error.
    Attribute(Py<PyString>),
    /// As graphql-core's default resolver does it: key of a mapping or attribute, called if callable.
    Default,
    /// The same by another name, or by several, each looked up in what the one before leads to.
    Path(Box<[Py<PyString>]>),
    /// A key or an attribute with a default, never called.
    Lookup(Lookup),
    /// An item of a pair or an attribute of it; the resolver stands by.
    Element(Element, Py<PyAny>),
    /// What the object has stored under a known descriptor; the resolver stands by.
    Stored(Box<Stored>, Py<PyAny>),
    /// What the object's class tells; the resolver stands by.
    ClassValue(ClassValues, Py<PyAny>),
    /// By calling the user's function; the resolver around it stands by.
    Method(Box<Method>, Py<PyAny>),
    /// By calling a resolver.
    Function(Py<PyAny>),
}

impl Resolution {
    /// Whether an attribute that is a leaf is the value of the field as it stands.
    #[inline]
    pub(super) fn is_plain(&self, has_arguments: bool) -> bool {
        match self {
            Self::Attribute(_) => true,
            Self::Default | Self::Stored(..) => !has_arguments,
            Self::Path(names) => names.len() == 1 && !has_arguments,
            Self::Lookup(lookup) => lookup.reads_attributes() && !has_arguments,
            Self::Element(element, _) => element.is_plain(),
            Self::ClassValue(..) | Self::Method(..) | Self::Function(_) => false,
        }
    }

    /// The item of a pair that an attribute is read from.
    #[inline]
    pub(super) fn item(&self) -> Option<usize> {
        match self {
            Self::Element(element, _) if element.attribute.is_some() => Some(element.place),
            _ => None,
        }
    }

    /// How many crossings each value costs.
    pub(super) fn crossings(&self) -> usize {
        match self {
            Self::Attribute(_)
            | Self::Default
            | Self::Path(_)
            | Self::Lookup(_)
            | Self::Element(..)
            | Self::Stored(..)
            | Self::ClassValue(..) => 0,
            Self::Method(method, _) => method.crossings(),
            Self::Function(_) => 1,
        }
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::Attribute(_) | Self::Default | Self::Path(_) => Ok(()),
            Self::Lookup(lookup) => visit.call(&lookup.default),
            Self::Stored(stored, resolver) => {
                stored.traverse(visit)?;
                visit.call(resolver)
            }
            Self::ClassValue(values, resolver) => {
                values.traverse(visit)?;
                visit.call(resolver)
            }
            Self::Method(method, resolver) => {
                method.traverse(visit)?;
                visit.call(resolver)
            }
            Self::Element(_, resolver) | Self::Function(resolver) => visit.call(resolver),
        }
    }

    /// How it is got, in a few words, for the field of that name.
    pub(super) fn how(&self, py: Python<'_>, field: &Bound<'_, PyString>) -> String {
        match self {
            Self::Attribute(name) => format!("attribute {}", name.bind(py)),
            Self::Default => format!("key or attribute {field}"),
            Self::Path(names) => {
                let names: Vec<_> = names.iter().map(|name| name.bind(py).to_string()).collect();
                let path = names.join(".");
                let kind = if *field == *path { "key or attribute" } else { "alias" };
                format!("{kind} {path}")
            }
            Self::Lookup(lookup) => lookup.how(py),
            Self::Element(element, _) => element.how(py),
            Self::Stored(stored, _) => format!("attribute {}", stored.name.bind(py)),
            Self::ClassValue(..) => "told by the class".to_owned(),
            Self::Method(method, _) => method.how(py),
            Self::Function(function) => format!("resolver {}", name_of(function.bind(py))),
        }
    }
}

/// The name by which a function is known.
pub(super) fn name_of(function: &Bound<'_, PyAny>) -> String {
    let name = function.getattr("__qualname__").and_then(|name| name.extract());
    name.unwrap_or_else(|_| "of the schema".to_owned())
}
