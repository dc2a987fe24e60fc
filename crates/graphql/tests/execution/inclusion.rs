//! `@skip` and `@include`, by literals and by variables.

use crate::host::{Case, answer, document, value};

/// The keys of the response, when just those variables are true.
fn keys(selections: &str, truths: &[&str]) -> String {
    let case = Case::new("type Query { a: Int b: Int c: Int }");
    let document = format!("{selections} fragment F on Query {{ c }}");
    let answer = answer(&case.plan(&document, truths), &value("{ a: 0, b: 0, c: 0 }"));
    assert!(answer.errors.is_empty());
    answer.json.replace(['{', '}', '"'], "").replace(":0", "").replace(',', " ")
}

#[test]
fn literals_decide() {
    assert_eq!(keys("{ a @skip(if: true) b @skip(if: false) }", &[]), "b");
    assert_eq!(keys("{ a @include(if: true) b @include(if: false) }", &[]), "a");
}

#[test]
fn variables_decide_each_on_its_own() {
    let document = "{ a @skip(if: $x) b @include(if: $y) c @include(if: $x) }";
    assert_eq!(keys(document, &[]), "a");
    assert_eq!(keys(document, &["x"]), "c");
    assert_eq!(keys(document, &["y"]), "a b");
    assert_eq!(keys(document, &["x", "y"]), "b c");
}

#[test]
fn both_must_allow_it() {
    let document = "{ a @skip(if: $s) @include(if: $i) b }";
    assert_eq!(keys(document, &["i"]), "a b");
    for truths in [&[][..], &["s"], &["s", "i"]] {
        assert_eq!(keys(document, truths), "b", "{truths:?}");
    }
}

#[test]
fn fragments_are_included_as_fields_are() {
    let document = "{ a ... @include(if: $x) { b } ...F @skip(if: $x) }";
    assert_eq!(keys(document, &[]), "a c");
    assert_eq!(keys(document, &["x"]), "a b");
    assert_eq!(keys("{ a ... on Query @skip(if: true) { b } }", &[]), "a");
}

#[test]
fn a_fragment_left_out_once_may_be_spread_again() {
    assert_eq!(keys("{ ...F @skip(if: true) a ...F }", &[]), "a c");
}

#[test]
fn the_order_of_keys_depends_on_what_is_included() {
    let document = "{ a @include(if: $x) b a }";
    assert_eq!(keys(document, &["x"]), "a b");
    assert_eq!(keys(document, &[]), "b a");
}

#[test]
fn a_document_has_room_for_64_condition_variables() {
    let mut document = crate::host::document("{ a }");
    for number in 0..64 {
        assert!(document.add_condition(&format!("v{number}")).is_some());
    }
    assert!(document.add_condition("v63").is_some());
    assert!(document.add_condition("one too many").is_none());
    assert_eq!(document.conditions().len(), 64);

    let fields: Vec<String> = (0..64).map(|n| format!("k{n}: a @include(if: $v{n})")).collect();
    assert_eq!(keys(&format!("{{ {} b }}", fields.join(" ")), &["v0", "v63"]), "k0 k63 b");
}

#[test]
fn an_operation_comes_by_the_variables_of_what_it_spreads_and_by_no_others() {
    let document = document(
        "query A { a @skip(if: $a) o { ... { b @include(if: $b) } } }
        query B { ... @include(if: $c) { ...F } ...Missing @skip(if: $m) }
        query C { b c @skip(if: true) }
        fragment F on Query { c ...G @skip(if: $d) }
        fragment G on Query { ...F o { ...F a @skip(if: $a) @include(if: $e) } }",
    );
    let within = |operation: usize| {
        let found = document.conditions_within(operation);
        let names = document.conditions().iter().enumerate();
        let names: Vec<_> = names.filter(|(place, _)| found.has(*place)).collect();
        names.iter().map(|(_, name)| &***name).collect::<String>()
    };
    assert_eq!([within(0), within(1), within(2)], ["ab", "acmde", ""]);
}
