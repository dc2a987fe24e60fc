//! Schemas that do not hold together are refused, and say where.

use onecross_graphql::schema::Schema;

use crate::host::{Answer, Case, descriptions};

fn refusal(types: &str) -> String {
    match Schema::build(descriptions(types)) {
        Ok(_) => panic!("`{types}` is refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_type_that_is_missing_is_named_with_who_wants_it() {
    assert_eq!(
        refusal("type Query { seats: [Seat!]! }"),
        "`Query.seats` names the output type `Seat`, which is missing"
    );
    assert_eq!(
        refusal("type Query { a: Int } union Any = Query | Seat"),
        "`Any` names the output type `Seat`, which is missing"
    );
}

#[test]
fn a_type_written_wrongly_is_quoted() {
    assert_eq!(
        refusal("type Query { seats: [Int!!] }"),
        "the field `Query.seats` has `[Int!!]` for a type"
    );
}

#[test]
fn only_objects_are_possible_types() {
    let union = "type Query { any: Any } union Any = Query | Int";
    assert_eq!(refusal(union), "`Any` may stand for `Int`, which is no object type");
}

#[test]
fn a_possible_type_named_twice_is_one() {
    let case = Case::new(
        "type Query { any: Any a: Int } union Any = Seat | Seat | Query type Seat { row: Int }",
    );
    let answer = case.answer("{ any { ... on Query { a } } }", "{ any: Query { a: 1 } }");
    assert_eq!(answer, Answer::new(r#"{"any":{"a":1}}"#, &[]));
}
