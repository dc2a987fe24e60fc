//! Every callback panics once, which comes out of the call that made SQLite call it.

use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};

use onecross_sqlite::{Aggregate, Answer, Arguments, Connection, Failed, Group};

use super::{Log, Shared, one, open, run, signature};

fn connection() -> Connection {
    let connection = open();
    run(&connection, "CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b'), ('c')").unwrap();
    connection
}

/// The message of the panic that comes out of the work.
fn panicked(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("nothing panicked");
    panic.downcast_ref::<&str>().expect("a message").to_string()
}

/// Sees a panic come out of a statement, and what is left of the connection.
fn sees(connection: &Connection, text: &str) {
    assert_eq!(panicked(|| drop(run(connection, text))), "of a test", "{text}");
    usable(connection);
}

fn usable(connection: &Connection) {
    assert!(connection.is_autocommit());
    assert!(connection.admit().is_ok());
    assert_eq!(one(connection, "SELECT count(*) FROM t"), "3");
}

#[test]
fn in_a_scalar_function() {
    let connection = connection();
    connection.create_scalar(&signature(c"f", 1), Box::new(|_, _| panic!("of a test"))).unwrap();
    sees(&connection, "SELECT f(x) FROM t");
    sees(&connection, "DELETE FROM t WHERE f(x)");
}

/// Panics where it is told to, and tells whether its group was dropped.
struct Panicking(&'static str, Log);

struct PanickingGroup(&'static str, Log);

impl Aggregate for Panicking {
    fn begin(&self, _: &mut Answer<'_>) -> Option<Box<dyn Group>> {
        assert!(self.0 != "begin", "of a test");
        Some(Box::new(PanickingGroup(self.0, self.1.clone())))
    }

    fn empty(&self, _: &mut Answer<'_>) {
        assert!(self.0 != "empty", "of a test");
    }
}

impl Group for PanickingGroup {
    fn step(&mut self, _: Arguments<'_>, _: &mut Answer<'_>) {
        assert!(self.0 != "step", "of a test");
    }

    fn inverse(&mut self, _: Arguments<'_>, _: &mut Answer<'_>) {
        assert!(self.0 != "inverse", "of a test");
    }

    fn value(&mut self, _: &mut Answer<'_>) {
        assert!(self.0 != "value", "of a test");
    }

    fn finish(&mut self, _: &mut Answer<'_>) {
        assert!(self.0 != "finish", "of a test");
    }
}

impl Drop for PanickingGroup {
    fn drop(&mut self) {
        self.1.tell("drop");
        assert!(self.0 != "drop", "of a test");
    }
}

#[test]
fn in_an_aggregate_function() {
    let (connection, log) = (connection(), Log::default());
    for place in ["begin", "empty", "step", "finish", "drop"] {
        let function = Box::new(Panicking(place, log.clone()));
        connection.create_aggregate(&signature(c"f", 1), function).unwrap();
        let rows = if place == "empty" { "WHERE 0" } else { "" };
        sees(&connection, &format!("SELECT f(x) FROM t {rows}"));
        let dropped = usize::from(!matches!(place, "begin" | "empty"));
        assert_eq!(log.take().len(), dropped, "{place}");
    }
}

#[test]
fn in_a_window_function() {
    let (connection, log) = (connection(), Log::default());
    for place in ["begin", "step", "value", "inverse", "finish", "drop"] {
        let function = Box::new(Panicking(place, log.clone()));
        connection.create_window(&signature(c"f", 1), function).unwrap();
        let frame = "ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING";
        sees(&connection, &format!("SELECT f(x) OVER (ORDER BY x {frame}) FROM t"));
        let dropped = usize::from(place != "begin");
        assert_eq!(log.take().len(), dropped, "{place}");
    }
}

#[test]
fn in_a_collation() {
    let connection = connection();
    let panicking = |_: &[u8], _: &[u8]| -> Result<Ordering, Failed> { panic!("of a test") };
    connection.create_collation(c"c", Box::new(panicking)).unwrap();
    sees(&connection, "SELECT x FROM t ORDER BY x COLLATE c");
    sees(&connection, "CREATE INDEX i ON t (x COLLATE c)");
    assert_eq!(one(&connection, "SELECT count(*) FROM sqlite_schema"), "1");
}

#[test]
fn in_an_authorizer() {
    let connection = connection();
    connection.set_authorizer(Some(Box::new(|_| panic!("of a test")))).unwrap();
    let prepare = || drop(connection.prepare(b"SELECT x FROM t"));
    assert_eq!(panicked(prepare), "of a test");
    connection.set_authorizer(None).unwrap();
    usable(&connection);
}

#[test]
fn in_a_tracer() {
    let connection = connection();
    connection.set_tracer(Some(Box::new(|_| panic!("of a test")))).unwrap();
    assert_eq!(panicked(|| drop(run(&connection, "DELETE FROM t"))), "of a test");
    connection.set_tracer(None).unwrap();
    usable(&connection);
}

#[test]
fn in_a_profiler() {
    let connection = connection();
    connection.set_profiler(Some(Box::new(|_, _| panic!("of a test")))).unwrap();
    assert_eq!(panicked(|| drop(run(&connection, "SELECT 1"))), "of a test");
    connection.set_profiler(None).unwrap();
    usable(&connection);
}

#[test]
fn in_a_progress_handler() {
    let connection = connection();
    connection.install_progress_handler(Box::new(|| panic!("of a test")));
    connection.set_progress_interval(1);
    assert_eq!(panicked(|| drop(run(&connection, "DELETE FROM t"))), "of a test");
    connection.set_progress_interval(0);
    usable(&connection);
}

#[test]
fn in_a_commit_hook() {
    let connection = connection();
    connection.set_commit_hook(Some(Box::new(|| panic!("of a test"))));
    sees(&connection, "DELETE FROM t");
}

#[test]
fn in_a_rollback_hook() {
    let connection = connection();
    connection.set_rollback_hook(Some(Box::new(|| panic!("of a test"))));
    sees(&connection, "BEGIN; DELETE FROM t; ROLLBACK");
}

#[test]
fn in_an_update_hook() {
    let connection = connection();
    connection.set_update_hook(Some(Box::new(|_| panic!("of a test"))));
    sees(&connection, "INSERT INTO t VALUES ('d')");
}

#[test]
fn in_what_is_dropped_with_a_callback() {
    struct Dropped;
    impl Drop for Dropped {
        fn drop(&mut self) {
            panic!("of a test");
        }
    }
    let connection = connection();
    let dropped = Dropped;
    let function = Box::new(move |_: Arguments<'_>, _: &mut Answer<'_>| {
        let _ = &dropped;
    });
    connection.create_scalar(&signature(c"f", 0), function).unwrap();
    let remove = || drop(connection.remove_function(&signature(c"f", 0)));
    assert_eq!(panicked(remove), "of a test");
    usable(&connection);
    assert!(run(&connection, "SELECT f()").is_err());
}

#[test]
fn through_two_statements_one_inside_the_other() {
    let shared = Shared::new();
    let connection = shared.get();
    run(&connection, "CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b'), ('c')").unwrap();
    connection
        .create_scalar(&signature(c"inner", 0), Box::new(|_, _| panic!("of a test")))
        .unwrap();
    let reached = shared.clone();
    let outer = move |_: Arguments<'_>, _: &mut Answer<'_>| {
        drop(run(&reached.get(), "SELECT inner()"));
    };
    connection.create_scalar(&signature(c"outer", 0), Box::new(outer)).unwrap();
    sees(&connection, "SELECT outer() FROM t");
    shared.close();
}
