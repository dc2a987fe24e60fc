//! Any value of any type is answered as the reference does, however its selection is spelled and
//! in whatever order it comes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;

#[path = "../../crates/graphql/tests/execution/arbitrary.rs"]
mod arbitrary;
#[path = "../../crates/graphql/tests/execution/comparison.rs"]
mod comparison;
#[expect(dead_code, unused_imports, reason = "the tests ask for more")]
#[path = "../../crates/graphql/tests/execution/host/mod.rs"]
mod host;
#[path = "../../crates/graphql/tests/execution/reference.rs"]
mod reference;
#[path = "../../crates/graphql/tests/execution/spelling.rs"]
mod spelling;

fuzz_target!(|bytes: &[u8]| {
    if let Some(((kind, value), choices)) = value_of(&arbitrary::root(), bytes) {
        comparison::check_at_once(&kind, &value, choices);
        // Where there are no choices, what was left first comes first.
        let order = choices.iter().map(|choice| usize::from(*choice));
        let order = order.chain(std::iter::repeat(0));
        comparison::check_in_any_order(&kind, &value, choices, order);
    }
});
