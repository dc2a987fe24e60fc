//! Holes filled in any order, and what null does to them, give what the rule of null says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;

#[path = "../../crates/json/tests/holes/tree.rs"]
mod tree;

fuzz_target!(|bytes: &[u8]| {
    if let Some((root, choices)) = value_of(&tree::node(), bytes) {
        let choices: Vec<usize> = choices.iter().map(|choice| usize::from(*choice)).collect();
        tree::check(&root, &choices);
    }
});
