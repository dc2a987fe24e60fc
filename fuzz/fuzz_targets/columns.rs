//! Any table, cut wherever, comes out of its columns as it was, in each form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;

#[path = "../../crates/columns/tests/any_values/arrays.rs"]
mod arrays;
#[path = "../../crates/columns/tests/any_values/check.rs"]
mod check;
#[path = "../../crates/columns/tests/any_values/documents.rs"]
mod documents;
#[path = "../../crates/columns/tests/any_values/table.rs"]
mod table;
#[path = "../../crates/columns/tests/any_values/wanted.rs"]
mod wanted;

use table::Stored;

fuzz_target!(|bytes: &[u8]| {
    let Some((mut table, choices)) = value_of(&table::table(), bytes) else { return };
    check::check(&table, choices);
    // The texts of the table are the fuzzer's own, where it has some.
    let mut texts = choices.split(|byte| *byte == b'\n');
    for stored in table.rows.iter_mut().flatten() {
        if let (Stored::Text(text) | Stored::Blob(text), Some(other)) = (stored, texts.next()) {
            *text = other.to_vec();
        }
    }
    check::check(&table, choices);
});
