//! A document as execution needs it: operations, fragments, fields, and when they are included.

mod deciding;
mod nesting;
mod reach;

use std::collections::HashMap;

pub use deciding::{Deciding, Declared, Given, Needed, Place, Spread};

/// The place of a field in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldId(u32);

/// The place of a spread whose fragment has variables of its own, in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpreadId(u32);

/// A document, with what the host attached to its fields.
#[derive(Debug)]
pub struct Document<Node> {
    /// Its operations, in order.
    pub operations: Vec<Operation>,
    fragments: HashMap<Box<str>, Fragment>,
    fields: Vec<FieldNode<Node>>,
    spreads: Vec<Node>,
    conditions: Vec<Box<str>>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its name, when it has one.
    pub name: Option<Box<str>>,
    /// What kind of operation it is, which is also the name of its root.
    pub kind: OperationKind,
    /// What it selects.
    pub selections: Vec<Selection>,
}

/// The kinds of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// A read.
    Query,
    /// A write followed by a fetch.
    Mutation,
    /// A stream of events.
    Subscription,
}

/// A named fragment.
#[derive(Debug)]
pub struct Fragment {
    /// The type it applies to.
    pub condition: Box<str>,
    /// What it selects.
    pub selections: Vec<Selection>,
}

/// One thing selected.
#[derive(Debug)]
pub enum Selection {
    /// A field.
    Field(Inclusion, FieldId),
    /// The fields of a named fragment; the place of the spread if the fragment has variables of
    /// its own, to which the spread gives values.
    Spread(Inclusion, Box<str>, Option<SpreadId>),
    /// The fields of a fragment written in place, for all objects or those of one type.
    Inline(Inclusion, Option<Box<str>>, Vec<Selection>),
}

/// A field of a document.
#[derive(Debug)]
pub struct FieldNode<Node> {
    /// Its name in the schema.
    pub name: Box<str>,
    /// Its name in the response, when that is another.
    pub alias: Option<Box<str>>,
    /// What it selects of its value.
    pub selections: Vec<Selection>,
    /// What the host attached to it.
    pub node: Node,
}

/// Whether something is selected, given the variables: `@skip` and `@include`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inclusion {
    /// Left out when this holds.
    pub skip: Option<Condition>,
    /// Left out unless this holds.
    pub include: Option<Condition>,
}

/// The `if` of a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Written out.
    Literal(bool),
    /// The value of the condition variable at that place in [`Document::conditions`].
    Variable(usize),
}

/// The values of all condition variables of a document, a bit each.
///
/// The fields of a response, their order included, depend on these alone, so a plan is made for
/// one such set and then holds for every value of the other variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions(u64);

impl Conditions {
    /// The most condition variables a document may have.
    pub const LIMIT: usize = u64::BITS as usize;

    /// The conditions, each given the value of the variable at its place.
    pub fn new(values: impl IntoIterator<Item = bool>) -> Self {
        let bits = values.into_iter().enumerate();
        Self(bits.fold(0, |set, (place, value)| set | (u64::from(value) << place)))
    }

    /// Whether the variable at that place is true.
    pub fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    fn holds(self, condition: Condition) -> bool {
        match condition {
            Condition::Literal(value) => value,
            Condition::Variable(place) => self.has(place),
        }
    }
}

impl Inclusion {
    /// Whether what carries the directives is selected; `@skip` comes first.
    pub(crate) fn selects(self, conditions: Conditions) -> bool {
        !self.skip.is_some_and(|skip| conditions.holds(skip))
            && self.include.is_none_or(|include| conditions.holds(include))
    }
}

impl<Node> Default for Document<Node> {
    fn default() -> Self {
        Self {
            operations: Vec::new(),
            fragments: HashMap::new(),
            fields: Vec::new(),
            spreads: Vec::new(),
            conditions: Vec::new(),
        }
    }
}

impl<Node> Document<Node> {
    /// Adds a named fragment; of two with one name the later holds.
    pub fn add_fragment(&mut self, name: &str, fragment: Fragment) {
        self.fragments.insert(name.into(), fragment);
    }

    /// Adds a field, to be selected by its place.
    ///
    /// # Panics
    ///
    /// When the document has 2^32 fields.
    pub fn add_field(&mut self, field: FieldNode<Node>) -> FieldId {
        let place =
            u32::try_from(self.fields.len()).expect("a document has fewer than 2^32 fields");
        self.fields.push(field);
        FieldId(place)
    }

    /// Adds what the host attached to a spread that gives values to variables of its fragment.
    ///
    /// # Panics
    ///
    /// When the document has 2^32 of them.
    pub fn add_spread(&mut self, node: Node) -> SpreadId {
        let place =
            u32::try_from(self.spreads.len()).expect("a document has fewer than 2^32 spreads");
        self.spreads.push(node);
        SpreadId(place)
    }

    /// What the host attached to the spread at that place.
    pub fn spread(&self, id: SpreadId) -> &Node {
        &self.spreads[id.0 as usize]
    }

    /// The condition of a directive whose `if` is a variable; `None` past [`Conditions::LIMIT`].
    pub fn add_condition(&mut self, variable: &str) -> Option<Condition> {
        let known = self.conditions.iter().position(|name| **name == *variable);
        let place = known.unwrap_or(self.conditions.len());
        if known.is_none() {
            if place == Conditions::LIMIT {
                return None;
            }
            self.conditions.push(variable.into());
        }
        Some(Condition::Variable(place))
    }

    /// The variables that decide what is selected, each at its place in [`Conditions`].
    pub fn conditions(&self) -> &[Box<str>] {
        &self.conditions
    }

    /// The field at that place.
    pub fn field(&self, id: FieldId) -> &FieldNode<Node> {
        &self.fields[id.0 as usize]
    }

    /// The fragment of that name.
    pub(crate) fn fragment(&self, name: &str) -> Option<&Fragment> {
        self.fragments.get(name)
    }

    /// About how many bytes the document takes.
    pub fn size(&self) -> usize {
        let names: usize = self.fields.iter().map(|field| field.name.len()).sum();
        size_of::<Self>() + names + self.fields.len() * 2 * size_of::<FieldNode<Node>>()
    }
}

impl<Node> FieldNode<Node> {
    /// The key of the field in the response.
    pub fn response_key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

impl OperationKind {
    /// The word that begins such an operation.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}
