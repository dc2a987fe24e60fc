//! Fragments: named and written in place, on types that apply and types that do not.

use crate::host::{Answer, Case};

const TYPES: &str = "
    type Query { a: Int b: Int any: [Any] seat: Seat }
    type Seat { row: Int name: String }
    type Guest { age: Int name: String }
    type Ghost { name: String }
    union Any = Seat | Guest
    union Sitting = Seat
";

fn check(document: &str, root: &str, json: &str) {
    assert_eq!(Case::new(TYPES).answer(document, root), Answer::new(json, &[]), "{document}");
}

#[test]
fn a_named_fragment_stands_for_what_it_selects() {
    let fragment = "fragment Both on Query { b a }";
    check(&format!("{{ ...Both }} {fragment}"), "{ a: 1, b: 2 }", r#"{"b":2,"a":1}"#);
    check(&format!("{{ a ...Both ...Both }} {fragment}"), "{ a: 1, b: 2 }", r#"{"a":1,"b":2}"#);
}

#[test]
fn a_fragment_without_a_type_always_applies() {
    check("{ ... { a ... { b } } }", "{ a: 1, b: 2 }", r#"{"a":1,"b":2}"#);
}

#[test]
fn a_fragment_applies_to_its_own_type_only() {
    check("{ a ... on Seat { b } ... on Query { b } }", "{ a: 1, b: 2 }", r#"{"a":1,"b":2}"#);
    check("{ a ... on Seat { b } }", "{ a: 1, b: 2 }", r#"{"a":1}"#);
    check("{ a ...F } fragment F on Seat { b }", "{ a: 1, b: 2 }", r#"{"a":1}"#);
}

#[test]
fn fragments_choose_among_the_types_of_a_union() {
    check(
        "{ any { ... on Seat { row } ... on Guest { age } ... on Ghost { name } } }",
        "{ any: [Guest { age: 9, name: G }, Seat { row: 7, name: S }, null] }",
        r#"{"any":[{"age":9},{"row":7},null]}"#,
    );
}

#[test]
fn a_fragment_on_an_abstract_type_applies_to_the_types_possible_for_it() {
    check(
        "{ any { ...Named ... on Sitting { row } } } fragment Named on Any { ... on Seat { name } }",
        "{ any: [Guest { age: 9 }, Seat { row: 7, name: S }] }",
        r#"{"any":[{},{"name":"S","row":7}]}"#,
    );
    check(
        "{ seat { ... on Any { ... on Sitting { row } } } }",
        "{ seat: { row: 7 } }",
        r#"{"seat":{"row":7}}"#,
    );
}

#[test]
fn what_does_not_exist_is_passed_over() {
    check("{ a ...Missing b }", "{ a: 1, b: 2 }", r#"{"a":1,"b":2}"#);
    check("{ a ... on Missing { b } }", "{ a: 1, b: 2 }", r#"{"a":1}"#);
    check("{ a ... on Int { b } }", "{ a: 1, b: 2 }", r#"{"a":1}"#);
}

#[test]
fn fragments_in_a_circle_end() {
    let circle = "fragment F on Query { a ...G } fragment G on Query { b ...F ...G }";
    check(&format!("{{ ...G }} {circle}"), "{ a: 1, b: 2 }", r#"{"b":2,"a":1}"#);
}

#[test]
fn a_spread_within_a_fragment_that_does_not_apply_may_come_again() {
    let fragments = "fragment Row on Seat { row } fragment Outer on Any { ...Row }";
    check(
        &format!("{{ any {{ ... on Guest {{ ...Row }} ...Outer }} }} {fragments}"),
        "{ any: [Seat { row: 7 }, Guest { age: 9 }] }",
        r#"{"any":[{"row":7},{}]}"#,
    );
}

#[test]
fn fragments_may_be_nested_deeper_than_any_stack() {
    let mut document = "{ ...F0 }".to_owned();
    for number in 0..20_000 {
        document += &format!(" fragment F{number} on Query {{ ...F{} }}", number + 1);
    }
    check(&(document + " fragment F20000 on Query { a }"), "{ a: 1 }", r#"{"a":1}"#);
}
