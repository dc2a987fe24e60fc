//! Where the variables of fragments get their values: spread within spread, each told apart once.

use std::collections::HashMap;

use crate::document::SpreadId;

/// The place of a scope in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeId(usize);

/// What gives values to the variables of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The spread that gives them.
    pub spread: SpreadId,
    /// The scope in which the spread itself stands.
    pub outer: Option<ScopeId>,
}

impl ScopeId {
    /// The number of the scope, counted from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// All scopes of a plan that were met so far.
#[derive(Default)]
pub(super) struct Scopes {
    all: Vec<Scope>,
    places: HashMap<Scope, ScopeId>,
}

impl Scopes {
    /// The place of a scope.
    pub(super) fn place(&mut self, scope: Scope) -> ScopeId {
        let next = ScopeId(self.all.len());
        let place = *self.places.entry(scope).or_insert(next);
        if place == next {
            self.all.push(scope);
        }
        place
    }

    /// The scope at that place.
    pub(super) fn get(&self, place: ScopeId) -> Scope {
        self.all[place.0]
    }
}
