//! Errors that get no place: those that locating brings about, and those that end the execution.

use std::cell::Cell;

use onecross_graphql::execute::Rules;

use crate::host::{Answer, Case, Run, TextHost, value};

const TYPES: &str = "
    type Query { seat: Seat seats: [Seat] grid: [[Int]] row: [Int!] sure: Seat! sign: String }
    type Seat { name: String sure: String! again: Seat }
";

fn check(document: &str, root: &str, json: &str, errors: &[&str]) {
    assert_eq!(Case::new(TYPES).answer(document, root), Answer::new(json, errors), "{document}");
}

#[test]
fn an_error_of_locating_belongs_to_the_place_around() {
    check(
        "{ sign seat { name } }",
        "{ sign: S, seat: { name: unlocatable(lost) } }",
        r#"{"sign":"S","seat":null}"#,
        &["seat: lost again"],
    );
    check(
        "{ seats { name } }",
        "{ seats: [{ name: A }, { name: unlocatable(lost) }] }",
        r#"{"seats":[{"name":"A"},null]}"#,
        &["seats.1: lost again"],
    );
    check(
        "{ grid }",
        "{ grid: [[1], [2, unlocatable(lost)]] }",
        r#"{"grid":[[1],null]}"#,
        &["grid.1: lost again"],
    );
}

#[test]
fn the_place_around_lets_null_rise_as_ever() {
    check(
        "{ seat { again { name } sure } }",
        "{ seat: { again: { name: unlocatable(lost) }, sure: null } }",
        r#"{"seat":null}"#,
        &["seat.again: lost again", "seat.sure: null"],
    );
}

#[test]
fn with_no_place_around_it_ends_the_execution() {
    let case = Case::new(TYPES);
    assert_eq!(case.failure("{ sign }", "{ sign: unlocatable(lost) }"), "lost again");
}

#[test]
fn a_fatal_error_ends_the_execution_wherever_it_is() {
    let case = Case::new(TYPES);
    let document = "{ sign grid seats { name again { sure } } }";
    for root in [
        "{ sign: fatal(stop) }",
        "{ grid: [[1, fatal(stop)]] }",
        "{ sign: error(lost), seats: [{ name: error(lost) }, { again: { sure: fatal(stop) } }] }",
    ] {
        assert_eq!(case.failure(document, root), "stop", "{root}");
    }
}

#[test]
fn an_error_that_has_a_place_keeps_it_on_its_way_up() {
    check(
        "{ sign sure { again { sure } sure } }",
        "{ sure: { again: { sure: error(lost) }, sure: error(gone) } }",
        "null",
        &["sure.again.sure: lost", "sure.sure: gone"],
    );
}

#[test]
fn an_error_on_leaving_a_list_ends_the_execution() {
    let (plan, depth) = (Case::new(TYPES).plan("{ row }", &[]), Cell::new(0));
    let begin = |root| {
        let host = TextHost { fails_to_leave: true, ..TextHost::new(plan.schema(), true) };
        Run::begin_with(&plan, &value(root), &depth, (host, Rules::default())).map(Run::finish)
    };
    assert_eq!(begin("{ row: [1, 2] }").ok(), Some(Answer::new(r#"{"row":[1,2]}"#, &[])));
    let failed = begin("{ row: [1, null, 2] }").expect_err("the execution is ended by an error");
    assert_eq!((&*failed.message, depth.get()), ("stop", 0));
}
