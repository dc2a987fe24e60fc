//! Pulses: what waits has its turn, wherever much is written, and may end the execution.

use std::cell::Cell;

use onecross_graphql::execute::{RUN, Rules};

use crate::host::{Case, Run, TextHost, value};

const TYPES: &str =
    "type Query { n: Int s: String ns: [Int] nn: [[Int]] own: Query owns: [Query] }";

/// How many pulses an execution has; the one before the last ends it, wherever that is.
fn pulses(document: &str, root: &str) -> usize {
    let (plan, root, depth) = (Case::new(TYPES).plan(document, &[]), value(root), Cell::new(0));
    for pulses in 0.. {
        let host = TextHost { pulses, ..TextHost::new(plan.schema(), true) };
        match Run::begin_with(&plan, &root, &depth, (host, Rules::default())) {
            Err(error) => assert_eq!((&*error.message, depth.get()), ("interrupted", 0)),
            Ok(run) => {
                assert!(run.finish().errors.is_empty());
                return pulses;
            }
        }
    }
    unreachable!("an execution ends")
}

#[test]
fn fields_have_none_and_each_object_has_one() {
    assert_eq!(pulses("{ n s }", "{ n: 1, s: A }"), 1);
    assert_eq!(pulses("{ own { own { n } } }", "{ own: { own: { n: 1 } } }"), 3);
}

#[test]
fn nulls_and_lists_without_items_have_them_too() {
    let few = pulses("{ owns { n } }", "{ owns: [] }");
    assert!(pulses("{ owns { n } }", "{ owns: [null null null] }") >= few + 3);
    assert!(pulses("{ nn }", "{ nn: [[] [] []] }") >= 3);
}

#[test]
fn a_run_of_items_is_not_longer_than_it_may_be() {
    let list = |count: usize| format!("{{ ns: [{}] }}", "1 ".repeat(count));
    let few = pulses("{ ns }", &list(1));
    assert_eq!(pulses("{ ns }", &list(3 * RUN + 1)), few + 3);
}
