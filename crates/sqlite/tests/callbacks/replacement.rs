//! Callbacks that replace or remove themselves, or let go of all else, while they run.

use std::cmp::Ordering;

use libsqlite3_sys as ffi;
use onecross_sqlite::{Answer, Arguments, Connection};

use super::{Log, Shared, one, run, signature};

/// What must be alive for as long as the callback that owns it runs.
struct Alive(Vec<u8>, Log);

impl Alive {
    fn new(log: &Log) -> Self {
        Self(b"alive".to_vec(), log.clone())
    }

    fn check(&self) {
        assert_eq!(self.0, b"alive");
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fill(0);
        self.1.tell("dropped");
    }
}

fn prepared() -> (Shared, Log) {
    let shared = Shared::new();
    run(&shared.get(), "CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b'), ('c')").unwrap();
    (shared, Log::default())
}

#[test]
fn an_authorizer_removes_itself() {
    let (shared, log) = prepared();
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    shared
        .get()
        .set_authorizer(Some(Box::new(move |_| {
            inner.get().set_authorizer(None).unwrap();
            alive.check();
            Ok(ffi::SQLITE_DENY)
        })))
        .unwrap();
    assert!(run(&shared.get(), "SELECT x FROM t").is_err());
    assert_eq!(log.take(), ["dropped"]);
    assert_eq!(run(&shared.get(), "SELECT x FROM t").unwrap().len(), 3);
    shared.close();
}

#[test]
fn a_tracer_replaces_itself_by_one_that_is_told_the_rest() {
    let (shared, log) = prepared();
    let (inner, alive, next) = (shared.clone(), Alive::new(&log), log.clone());
    shared
        .get()
        .set_tracer(Some(Box::new(move |_| {
            let next = next.clone();
            inner
                .get()
                .set_tracer(Some(Box::new(move |traced| {
                    next.tell(traced.text().to_str().unwrap());
                    Ok(())
                })))
                .unwrap();
            alive.check();
            Ok(())
        })))
        .unwrap();
    run(&shared.get(), "SELECT 1;SELECT 2").unwrap();
    assert_eq!(log.take(), ["dropped", "SELECT 2"]);
    shared.close();
}

#[test]
fn hooks_and_the_profiler_remove_themselves() {
    let (shared, log) = prepared();
    let connection = shared.get();
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    connection.set_update_hook(Some(Box::new(move |_| {
        inner.get().set_update_hook(None);
        alive.check();
        Ok(())
    })));
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    connection.set_commit_hook(Some(Box::new(move || {
        inner.get().set_commit_hook(None);
        alive.check();
        Ok(false)
    })));
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    connection.set_rollback_hook(Some(Box::new(move || {
        inner.get().set_rollback_hook(None);
        alive.check();
        Ok(())
    })));
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    connection
        .set_profiler(Some(Box::new(move |_, _| {
            inner.get().set_profiler(None).unwrap();
            alive.check();
            Ok(())
        })))
        .unwrap();
    assert!(run(&connection, "INSERT INTO t VALUES ('d')").is_err());
    assert_eq!(log.take(), ["dropped"; 4]);
    assert_eq!(one(&connection, "SELECT count(*) FROM t"), "3");
    shared.close();
}

#[test]
fn a_function_is_not_replaced_while_it_runs() {
    let (shared, log) = prepared();
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    let replacing = move |_: Arguments<'_>, answer: &mut Answer<'_>| {
        let signature = signature(c"f", 0);
        let refused = inner.get().create_scalar(&signature, Box::new(|_, _| ()));
        assert_eq!(refused.unwrap_err().code.primary(), ffi::SQLITE_BUSY);
        let refused = inner.get().remove_function(&signature);
        assert_eq!(refused.unwrap_err().code.primary(), ffi::SQLITE_BUSY);
        inner
            .get()
            .create_scalar(&super::signature(c"g", 0), Box::new(|_, answer| answer.integer(7)))
            .unwrap();
        alive.check();
        answer.text(b"old");
    };
    shared.get().create_scalar(&signature(c"f", 0), Box::new(replacing)).unwrap();
    assert_eq!(one(&shared.get(), "SELECT f()"), "'old'");
    assert_eq!(one(&shared.get(), "SELECT g()"), "7");
    assert!(log.take().is_empty());
    shared.close();
}

