//! Which of a document's condition variables an operation has anything to do with.

use std::collections::HashSet;

use super::{Condition, Conditions, Document, Inclusion, Selection};

impl<Node> Document<Node> {
    /// The condition variables that the operation at the given place comes by, on whatever types
    /// and whatever the values of others; the rest belong to other operations.
    pub fn conditions_within(&self, operation: usize) -> Conditions {
        let mut found = Conditions::default();
        let mut entered = HashSet::new();
        // A stack of its own, for a document nobody validated may be nested without end.
        let mut remaining = vec![&*self.operations[operation].selections];
        while let Some(selections) = remaining.pop() {
            for selection in selections {
                let (inclusion, inner) = match selection {
                    Selection::Field(inclusion, id) => (inclusion, &*self.field(*id).selections),
                    Selection::Inline(inclusion, _, inner) => (inclusion, &**inner),
                    Selection::Spread(inclusion, name, _) => {
                        let fragment = self.fragment(name).filter(|_| entered.insert(&**name));
                        (inclusion, fragment.map_or(&[][..], |fragment| &fragment.selections))
                    }
                };
                found = found.with_those_of(*inclusion);
                remaining.push(inner);
            }
        }
        found
    }
}

impl Conditions {
    fn with_those_of(self, inclusion: Inclusion) -> Self {
        let conditions = [inclusion.skip, inclusion.include].into_iter().flatten();
        Self(conditions.fold(self.0, |set, condition| match condition {
            Condition::Literal(_) => set,
            Condition::Variable(place) => set | 1 << place,
        }))
    }
}
