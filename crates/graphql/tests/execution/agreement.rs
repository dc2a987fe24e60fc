//! Execution agrees with the reference on any types and values, in whatever order they come.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary::root;
use crate::comparison::{check_at_once, check_in_any_order};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn with_everything_there_at_once(
        (kind, value) in root(),
        spelling in vec(any::<u8>(), 0..100),
    ) {
        check_at_once(&kind, &value, &spelling);
    }

    #[test]
    fn with_what_is_awaited_coming_in_any_order(
        (kind, value) in root(),
        spelling in vec(any::<u8>(), 0..100),
        choices in vec(any::<usize>(), 1..20),
    ) {
        check_in_any_order(&kind, &value, &spelling, choices.into_iter().cycle());
    }
}
