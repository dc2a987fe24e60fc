//! Depth: what is nested too deep is an error, and no stack overflows.

use std::cell::Cell;
use std::rc::Rc;

use onecross_graphql::execute::DEPTH_LIMIT;

use crate::host::{Answer, Case, Run, Value, answer, value};

const ENDLESS: &str = "{ ...F } fragment F on Query { next { ...F } }";

/// Without optimisation a level takes some kilobytes, and a thread of the tests has no room for
/// as many as the limit allows.
fn with_room(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(test);
    let ended = thread.expect("a thread can be begun").join();
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

/// That many objects, each in the one before, and each awaited if so wanted.
fn nested(objects: usize, is_awaited: bool) -> Value {
    (1..objects).fold(value("{}"), |inner, _| {
        let inner = if is_awaited { Value::Later(Rc::new(inner)) } else { inner };
        Value::Object("".into(), Rc::new([("next".to_owned(), inner)]))
    })
}

fn nested_json(objects: usize) -> String {
    let opened = r#"{"next":"#.repeat(objects);
    format!("{opened}null{}", "}".repeat(objects))
}

#[test]
fn objects_may_be_nested_as_deep_as_the_limit() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query }").plan(ENDLESS, &[]);
        let expected = Answer::new(&nested_json(DEPTH_LIMIT), &[]);
        assert_eq!(answer(&plan, &nested(DEPTH_LIMIT, false)), expected);
    });
}

#[test]
fn one_more_object_is_an_error_at_its_place() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query }").plan(ENDLESS, &[]);
        let place = vec!["next"; DEPTH_LIMIT].join(".") + ": too deep";
        let expected = Answer::new(&nested_json(DEPTH_LIMIT), &[&place]);
        assert_eq!(answer(&plan, &nested(DEPTH_LIMIT + 1, false)), expected);
        assert_eq!(answer(&plan, &nested(10 * DEPTH_LIMIT, false)), expected);
    });
}

#[test]
fn the_error_rises_where_null_may_not_stand() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query! }").plan(ENDLESS, &[]);
        let place = vec!["next"; DEPTH_LIMIT].join(".") + ": too deep";
        assert_eq!(answer(&plan, &nested(2 * DEPTH_LIMIT, false)), Answer::new("null", &[&place]));
    });
}

#[test]
fn lists_count_as_objects_do() {
    with_room(|| {
        let lists = |count| format!("{}1{}", "[".repeat(count), "]".repeat(count));
        let output = format!("{}Int{}", "[".repeat(DEPTH_LIMIT), "]".repeat(DEPTH_LIMIT));
        let case = Case::new(&format!("type Query {{ list: {output} }}"));
        let deepest = lists(DEPTH_LIMIT - 1);
        let place = format!("list{}: too deep", ".0".repeat(DEPTH_LIMIT - 1));
        let expected = format!(r#"{{"list":{}}}"#, deepest.replace('1', "null"));
        let root = format!("{{ list: {} }}", lists(DEPTH_LIMIT));
        assert_eq!(case.answer("{ list }", &root), Answer::new(&expected, &[&place]));
        let shallow = format!("{{ list: {} }}", deepest.replace('1', "[]"));
        assert_eq!(case.answer("{ list }", &shallow).errors, [place]);
        let fits = format!("{{ list: {} }}", deepest.replace('1', "null"));
        assert_eq!(case.answer("{ list }", &fits), Answer::new(&expected, &[]));
    });
}

#[test]
fn values_that_come_later_are_as_deep_as_their_place() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query }").plan(ENDLESS, &[]);
        let (root, depth) = (nested(DEPTH_LIMIT + 100, true), Cell::new(0));
        let mut run = Run::begin(&plan, &root, &depth, false).expect("nothing ends the execution");
        while !run.awaited.is_empty() {
            run.resume(0).expect("nothing ends the execution");
            assert_eq!(depth.get(), 0);
        }
        assert_eq!(run.finish(), answer(&plan, &root));
    });
}

#[test]
fn what_failed_is_no_longer_deep() {
    with_room(|| {
        let case = Case::new("type Query { items: [Item] } type Item { sure: Int! }");
        let root = format!("{{ items: [{}] }}", "{ sure: null } ".repeat(2 * DEPTH_LIMIT));
        let Answer { json, errors } = case.answer("{ items { sure } }", &root);
        assert_eq!(json.matches("null").count(), 2 * DEPTH_LIMIT);
        assert!(errors.iter().all(|error| error.ends_with(".sure: null")));
    });
}

#[test]
fn what_is_already_on_the_stack_counts() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query }").plan("{ next { next { next } } }", &[]);
        let depth = Cell::new(DEPTH_LIMIT - 2);
        let run = Run::begin(&plan, &nested(5, false), &depth, true);
        let answer = run.expect("nothing ends the execution").finish();
        let json = r#"{"next":{"next":null}}"#;
        assert_eq!(answer, Answer::new(json, &["next.next: too deep"]));
        assert_eq!(depth.get(), DEPTH_LIMIT - 2);
    });
}

#[test]
fn with_no_room_at_all_the_execution_ends() {
    with_room(|| {
        let plan = Case::new("type Query { next: Query }").plan("{ next }", &[]);
        let depth = Cell::new(DEPTH_LIMIT);
        let failed = Run::begin(&plan, &nested(1, false), &depth, true).err();
        assert_eq!(&*failed.expect("the root is an object too").message, "too deep");
    });
}
