//! What there is for the places of a response, found by their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What there is for places, by their numbers.
pub(super) type ByNumber<T> = HashMap<usize, T, BuildHasherDefault<NumberHasher>>;

/// Where the bits begin by which tables tell entries apart that are beside each other.
const TOLD_APART_BY: u32 = 57;

/// Leaves numbers in their order, for those that are near each other are looked up one after another.
///
/// Tables tell their entries apart by the first bits before they compare them; nobody from outside
/// has chosen the numbers.
#[derive(Default)]
pub(super) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only numbers are hashed");
    }

    fn write_usize(&mut self, number: usize) {
        let number = number as u64;
        self.0 = number ^ (number << TOLD_APART_BY);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
