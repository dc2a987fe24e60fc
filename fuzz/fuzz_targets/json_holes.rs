//! Holes filled in any order, and what null does to them, give what the rule of null says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;
use proptest::collection::vec;
use proptest::prelude::any;

#[path = "../../crates/json/tests/holes/tree.rs"]
mod tree;

fuzz_target!(|bytes: &[u8]| {
    if let Some((choices, root)) = value_of(&(vec(any::<usize>(), 1..20), tree::node()), bytes) {
        tree::check(&root, &choices);
    }
});
