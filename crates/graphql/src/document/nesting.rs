//! How deep fragments are nested within fragments, fields not entered.

use std::collections::HashMap;

use super::{Document, Selection};

/// What is known of a named fragment.
#[derive(Default)]
struct Chain<'a> {
    /// The longest chain of fragments found within it.
    length: usize,
    /// How many spreads in it lead to fragments whose own chains are not known yet.
    unknown: usize,
    /// How deep in it the deepest spread is.
    deepest: usize,
    /// The fragments it is spread in, and how deep there.
    users: Vec<(&'a str, usize)>,
}

type Chains<'a> = HashMap<&'a str, Chain<'a>>;

impl<Node> Document<Node> {
    /// The length of the longest chain of fragments within fragments, named or written in place,
    /// that no field interrupts.
    ///
    /// Fragments that spread each other in a circle count once each, wherever it is entered: then
    /// the answer may be too large, never too small.
    pub fn nesting(&self) -> usize {
        let chains = self.chains();
        let operations = self.operations.iter().map(|operation| &operation.selections);
        let fields = self.fields.iter().map(|field| &field.selections);
        let mut longest = 0;
        for selections in operations.chain(fields) {
            visit(selections, |depth, name| {
                longest = longest.max(match name {
                    None => depth,
                    Some(name) => chains.get(name).map_or(0, |chain| depth + chain.length),
                });
            });
        }
        longest
    }

    /// The chains of all named fragments, each found when those of all it spreads are known.
    fn chains(&self) -> Chains<'_> {
        let mut chains = self.spreads();
        let is_known = |(name, chain): (&_, &Chain<'_>)| (chain.unknown == 0).then_some(*name);
        let mut known: Vec<&str> = chains.iter().filter_map(is_known).collect();
        while let Some(name) = known.pop() {
            let chain = chains.get_mut(name).expect("what is known is a chain");
            let (length, users) = (chain.length, std::mem::take(&mut chain.users));
            for (user, depth) in users {
                let chain = chains.get_mut(user).expect("what spreads a fragment is a chain");
                chain.length = chain.length.max(depth + length);
                chain.unknown -= 1;
                if chain.unknown == 0 {
                    known.push(user);
                }
            }
        }
        close_circles(&mut chains);
        chains
    }

    /// The named fragments, nothing known of them yet but what they spread.
    fn spreads(&self) -> Chains<'_> {
        let mut chains: Chains<'_> =
            self.fragments.keys().map(|name| (&**name, Chain::default())).collect();
        for (user, fragment) in &self.fragments {
            let mut own = Chain::default();
            visit(&fragment.selections, |depth, name| match name {
                None => own.length = own.length.max(depth),
                Some(name) => {
                    if let Some(chain) = chains.get_mut(name) {
                        chain.users.push((user, depth));
                        own.unknown += 1;
                        own.deepest = own.deepest.max(depth);
                    }
                }
            });
            let chain = chains.get_mut(&**user).expect("each fragment has a chain");
            *chain = Chain { users: std::mem::take(&mut chain.users), ..own };
        }
        chains
    }
}

/// Gives the fragments in circles, and those that lead there, the longest chain there could be: it
/// passes each of them once, and none of them follows the last.
fn close_circles(chains: &mut Chains<'_>) {
    let unknown = || chains.values().filter(|chain| chain.unknown > 0);
    let deepest = || unknown().map(|chain| chain.deepest);
    let (Some(last), Some(least)) = (unknown().map(|chain| chain.length).max(), deepest().min())
    else {
        return;
    };
    let longest = deepest().sum::<usize>() - least + last;
    for chain in chains.values_mut().filter(|chain| chain.unknown > 0) {
        chain.length = longest;
    }
}

/// Visits the fragments that some selections have: each with its depth, and its name if it has one.
fn visit<'a>(selections: &'a [Selection], mut fragment: impl FnMut(usize, Option<&'a str>)) {
    // A stack of its own, for a document nobody validated may be nested without end.
    let mut remaining = vec![selections.iter()];
    loop {
        let depth = remaining.len();
        let Some(current) = remaining.last_mut() else { return };
        match current.next() {
            None => {
                remaining.pop();
            }
            Some(Selection::Field(..)) => {}
            Some(Selection::Spread(_, name, _)) => fragment(depth, Some(name)),
            Some(Selection::Inline(_, _, inner)) => {
                fragment(depth, None);
                remaining.push(inner.iter());
            }
        }
    }
}
