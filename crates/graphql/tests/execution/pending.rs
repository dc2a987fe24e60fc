//! Values that come later: fields and items, in any order, and what happens to them meanwhile.

use std::cell::Cell;

use onecross_graphql::execute::Segment;

use crate::host::{Answer, Case, Run, Value, answer, value};

const TYPES: &str = "
    type Query { a: Int seat: Seat sure: Seat! seats: [Seat!] grid: [[Int]!] deep: [[[Int!]]] any: [Any] }
    type Seat { row: Int! name: String next: Seat path: String }
    type Guest { age: Int }
    union Any = Seat | Guest
";

/// The answer when awaited values come in that order, each counted among those still awaited.
fn resumed(document: &str, root: &str, order: &[usize]) -> Answer {
    let (plan, root, depth) = (Case::new(TYPES).plan(document, &[]), value(root), Cell::new(0));
    let mut run = Run::begin(&plan, &root, &depth, false).expect("nothing ends the execution");
    for index in order {
        run.resume(*index).expect("nothing ends the execution");
    }
    assert!(run.awaited.is_empty(), "more is awaited");
    assert_eq!((run.unfilled(), depth.get()), (0, 0));
    let given = run.finish();
    assert_eq!(given.json, answer(&plan, &root).json);
    given
}

#[test]
fn fields_and_items_take_their_places_in_any_order() {
    let document = "{ a seat { row name } grid }";
    let root = "{ a: later(1), seat: later({ row: later(7), name: N }), grid: [later([later(2), 3]), [4]] }";
    let expected = Answer::new(r#"{"a":1,"seat":{"row":7,"name":"N"},"grid":[[2,3],[4]]}"#, &[]);
    for order in [[0; 5], [2, 2, 1, 1, 0], [1, 1, 0, 0, 0], [2, 1, 2, 1, 0]] {
        assert_eq!(resumed(document, root, &order), expected, "{order:?}");
    }
}

#[test]
fn what_comes_may_be_awaited_again() {
    let answer = resumed(
        "{ a deep }",
        "{ a: later(later(later(1))), deep: [later(later([later([2])]))] }",
        &[0; 6],
    );
    assert_eq!(answer, Answer::new(r#"{"a":1,"deep":[[[2]]]}"#, &[]));
}

#[test]
fn errors_have_the_place_of_what_came() {
    let root = "{
        a: later(error(first))
        seat: later({ row: 1, name: later(error(second)), next: { row: 2, name: later({}) } })
        deep: [[later([later(error(third))])], later([[1], later(error(fourth))])]
    }";
    let answer = resumed("{ a seat { row name next { name } } deep }", root, &[0; 8]);
    let json = concat!(
        r#"{"a":null,"seat":{"row":1,"name":null,"next":{"name":null}},"#,
        r#""deep":[[null],[[1],null]]}"#,
    );
    let mut errors = answer.errors.clone();
    errors.sort_unstable();
    assert_eq!(answer.json, json);
    let places = [
        "a: first",
        "deep.0.0.0: third",
        "deep.1.1: fourth",
        "seat.name: second",
        "seat.next.name: no leaf",
    ];
    assert_eq!(errors, places);
}

#[test]
fn a_resolver_sees_the_same_path_after_a_wait() {
    let answer = resumed(
        "{ seats { path next { here: path } } }",
        "{ seats: later([{ path: path }, later({ path: path, next: later({ path: path }) })]) }",
        &[0; 3],
    );
    let json = concat!(
        r#"{"seats":[{"path":"seats.0.path","next":null},"#,
        r#"{"path":"seats.1.path","next":{"here":"seats.1.next.here"}}]}"#,
    );
    assert_eq!(answer, Answer::new(json, &[]));
}

#[test]
fn abstract_types_are_found_when_the_value_is_there() {
    let answer = resumed(
        "{ any { ... on Seat { row } ... on Guest { age } } }",
        "{ any: [later(Guest { age: later(9) }), later(Seat { row: later(7) }), later(Query {})] }",
        &[0, 0, 0, 0, 0],
    );
    assert_eq!(
        answer,
        Answer::new(r#"{"any":[{"age":9},{"row":7},null]}"#, &["any.2: no type for any"])
    );
}

#[test]
fn null_rises_from_what_came_and_takes_what_is_awaited_with_it() {
    let root = "{ a: 1, seat: { row: later(null), name: later(error(lost)) } }";
    let document = "{ a seat { row name } }";
    let null = r#"{"a":1,"seat":null}"#;
    assert_eq!(resumed(document, root, &[0, 0]), Answer::new(null, &["seat.row: null"]));
    let other_order = Answer::new(null, &["seat.name: lost", "seat.row: null"]);
    assert_eq!(resumed(document, root, &[1, 0]), other_order);
}

#[test]
fn null_rises_through_what_came_before() {
    let root =
        "{ a: 1, seats: later([later({ row: later(error(lost)) }), { row: 2, name: later(N) }]) }";
    let answer = resumed("{ a seats { row name } }", root, &[0, 0, 1, 0]);
    assert_eq!(answer, Answer::new(r#"{"a":1,"seats":null}"#, &["seats.0.row: lost"]));
}

#[test]
fn null_rises_to_the_root() {
    let answer = resumed(
        "{ a sure { row } }",
        "{ a: later(1), sure: later({ row: later(null) }) }",
        &[1, 1, 0],
    );
    assert_eq!(answer, Answer::new("null", &["sure.row: null"]));
}

#[test]
fn what_an_error_took_back_is_no_longer_awaited() {
    let document = "{ a seat { name next { name } row } seats { name row } }";
    let root = "{
        a: later(1)
        seat: { name: later(error(lost)), next: { name: later({}) }, row: null }
        seats: later([{ name: later(error(lost)), row: 1 }, null])
    }";
    let json = r#"{"a":1,"seat":null,"seats":null}"#;
    for order in [[0, 0], [1, 0]] {
        let answer = resumed(document, root, &order);
        assert_eq!(answer, Answer::new(json, &["seat.row: null", "seats.1: null"]), "{order:?}");
    }
}

#[test]
fn an_error_at_the_root_leaves_nothing_to_await() {
    let plan = Case::new(TYPES).plan("{ a sure { row } }", &[]);
    let (root, depth) = (value("{ a: later(error(lost)), sure: null }"), Cell::new(0));
    let run = Run::begin(&plan, &root, &depth, false).expect("nothing ends the execution");
    assert_eq!((run.awaited.len(), run.unfilled()), (0, 0));
    assert!(matches!(&run.execution.host.abandoned[..], [Value::Error(_)]));
    assert_eq!(run.finish(), Answer::new("null", &["sure: null"]));
}

#[test]
fn errors_that_end_the_execution_end_it_later_too() {
    let plan = Case::new(TYPES).plan("{ a grid seat { name } }", &[]);
    for (root, message) in [
        ("{ a: later(fatal(stop)) }", "stop"),
        ("{ grid: later([[1, fatal(stop)]]) }", "stop"),
        ("{ seat: later({ name: fatal(stop) }) }", "stop"),
        ("{ a: later(unlocatable(lost)) }", "lost again"),
    ] {
        let (root, depth) = (value(root), Cell::new(0));
        let mut run = Run::begin(&plan, &root, &depth, false).expect("it is not there yet");
        let failed = run.resume(0).expect_err("the execution is ended by an error");
        assert_eq!((&*failed.message, depth.get()), (message, 0));
    }
}

#[test]
fn an_error_of_locating_belongs_to_the_place_around_within_what_came() {
    let answer = resumed("{ seat { name } }", "{ seat: later({ name: unlocatable(lost) }) }", &[0]);
    assert_eq!(answer, Answer::new(r#"{"seat":null}"#, &["seat: lost again"]));
}

#[test]
fn the_nearest_place_where_null_may_stand_is_known_by_its_depth() {
    let document = "{ sure { row next { row } } seats { row } deep grid }";
    let plan = Case::new(TYPES).plan(document, &[]);
    let root = "{
        sure: { row: later(1), next: later({ row: later(2) }) }
        seats: [{ row: 3 }, later({ row: later(4) })]
        deep: [[[later(5)]], later([later([later(6)])])]
        grid: later([later([later(7)])])
    }";
    let (root, depth) = (value(root), Cell::new(0));
    let mut run = Run::begin(&plan, &root, &depth, false).expect("nothing ends the execution");
    let mut depths = Vec::new();
    while !run.awaited.is_empty() {
        let next = &run.awaited[0];
        let text = |segment: &Segment| match segment {
            Segment::Key(key, _) => key.to_string(),
            Segment::Index(index) => index.to_string(),
        };
        let path: Vec<_> = next.segments().iter().map(text).collect();
        depths.push(format!("{} {}", path.join("."), next.nullable_depth()));
        run.resume(0).expect("nothing ends the execution");
    }
    depths.sort();
    let expected = [
        "deep.0.0.0 3",
        "deep.1 2",
        "deep.1.0 3",
        "deep.1.0.0 3",
        "grid 1",
        "grid.0 1",
        "grid.0.0 3",
        "seats.1 1",
        "seats.1.row 1",
        "sure.next 2",
        "sure.next.row 2",
        "sure.row 0",
    ];
    assert_eq!(depths, expected);
}
