//! What there is for the places of a response, found by their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What there is for places, by their numbers.
pub(super) type ByNumber<T> = HashMap<usize, T, BuildHasherDefault<NumberHasher>>;

/// Scatters numbers that nobody from outside has chosen.
#[derive(Default)]
pub(super) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only numbers are hashed");
    }

    fn write_usize(&mut self, number: usize) {
        // An odd number near the golden ratio of the range.
        self.0 = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
