//! Whether the variables of fragments that decide what is selected are sure to have values.
//!
//! `@skip` and `@include` take no null, and only graphql-core knows the error of one. What values
//! the spreads give is known as an execution comes to them: too late to leave it to another.

use std::collections::{HashMap, HashSet};

/// What a document has to do with the variables of its fragments, noted as it is read.
#[derive(Debug, Default)]
pub struct Deciding {
    fragments: HashMap<String, HashMap<String, Declared>>,
    spreads: Vec<Spread>,
    /// The variables of fragments by which something is selected, each with its fragment.
    within: Vec<(String, String)>,
    /// The other variables by which something is selected.
    plain: Vec<Needed>,
}

/// How a variable of a fragment is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// As what takes no null: a spread that gives none has an error of its own.
    Required,
    /// As what takes null too, with a default that is none.
    Defaulted,
    /// As what takes null too, and has it, or nothing, unless a spread gives another value.
    Nullable,
    /// As what decides nothing in a valid document.
    Other,
}

/// What gives values to the variables of a fragment.
#[derive(Debug)]
pub struct Spread {
    /// The fragment.
    pub fragment: String,
    /// Where the spread stands.
    pub place: Place,
    /// What it gives, by the name of the variable.
    pub given: HashMap<String, Given>,
}

/// The definition that something stands in.
#[derive(Clone, Debug)]
pub enum Place {
    /// The operation at that place.
    Operation(usize),
    /// The fragment of that name.
    Fragment(String),
}

/// What a spread gives to a variable.
#[derive(Clone, Debug)]
pub enum Given {
    /// Null, written out.
    Null,
    /// Any other literal.
    Literal,
    /// The value of that variable.
    Variable(String),
}

/// A variable of operations that must have a value.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The name of the variable.
    pub name: String,
    /// The place of the only operation that needs it.
    pub operation: Option<usize>,
    /// Whether a default takes its place if it is not given at all.
    pub has_default: bool,
}

impl Deciding {
    /// Notes a fragment with variables of its own; of two with one name the later holds.
    pub fn add_fragment(&mut self, name: String, variables: HashMap<String, Declared>) {
        self.fragments.insert(name, variables);
    }

    /// Notes a spread of such a fragment.
    pub fn add_spread(&mut self, spread: Spread) {
        self.spreads.push(spread);
    }

    /// Notes that a variable decides what is selected.
    pub fn add_condition(&mut self, place: &Place, name: &str) {
        match self.own(place, name) {
            Some(variable) => self.within.push(variable),
            None => self.plain.push(needed(place, name, false)),
        }
    }

    /// Whether that fragment has variables of its own.
    pub fn has_variables(&self, fragment: &str) -> bool {
        self.fragments.contains_key(fragment)
    }

    /// Whether variables of fragments decide what is selected.
    pub fn is_scoped(&self) -> bool {
        !self.within.is_empty()
    }

    /// The variables of operations that must have values, so that all that decide have some; `None`
    /// if that is not enough.
    pub fn needed(&self) -> Option<Vec<Needed>> {
        let mut all = self.plain.clone();
        let mut remaining = self.within.clone();
        let mut seen = HashSet::new();
        while let Some((fragment, variable)) = remaining.pop() {
            let has_default = match self.fragments[&fragment][&variable] {
                Declared::Required => continue,
                Declared::Defaulted => true,
                Declared::Nullable => false,
                Declared::Other => return None,
            };
            let spreads = self.spreads.iter().filter(|spread| spread.fragment == fragment);
            for spread in spreads {
                match spread.given.get(&variable) {
                    Some(Given::Literal) => {}
                    None if has_default => {}
                    None | Some(Given::Null) => return None,
                    Some(Given::Variable(name)) => match self.own(&spread.place, name) {
                        Some(outer) if seen.contains(&outer) => {}
                        Some(outer) => {
                            seen.insert(outer.clone());
                            remaining.push(outer);
                        }
                        None => all.push(needed(&spread.place, name, has_default)),
                    },
                }
            }
        }
        Some(all)
    }

    /// The variable of that name, if it is one of the fragment that the place is in.
    fn own(&self, place: &Place, name: &str) -> Option<(String, String)> {
        let Place::Fragment(fragment) = place else { return None };
        let is_own = self.fragments.get(fragment)?.contains_key(name);
        is_own.then(|| (fragment.clone(), name.to_owned()))
    }
}

fn needed(place: &Place, name: &str, has_default: bool) -> Needed {
    let operation = match place {
        Place::Operation(place) => Some(*place),
        Place::Fragment(_) => None,
    };
    Needed { name: name.to_owned(), operation, has_default }
}
