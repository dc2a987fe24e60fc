//! Aggregate and window functions: which group is begun, stepped, finished and freed when.

use onecross_sqlite::{Aggregate, Answer, Arguments, Group, Value};

use super::{Log, one, open, run, signature};

/// Sums integers, and tells what becomes of its groups.
pub(crate) struct Sum(pub(crate) Log);

struct Summing {
    log: Log,
    sum: i64,
}

impl Aggregate for Sum {
    fn begin(&self, _answer: &mut Answer<'_>) -> Option<Box<dyn Group>> {
        self.0.tell("begin");
        Some(Box::new(Summing { log: self.0.clone(), sum: 0 }))
    }

    fn empty(&self, answer: &mut Answer<'_>) {
        answer.text(b"empty");
    }
}

fn integer(arguments: Arguments<'_>) -> i64 {
    match arguments.get(0) {
        Some(Value::Integer(value)) => value,
        other => panic!("no integer: {other:?}"),
    }
}

impl Group for Summing {
    fn step(&mut self, arguments: Arguments<'_>, answer: &mut Answer<'_>) {
        match integer(arguments) {
            13 => answer.error("no thirteen"),
            value => self.sum += value,
        }
    }

    fn inverse(&mut self, arguments: Arguments<'_>, _answer: &mut Answer<'_>) {
        self.sum -= integer(arguments);
    }

    fn value(&mut self, answer: &mut Answer<'_>) {
        answer.integer(self.sum);
    }

    fn finish(&mut self, answer: &mut Answer<'_>) {
        self.log.tell("finish");
        answer.integer(self.sum);
    }
}

impl Drop for Summing {
    fn drop(&mut self) {
        self.log.tell("drop");
    }
}

const ROWS: &str = "CREATE TABLE t (k, x); INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 40)";

#[test]
fn groups_are_begun_stepped_and_finished_each_for_itself() {
    let (connection, log) = (open(), Log::default());
    connection.create_aggregate(&signature(c"total_of", 1), Box::new(Sum(log.clone()))).unwrap();
    run(&connection, ROWS).unwrap();
    let rows = run(&connection, "SELECT k, total_of(x) FROM t GROUP BY k").unwrap();
    assert_eq!(rows, ["'a' 3", "'b' 40"]);
    assert_eq!(log.take(), ["begin", "finish", "drop", "begin", "finish", "drop"]);
}

#[test]
fn no_row_at_all_begins_no_group() {
    let (connection, log) = (open(), Log::default());
    connection.create_aggregate(&signature(c"total_of", 1), Box::new(Sum(log.clone()))).unwrap();
    run(&connection, ROWS).unwrap();
    assert_eq!(one(&connection, "SELECT total_of(x) FROM t WHERE x > 99"), "'empty'");
    assert!(log.take().is_empty());
}

#[test]
fn a_group_that_is_given_up_is_finished_and_freed() {
    let (connection, log) = (open(), Log::default());
    connection.create_aggregate(&signature(c"total_of", 1), Box::new(Sum(log.clone()))).unwrap();
    run(&connection, ROWS).unwrap();
    let failed = run(&connection, "SELECT total_of(CASE x WHEN 2 THEN 13 ELSE x END) FROM t");
    assert_eq!(failed.unwrap_err().message, "no thirteen");
    assert_eq!(log.take(), ["begin", "finish", "drop"]);
}

#[test]
fn a_group_that_cannot_begin_is_an_error() {
    struct Never;
    impl Aggregate for Never {
        fn begin(&self, answer: &mut Answer<'_>) -> Option<Box<dyn Group>> {
            answer.error("never");
            None
        }
        fn empty(&self, _answer: &mut Answer<'_>) {}
    }
    let connection = open();
    connection.create_aggregate(&signature(c"never", 1), Box::new(Never)).unwrap();
    assert_eq!(run(&connection, "SELECT never(1)").unwrap_err().message, "never");
}

#[test]
fn windows_move_on_and_an_aggregate_has_none() {
    let (connection, log) = (open(), Log::default());
    connection.create_window(&signature(c"total_of", 1), Box::new(Sum(log.clone()))).unwrap();
    connection.create_aggregate(&signature(c"plain", 1), Box::new(Sum(log.clone()))).unwrap();
    run(&connection, ROWS).unwrap();
    let over = |function: &str, frame: &str| {
        let text = format!("SELECT {function}(x) OVER (ORDER BY x ROWS BETWEEN {frame}) FROM t");
        run(&connection, &text)
    };
    assert_eq!(over("total_of", "1 PRECEDING AND CURRENT ROW").unwrap(), ["1", "3", "42"]);
    assert_eq!(log.take(), ["begin", "finish", "drop"]);
    assert_eq!(over("total_of", "2 PRECEDING AND 1 PRECEDING").unwrap(), ["0", "1", "3"]);
    let refused = over("plain", "1 PRECEDING AND CURRENT ROW").unwrap_err();
    assert_eq!(refused.message, "plain() may not be used as a window function");
    assert_eq!(one(&connection, "SELECT total_of(x) FROM t"), "43");
}
