//! The type of a place in a response: what stands there, and whether it may be null.

use std::sync::Arc;

use super::{Handles, TypeId};

/// A place in a response.
pub struct Position<H: Handles> {
    /// Whether null may stand there.
    pub nullable: bool,
    /// What else stands there.
    pub shape: Shape<H>,
}

/// What stands at a place when it is not null.
pub enum Shape<H: Handles> {
    /// A scalar or an enum.
    Leaf(Arc<H::Leaf>),
    /// A list of such places.
    List(Box<Position<H>>),
    /// An object of that type.
    Object(TypeId),
    /// An object of one of the types possible for that type.
    Abstract(TypeId),
}

/// A type reference as it is printed, taken apart: `[Seat!]!`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Printed<'a> {
    Named(&'a str),
    List(Box<Printed<'a>>),
    NonNull(Box<Printed<'a>>),
}

impl<'a> Printed<'a> {
    /// Takes apart the notation of the specification's section 3.4.1 (`Type`).
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if let Some(inner) = text.strip_suffix('!') {
            return match Self::parse(inner)? {
                Self::NonNull(_) => None,
                nullable => Some(Self::NonNull(Box::new(nullable))),
            };
        }
        if let Some(inner) = text.strip_prefix('[') {
            return Some(Self::List(Box::new(Self::parse(inner.strip_suffix(']')?)?)));
        }
        let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
        (!text.is_empty() && text.chars().all(is_name)).then_some(Self::Named(text))
    }
}

#[cfg(test)]
mod tests {
    use super::Printed;

    #[test]
    fn a_printed_type_is_taken_apart() {
        let seat = Box::new(Printed::NonNull(Box::new(Printed::Named("Seat"))));
        let list = Box::new(Printed::List(seat));
        assert_eq!(Printed::parse("[Seat!]!"), Some(Printed::NonNull(list)));
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in ["", "[Seat", "Seat]", "Seat!!", "[]", "Se at"] {
            assert_eq!(Printed::parse(text), None, "{text}");
        }
    }
}
