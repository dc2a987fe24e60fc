//! What is made of a fuzzer's bytes: choices, or what the strategies of the tests make of a seed;
//! and what is attacked with them.

mod choices;
mod connection;

pub use choices::{Choices, touch};
pub use connection::bounded_connection;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const SEED: usize = 32;

/// The value that the first bytes are the seed of, and the bytes after them, to choose with.
///
/// Bytes that are too few, or that are the seed of nothing, are passed over.
pub fn value_of<'a, S: Strategy>(strategy: &S, bytes: &'a [u8]) -> Option<(S::Value, &'a [u8])> {
    let (seed, choices) = bytes.split_first_chunk::<SEED>()?;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    Some((strategy.new_tree(&mut runner).ok()?.current(), choices))
}
