//! Collecting the fields of an object: fragments opened, equal response keys merged.
//!
//! Reference: the specification's `CollectFields` (6.3.2) and `CollectSubfields` (6.3.4).

use std::collections::{HashMap, HashSet};

use super::{Plan, ScopeId};
use crate::document::{Conditions, FieldId, Selection};
use crate::schema::{Handles, TypeId};

/// A field of the document, collected where the variables of its fragment have certain values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Collected {
    /// The field.
    pub(super) id: FieldId,
    /// Where the values of its fragment's variables come from, if it has any.
    pub(super) scope: Option<ScopeId>,
}

/// What was collected for an object.
pub(super) struct Collection {
    /// The fields of each response key, in the order in which the keys first appear.
    pub(super) groups: Vec<Vec<Collected>>,
    /// The scopes of fragments that were opened, in order.
    pub(super) scopes: Vec<ScopeId>,
}

/// The fields of each response key, in the order in which the keys first appear.
pub(super) fn collect<'a, H: Handles>(
    plan: &'a Plan<H>,
    object: TypeId,
    selections: impl IntoIterator<Item = (&'a [Selection], Option<ScopeId>)>,
) -> Collection {
    let mut collector = Collector {
        plan,
        object,
        places: HashMap::new(),
        groups: Vec::new(),
        scopes: Vec::new(),
        visited: HashSet::new(),
    };
    for (set, scope) in selections {
        collector.visit(set, scope);
    }
    Collection { groups: collector.groups, scopes: collector.scopes }
}

/// What holds where selections stand.
#[derive(Clone, Copy)]
struct Within {
    scope: Option<ScopeId>,
    conditions: Conditions,
}

impl Within {
    fn new<H: Handles>(plan: &Plan<H>, scope: Option<ScopeId>) -> Self {
        Self { scope, conditions: plan.conditions_within(scope) }
    }
}

struct Collector<'a, H: Handles> {
    plan: &'a Plan<H>,
    object: TypeId,
    places: HashMap<&'a str, usize>,
    groups: Vec<Vec<Collected>>,
    scopes: Vec<ScopeId>,
    visited: HashSet<&'a str>,
}

impl<'a, H: Handles> Collector<'a, H> {
    fn visit(&mut self, selections: &'a [Selection], scope: Option<ScopeId>) {
        // Fragments may be nested without end in a document nobody validated, so what remains to
        // be visited is kept in a stack of its own.
        let mut remaining = vec![(selections.iter(), Within::new(self.plan, scope))];
        while let Some((current, within)) = remaining.last_mut() {
            let within = *within;
            match current.next() {
                None => {
                    remaining.pop();
                }
                Some(selection) => {
                    if let Some((inner, within)) = self.selected(selection, within) {
                        remaining.push((inner.iter(), within));
                    }
                }
            }
        }
    }

    /// Takes up a field; returns what a fragment that applies has inside.
    fn selected(
        &mut self,
        selection: &'a Selection,
        within: Within,
    ) -> Option<(&'a [Selection], Within)> {
        let Within { scope, conditions } = within;
        match selection {
            Selection::Field(inclusion, id) => {
                if inclusion.selects(conditions) {
                    self.add(Collected { id: *id, scope });
                }
                None
            }
            Selection::Inline(inclusion, condition, inner) => {
                let applies = inclusion.selects(conditions)
                    && condition.as_deref().is_none_or(|name| self.applies(name));
                applies.then_some((inner, within))
            }
            Selection::Spread(inclusion, name, spread) => {
                if !inclusion.selects(conditions) {
                    return None;
                }
                let fragment = self.plan.document.fragment(name)?;
                if !self.applies(&fragment.condition) || !self.visited.insert(name) {
                    return None;
                }
                let scope = spread.map(|spread| self.plan.scope(spread, scope));
                self.scopes.extend(scope);
                Some((&fragment.selections, Within::new(self.plan, scope)))
            }
        }
    }

    fn applies(&self, condition: &str) -> bool {
        self.plan.schema.applies(condition, self.object)
    }

    fn add(&mut self, field: Collected) {
        let key = self.plan.document.field(field.id).response_key();
        let place = *self.places.entry(key).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Vec::new());
        }
        self.groups[place].push(field);
    }
}
