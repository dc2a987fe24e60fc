//! Any value of any type is answered as the reference does, however its selection is spelled and
//! in whatever order it comes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;
use proptest::collection::vec;
use proptest::prelude::any;

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
    let choices = (vec(any::<u8>(), 0..100), vec(any::<usize>(), 1..20));
    if let Some(((spelling, order), (kind, value))) = value_of(&(choices, arbitrary::root()), bytes)
    {
        comparison::check_at_once(&kind, &value, &spelling);
        comparison::check_in_any_order(&kind, &value, &spelling, order.into_iter().cycle());
    }
});
