//! A plan as text.

use crate::host::Case;

#[test]
fn an_explanation_names_fields_types_ways_and_crossings() {
    let case = Case::new(
        "type Query { seats: [Any!]! a: Int }
         type Seat { row: Int! next: Seat } type Guest { age: Int } union Any = Seat | Guest",
    );
    let document = "query Stadium {
        __typename one: a
        seats { ... on Seat { row next { row } } ... on Guest { age } }
    }";
    let expected = "\
query Stadium
field             type     how it is got        crossings
  __typename      String!  constant             0
  one             Int      by a, by leaf Int    2
  seats           [Any!]!  by seats, by Any     2
    ... on Seat
      row         Int!     by row, by leaf Int  2
      next        Seat     by next, by Seat     2
        row       Int!     by row, by leaf Int  2
    ... on Guest
      age         Int      by age, by leaf Int  2
";
    assert_eq!(case.plan(document, &[]).explain(), expected);
}

#[test]
fn an_operation_without_a_name_says_so() {
    let text = Case::new("type Query { a: Int }").plan("{ a }", &[]).explain();
    assert!(text.starts_with("query (unnamed)\n"), "{text}");
}

#[test]
fn an_endless_selection_is_cut_and_says_so() {
    let case = Case::new("type Query { next: Query }");
    let text = case.plan("{ ...F } fragment F on Query { next { ...F } }", &[]).explain();
    assert_eq!(text.lines().count(), 103);
    assert_eq!(text.lines().last().map(str::trim), Some("(and more)"));
}

#[test]
fn a_broad_selection_is_cut_and_says_so() {
    let fields: Vec<String> = (0..10_050).map(|number| format!("k{number}: a")).collect();
    let document = format!("{{ next {{ {} }} a }}", fields.join(" "));
    let text = Case::new("type Query { next: Query a: Int }").plan(&document, &[]).explain();
    assert_eq!(text.lines().count(), 10_003);
    assert_eq!(text.lines().last().map(str::trim), Some("(and more)"));
}