#[test]
fn what_is_dropped_with_a_function_may_make_another_of_its_name() {
    struct Again(Shared);
    impl Drop for Again {
        fn drop(&mut self) {
            let function =
                Box::new(|_: Arguments<'_>, answer: &mut Answer<'_>| answer.text(b"last"));
            self.0.get().create_scalar(&signature(c"f", 0), function).unwrap();
        }
    }
    let (shared, _) = prepared();
    let again = Again(shared.clone());
    let function = Box::new(move |_: Arguments<'_>, _: &mut Answer<'_>| {
        let _ = &again;
    });
    let connection = shared.get();
    connection.create_scalar(&signature(c"f", 0), function).unwrap();
    let function = Box::new(|_: Arguments<'_>, answer: &mut Answer<'_>| answer.text(b"next"));
    connection.create_scalar(&signature(c"f", 0), function).unwrap();
    assert_eq!(one(&connection, "SELECT f()"), "'last'");
    shared.close();
}

#[test]
fn what_is_dropped_with_a_hook_may_set_another() {
    struct Again(Shared, Log);
    impl Drop for Again {
        fn drop(&mut self) {
            let log = self.1.clone();
            self.0.get().set_update_hook(Some(Box::new(move |_| {
                log.tell("last");
                Ok(())
            })));
        }
    }
    let (shared, log) = prepared();
    let again = Again(shared.clone(), log.clone());
    let connection = shared.get();
    connection.set_update_hook(Some(Box::new(move |_| {
        let _ = &again;
        Ok(())
    })));
    connection.set_update_hook(None);
    run(&connection, "INSERT INTO t VALUES ('d')").unwrap();
    assert_eq!(log.take(), ["last"]);
    shared.close();
}

#[test]
fn a_function_lets_the_connection_go_that_runs_it() {
    let (shared, log) = prepared();
    let (inner, alive) = (shared.clone(), Alive::new(&log));
    let closing = move |_: Arguments<'_>, answer: &mut Answer<'_>| {
        inner.close();
        alive.check();
        answer.integer(1);
    };
    let connection = shared.get();
    connection.create_scalar(&signature(c"f", 0), Box::new(closing)).unwrap();
    let mut statement = connection.prepare(b"SELECT f()").unwrap().0.unwrap();
    drop(connection);
    statement.step().unwrap();
    assert_eq!(super::shown(statement.value(0)), "1");
    assert!(log.take().is_empty());
    drop(statement);
    assert_eq!(log.take(), ["dropped"]);
}

#[test]
fn a_statement_that_a_collation_lets_go_is_freed_once_sqlite_has_returned() {
    let (shared, _) = prepared();
    let connection: std::sync::Arc<Connection> = shared.get();
    let mut other = connection.prepare(b"SELECT x FROM t").unwrap().0.unwrap();
    other.step().unwrap();
    let other = std::sync::Mutex::new(Some(other));
    let dropping = move |left: &[u8], right: &[u8]| -> Result<Ordering, _> {
        drop(other.lock().unwrap().take());
        Ok(right.cmp(left))
    };
    // Statements are running: a collation that is new may be made all the same.
    connection.create_collation(c"c", Box::new(dropping)).unwrap();
    let rows = run(&connection, "SELECT x FROM t ORDER BY x COLLATE c").unwrap();
    assert_eq!(rows, ["'c'", "'b'", "'a'"]);
    // Nothing runs any more, so that the collation may be removed.
    connection.remove_collation(c"c").unwrap();
    shared.close();
}
