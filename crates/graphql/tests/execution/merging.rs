//! Response keys: their order, and the merging of fields that share one.

use crate::host::{Answer, Case};

fn case() -> Case {
    Case::new(
        "type Query { a: Int b: Int seat: Seat seats: [Seat] } type Seat { row: Int name: String }",
    )
}

#[test]
fn keys_come_in_the_order_of_the_document() {
    let answer = case().answer("{ b second: a a }", "{ a: 1, b: 2 }");
    assert_eq!(answer, Answer::new(r#"{"b":2,"second":1,"a":1}"#, &[]));
}

#[test]
fn a_key_stands_where_it_first_appears() {
    let answer = case().answer("{ a b a ... { b a } }", "{ a: 1, b: 2 }");
    assert_eq!(answer, Answer::new(r#"{"a":1,"b":2}"#, &[]));
}

#[test]
fn what_is_selected_of_equal_keys_is_merged() {
    let answer = case()
        .answer("{ seat { row } a seat { name row } } ", "{ a: 1, seat: { row: 7, name: North } }");
    assert_eq!(answer, Answer::new(r#"{"seat":{"row":7,"name":"North"},"a":1}"#, &[]));
}

#[test]
fn merging_goes_through_fragments_and_lists() {
    let answer = case().answer(
        "{ ...Rows seats { name } } fragment Rows on Query { seats { row } }",
        "{ seats: [{ row: 1, name: A }, { row: 2, name: B }] }",
    );
    let seats = r#"{"seats":[{"row":1,"name":"A"},{"row":2,"name":"B"}]}"#;
    assert_eq!(answer, Answer::new(seats, &[]));
}

#[test]
fn one_field_under_two_keys_is_two_fields() {
    let answer = case().answer(
        "{ first: seat { row } second: seat { name } }",
        "{ seat: { row: 7, name: North } }",
    );
    assert_eq!(answer, Answer::new(r#"{"first":{"row":7},"second":{"name":"North"}}"#, &[]));
}

#[test]
fn of_different_fields_under_one_key_the_first_holds() {
    let answer = case().answer("{ x: b x: a }", "{ a: 1, b: 2 }");
    assert_eq!(answer, Answer::new(r#"{"x":2}"#, &[]));
}

#[test]
fn a_field_knows_all_places_it_was_merged_from() {
    let plan = case().plan("{ x: a ... { x: a } a }", &[]);
    let nodes = |place: usize| {
        let nodes = plan.root().fields[place].nodes(plan.document());
        nodes.map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(nodes(0), ["x: a", "x: a"]);
    assert_eq!(nodes(1), ["a"]);
}

#[test]
fn a_field_the_type_does_not_have_is_left_out() {
    let answer = case().answer("{ a ghost { row } b }", "{ a: 1, b: 2, ghost: 3 }");
    assert_eq!(answer, Answer::new(r#"{"a":1,"b":2}"#, &[]));
}

#[test]
fn an_object_of_which_nothing_is_selected_is_empty() {
    let answer = case().answer("{ seat seats { ghost } }", "{ seat: { row: 1 }, seats: [{}, {}] }");
    assert_eq!(answer, Answer::new(r#"{"seat":{},"seats":[{},{}]}"#, &[]));
}
