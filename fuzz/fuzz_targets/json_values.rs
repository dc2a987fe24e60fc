//! Any value, its text held in any form, is written as a plain serializer writes it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::value_of;

#[path = "../../crates/json/tests/values/repr.rs"]
mod repr;
#[path = "../../crates/json/tests/values/serializer.rs"]
mod serializer;

fuzz_target!(|bytes: &[u8]| {
    if let Some((value, _)) = value_of(&serializer::value(), bytes) {
        for width in serializer::WIDTHS {
            serializer::check(&value, width);
        }
    }
    // Bytes that are text are one, and a float and an integer, whatever they begin with.
    if let Ok(text) = std::str::from_utf8(bytes) {
        for width in serializer::WIDTHS {
            serializer::check(&serializer::Value::Text(text.to_owned()), width);
        }
    }
    if let Some(word) = bytes.first_chunk() {
        let value = f64::from_le_bytes(*word);
        if value.is_finite() {
            serializer::check(&serializer::Value::Float(value), serializer::WIDTHS[0]);
        }
        let value = serializer::Value::Integer(i64::from_le_bytes(*word));
        serializer::check(&value, serializer::WIDTHS[0]);
    }
});
