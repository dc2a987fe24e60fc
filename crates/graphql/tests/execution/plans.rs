//! A plan is made once and answers every run.

use std::sync::Arc;

use onecross_graphql::document::Conditions;
use onecross_graphql::plan::Plan;

use crate::host::{Answer, Case, answer, document, value};

const TYPES: &str = "
    type Query { seats: [Any] a: Int }
    type Seat { row: Int! path: String }
    type Guest { age: Int path: String }
    union Any = Seat | Guest
";

#[test]
fn one_plan_answers_any_values() {
    let plan = Case::new(TYPES).plan("{ seats { ... on Seat { row } ... on Guest { age } } }", &[]);
    for _ in 0..2 {
        let first = answer(&plan, &value("{ seats: [Seat { row: 1 }, Guest { age: 2 }] }"));
        assert_eq!(first, Answer::new(r#"{"seats":[{"row":1},{"age":2}]}"#, &[]));
        let second = answer(&plan, &value("{ seats: [Guest {}, Seat {}] }"));
        assert_eq!(second, Answer::new(r#"{"seats":[{"age":null},null]}"#, &["seats.1.row: null"]));
        assert_eq!(answer(&plan, &value("{}")), Answer::new(r#"{"seats":null}"#, &[]));
    }
}

#[test]
fn a_plan_is_shared_among_threads() {
    let plan = Case::new(TYPES).plan("{ seats { ... on Seat { row } ... on Guest { age } } }", &[]);
    let expected = Answer::new(r#"{"seats":[{"row":1},{"age":2}]}"#, &[]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let root = value("{ seats: [Seat { row: 1 }, Guest { age: 2 }] }");
                assert_eq!(answer(&plan, &root), expected);
            });
        }
    });
}

#[test]
fn a_plan_is_for_one_operation_of_its_document() {
    let case = Case::new(TYPES);
    let document = Arc::new(document("query First { a } mutation Second { b: a }"));
    let answer_of = |operation| {
        let root = case.0.find("Query").expect("the schema has a query root");
        let (schema, document) = (Arc::clone(&case.0), Arc::clone(&document));
        let plan = Plan::new(schema, document, operation, Conditions::default(), root);
        let name = plan.operation().name.as_deref().map(str::to_owned);
        (name, plan.operation().kind.keyword(), answer(&plan, &value("{ a: 1 }")).json)
    };
    assert_eq!(answer_of(0), (Some("First".to_owned()), "query", r#"{"a":1}"#.to_owned()));
    assert_eq!(answer_of(1), (Some("Second".to_owned()), "mutation", r#"{"b":1}"#.to_owned()));
}

#[test]
fn what_was_compiled_is_counted_once() {
    let plan = Case::new(TYPES).plan("{ seats { ... on Seat { row path } } }", &[]);
    let empty = plan.size();
    let root = value("{ seats: [Seat { row: 1 }] }");
    answer(&plan, &root);
    let size = plan.size();
    assert!(size > empty);
    answer(&plan, &root);
    assert_eq!(plan.size(), size);
}

#[test]
fn a_fragment_used_twice_gives_its_fields_one_number() {
    let case = Case::new("type Query { next: Query a: Int }");
    let plan = case.plan("{ ...F next { ...F } } fragment F on Query { a b: a }", &[]);
    let root = plan.root();
    let below = plan.selection(&root.fields[2], 0, root.fields[2].parent);
    let numbers = |fields: &[onecross_graphql::plan::Field<_>]| {
        fields.iter().map(|field| field.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&root.fields), [0, 1, 2]);
    assert_eq!(numbers(&below.fields), [0, 1]);
}
