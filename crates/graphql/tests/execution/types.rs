//! What stands at a place: names of types, leaves, lists of lists, objects, abstract types.

use crate::host::{Answer, Case};

const TYPES: &str = "
    type Query { seat: Seat any: Any grid: [[[Int!]]!] words: [[String]] seats: [[Seat]] path: String }
    type Seat { row: Int again: Seat path: String }
    type Guest { age: Int }
    union Any = Guest | Seat
";

fn check(document: &str, root: &str, json: &str, errors: &[&str]) {
    assert_eq!(Case::new(TYPES).answer(document, root), Answer::new(json, errors), "{document}");
}

#[test]
fn the_name_of_a_type_is_that_of_the_object() {
    check(
        "{ __typename seat { kind: __typename row } any { __typename } }",
        "{ seat: { row: 1 }, any: Guest {} }",
        r#"{"__typename":"Query","seat":{"kind":"Seat","row":1},"any":{"__typename":"Guest"}}"#,
        &[],
    );
}

#[test]
fn lists_hold_lists() {
    check(
        "{ grid words seats { row } }",
        "{ grid: [[[1, 2], [], null], []], words: [[x, null], null], seats: [[{ row: 1 }], [null]] }",
        r#"{"grid":[[[1,2],[],null],[]],"words":[["x",null],null],"seats":[[{"row":1}],[null]]}"#,
        &[],
    );
}

#[test]
fn errors_in_lists_of_lists_have_their_place() {
    check(
        "{ grid words }",
        "{ grid: [[[1], [2, error(lost)]], [null, [3]]], words: [[x, error(lost)], 5] }",
        r#"{"grid":[[[1],null],[null,[3]]],"words":[["x",null],null]}"#,
        &["grid.0.1.1: lost", "words.0.1: lost", "words.1: no list"],
    );
}

#[test]
fn an_iteration_that_fails_is_the_error_of_the_list() {
    check(
        "{ words grid }",
        "{ words: [[x, broken(torn)], [y]], grid: [[[1, broken(torn)]]] }",
        r#"{"words":[null,["y"]],"grid":[[null]]}"#,
        &["words.0: torn", "grid.0.0: torn"],
    );
}

#[test]
fn abstract_types_are_what_the_value_says() {
    check(
        "{ any { ... on Seat { row again { row } } ... on Guest { age } } }",
        "{ any: Seat { row: 1, again: { row: 2 } } }",
        r#"{"any":{"row":1,"again":{"row":2}}}"#,
        &[],
    );
    check(
        "{ any { __typename } }",
        "{ any: Query {} }",
        r#"{"any":null}"#,
        &["any: no type for any"],
    );
    check("{ any { __typename } }", "{ any: 5 }", r#"{"any":null}"#, &["any: no object"]);
}

#[test]
fn an_object_of_another_type_is_an_error() {
    check(
        "{ seat { row } }",
        "{ seat: Guest { row: 1 } }",
        r#"{"seat":null}"#,
        &["seat: another type"],
    );
}

#[test]
fn a_leaf_that_cannot_be_written_leaves_nothing() {
    check(
        "{ seat { row } words }",
        "{ seat: { row: { x: 1 } }, words: [[a, {}, b]] }",
        r#"{"seat":{"row":null},"words":[["a",null,"b"]]}"#,
        &["seat.row: no leaf", "words.0.1: no leaf"],
    );
}

#[test]
fn a_resolver_sees_the_path_of_its_field() {
    check(
        "{ here: path seats { path again { there: path } } }",
        "{ path: path, seats: [[{}, { path: path, again: { path: path } }]] }",
        concat!(
            r#"{"here":"here","seats":[[{"path":null,"again":null},"#,
            r#"{"path":"seats.0.1.path","again":{"there":"seats.0.1.again.there"}}]]}"#,
        ),
        &[],
    );
}
