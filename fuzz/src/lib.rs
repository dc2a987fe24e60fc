//! What the strategies of the tests make of a fuzzer's bytes.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// More than any value takes: a strategy that draws again what it cannot use would never end
/// where the bytes do.
const TAIL: usize = 1 << 15;

/// The value that the bytes stand for; bytes that stand for none are passed over.
pub fn value_of<S: Strategy>(strategy: &S, bytes: &[u8]) -> Option<S::Value> {
    let mut seed = bytes.to_vec();
    let mut word = bytes.iter().fold(1, |word: u64, byte| (word ^ u64::from(*byte)).rotate_left(9));
    for _ in 0..TAIL {
        // A counter, scrambled by the finalizer of SplitMix64.
        word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        seed.extend((mixed ^ (mixed >> 31)).to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::PassThrough, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    strategy.new_tree(&mut runner).ok().map(|tree| tree.current())
}
