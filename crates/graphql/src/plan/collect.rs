//! Collecting the fields of an object: fragments opened, equal response keys merged.
//!
//! Reference: the specification's `CollectFields` (6.3.2) and `CollectSubfields` (6.3.4).

use std::collections::{HashMap, HashSet};

use super::Plan;
use crate::document::{FieldId, Selection};
use crate::schema::{Handles, TypeId};

/// The fields of each response key, in the order in which the keys first appear.
pub(super) fn collect<'a, H: Handles>(
    plan: &'a Plan<H>,
    object: TypeId,
    selections: impl IntoIterator<Item = &'a [Selection]>,
) -> Vec<Vec<FieldId>> {
    let mut collector = Collector {
        plan,
        object,
        places: HashMap::new(),
        groups: Vec::new(),
        visited: HashSet::new(),
    };
    for set in selections {
        collector.visit(set);
    }
    collector.groups
}

struct Collector<'a, H: Handles> {
    plan: &'a Plan<H>,
    object: TypeId,
    places: HashMap<&'a str, usize>,
    groups: Vec<Vec<FieldId>>,
    visited: HashSet<&'a str>,
}

impl<'a, H: Handles> Collector<'a, H> {
    fn visit(&mut self, selections: &'a [Selection]) {
        // Fragments may be nested without end in a document nobody validated, so what remains to
        // be visited is kept in a stack of its own.
        let mut remaining = vec![selections.iter()];
        while let Some(current) = remaining.last_mut() {
            match current.next() {
                None => {
                    remaining.pop();
                }
                Some(selection) => {
                    if let Some(inner) = self.selected(selection) {
                        remaining.push(inner.iter());
                    }
                }
            }
        }
    }

    /// Takes up a field; returns what a fragment that applies has inside.
    fn selected(&mut self, selection: &'a Selection) -> Option<&'a [Selection]> {
        let conditions = self.plan.conditions;
        match selection {
            Selection::Field(inclusion, id) => {
                if inclusion.selects(conditions) {
                    self.add(*id);
                }
                None
            }
            Selection::Inline(inclusion, condition, inner) => {
                let applies = inclusion.selects(conditions)
                    && condition.as_deref().is_none_or(|name| self.applies(name));
                applies.then_some(inner)
            }
            Selection::Spread(inclusion, name) => {
                if !inclusion.selects(conditions) {
                    return None;
                }
                let fragment = self.plan.document.fragment(name)?;
                let applies = self.applies(&fragment.condition) && self.visited.insert(name);
                applies.then_some(&fragment.selections)
            }
        }
    }

    fn applies(&self, condition: &str) -> bool {
        self.plan.schema.applies(condition, self.object)
    }

    fn add(&mut self, id: FieldId) {
        let key = self.plan.document.field(id).response_key();
        let place = *self.places.entry(key).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Vec::new());
        }
        self.groups[place].push(id);
    }
}
