//! Fields of the root that wait for each other.

use std::cell::Cell;

use onecross_graphql::execute::Rules;

use crate::host::{Answer, Case, Run, TextHost, Value, value};

const TYPES: &str = "
    type Query { a: Int b: Int c: Int sure: Int! seat: Seat }
    type Seat { row: Int! name: String }
";

/// What a serial execution answers when each awaited value comes before anything else is begun, and
/// how many values were awaited when a field was begun.
fn one_by_one(document: &str, root: &str, errors_propagate: bool) -> (Answer, Vec<usize>) {
    let plan = Case::new(TYPES).plan(document, &[]);
    let (root, depth) = (value(root), Cell::new(0));
    let host = TextHost::new(plan.schema(), false);
    let rules = Rules { is_serial: true, errors_propagate };
    let run = Run::begin_with(&plan, &root, &depth, (host, rules));
    let mut run = run.expect("nothing ends the execution");
    let mut awaited = vec![run.execution.host.awaited.len()];
    loop {
        while !run.awaited.is_empty() {
            run.resume(0).expect("nothing ends the execution");
        }
        if !run.go_on(&root).expect("nothing ends the execution") {
            break;
        }
        awaited.push(run.execution.host.awaited.len());
    }
    assert_eq!((run.unfilled(), depth.get()), (0, 0));
    (run.finish(), awaited)
}

#[test]
fn a_field_is_begun_when_all_of_the_one_before_is_there() {
    let root = "{ a: 1, seat: later({ row: later(2), name: later(N) }), b: later(3), c: 4 }";
    let (answer, awaited) = one_by_one("{ a seat { row name } b c __typename }", root, true);
    let json = r#"{"a":1,"seat":{"row":2,"name":"N"},"b":3,"c":4,"__typename":"Query"}"#;
    assert_eq!(answer, Answer::new(json, &[]));
    assert_eq!(awaited, [1, 4, 4, 4]);
}

#[test]
fn errors_stay_with_their_fields_where_null_may_stand() {
    let root = "{ a: later(error(first)), b: error(second), c: later(3) }";
    let (answer, _) = one_by_one("{ a b c }", root, true);
    let expected = Answer::new(r#"{"a":null,"b":null,"c":3}"#, &["a: first", "b: second"]);
    assert_eq!(answer, expected);
}

#[test]
fn nothing_more_is_begun_once_there_can_be_no_data() {
    for (sure, message) in [("error(lost)", "lost"), ("later(error(lost))", "lost")] {
        let root = format!("{{ a: later(1), sure: {sure}, c: later(3) }}");
        let (answer, awaited) = one_by_one("{ a sure c }", &root, true);
        assert_eq!(answer, Answer::new("null", &[&format!("sure: {message}")]));
        assert!(*awaited.last().expect("there is one") <= 2, "{awaited:?}");
    }
}

#[test]
fn errors_that_do_not_propagate_keep_no_later_field_from_being_begun() {
    let root = "{ a: later(1), sure: later(error(lost)), c: later(3) }";
    let (answer, _) = one_by_one("{ a sure c }", root, false);
    assert_eq!(answer, Answer::new(r#"{"a":1,"sure":null,"c":3}"#, &["sure: lost"]));
}

#[test]
fn errors_that_end_the_execution_end_it_later_too() {
    let plan = Case::new(TYPES).plan("{ a b }", &[]);
    let (root, depth) = (value("{ a: later(1), b: fatal(stop) }"), Cell::new(0));
    let host = TextHost::new(plan.schema(), false);
    let rules = Rules { is_serial: true, ..Rules::default() };
    let run = Run::begin_with(&plan, &root, &depth, (host, rules));
    let mut run = run.expect("it is not there yet");
    run.resume(0).expect("nothing ends the execution");
    let failed = run.go_on(&Value::clone(&root)).expect_err("the execution is ended by an error");
    assert_eq!((&*failed.message, depth.get()), ("stop", 0));
}
