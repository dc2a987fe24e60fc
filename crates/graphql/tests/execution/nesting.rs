//! How deep fragments are nested within fragments, by which some documents are refused.

use std::fmt::Write as _;

use crate::host::document;

fn nesting(text: &str) -> usize {
    document(text).nesting()
}

#[test]
fn fields_alone_are_not_nested() {
    assert_eq!(nesting("{ a { b { c } } }"), 0);
}

#[test]
fn fragments_in_place_and_named_ones_count_alike() {
    assert_eq!(nesting("{ ... { a } }"), 1);
    assert_eq!(nesting("{ ...F } fragment F on Query { a }"), 1);
    assert_eq!(nesting("{ ... { ...F } } fragment F on Query { ... { ... { a } } }"), 4);
    assert_eq!(nesting("{ ...F ...G } fragment F on Q { ...G } fragment G on Q { a }"), 2);
}

#[test]
fn the_deepest_chain_counts() {
    let fragments = "fragment F on Q { ...G ... { ... { ...H } } ... { a } }
        fragment G on Q { ...H ...I } fragment H on Q { a } fragment I on Q { ... { ...H } }";
    assert_eq!(nesting(&format!("{{ ...H ...F a }} {fragments}")), 5);
}

#[test]
fn a_field_begins_anew() {
    assert_eq!(nesting("{ ... { ... { a { ... { b } } } } }"), 2);
    assert_eq!(nesting("{ ... { a { ... { ... { ... { b } } } } } }"), 3);
    assert_eq!(nesting("{ ...F } fragment F on Q { a { ...F } }"), 1);
    assert_eq!(nesting("{ ...F } fragment F on Q { a { ... { ...F } } }"), 2);
}

#[test]
fn every_operation_counts() {
    assert_eq!(nesting("query A { ... { a } } query B { ... { ... { a } } }"), 2);
    assert_eq!(nesting(""), 0);
}

#[test]
fn unknown_fragments_do_not_count() {
    assert_eq!(nesting("{ a ...Missing }"), 0);
    assert_eq!(nesting("{ ...F } fragment F on Q { ... { ...Missing } }"), 2);
}

#[test]
fn a_circle_counts_once() {
    assert_eq!(nesting("{ ...F } fragment F on Q { ...F ...F }"), 1);
    assert_eq!(nesting("{ ...F } fragment F on Q { ...G } fragment G on Q { ...F }"), 2);
    let circle = "fragment F on Q { ...G } fragment G on Q { ...H } fragment H on Q { ...F ... { ... { a } } }";
    for entry in ["F", "G", "H"] {
        assert_eq!(nesting(&format!("{{ ...{entry} }} {circle}")), 5, "entered at {entry}");
        let before = "fragment E on Q { ...D } fragment D on Q { ...";
        assert_eq!(nesting(&format!("{{ ...E }} {before}{entry} }} {circle}")), 7);
    }
}

#[test]
fn hostile_documents_take_no_more_than_reading_them() {
    let mut chain = "{ ...F0 }".to_owned();
    let mut circle = chain.clone();
    for number in 0..20_000 {
        let _ = write!(chain, " fragment F{number} on Q {{ ...F{} }}", number + 1);
        let _ = write!(circle, " fragment F{number} on Q {{ ...F{} }}", (number + 1) % 20_000);
    }
    assert_eq!(nesting(&(chain + " fragment F20000 on Q { a }")), 20_001);
    assert_eq!(nesting(&circle), 20_000);

    // Each way through doubles at each step; there are more of them than could be walked.
    let mut doubling = "{ ...F0 }".to_owned();
    for number in 0..200 {
        let next = number + 1;
        let _ = write!(doubling, " fragment F{number} on Q {{ ...F{next} ...F{next} }}");
    }
    assert_eq!(nesting(&(doubling + " fragment F200 on Q { a }")), 201);
}
