//! Tracer and profiler: which statements they are told of.

use super::{Log, Shared, open, run};

#[test]
fn statements_are_told_as_they_begin_and_as_they_were_written_and_are_bound() {
    let (connection, log) = (open(), Log::default());
    run(
        &connection,
        "CREATE TABLE t (x); CREATE TABLE u (x);
        CREATE TRIGGER copy AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.x); END",
    )
    .unwrap();
    let told = log.clone();
    connection
        .set_tracer(Some(Box::new(move |traced| {
            let expanded = traced.expanded_text().unwrap();
            told.tell(format!(
                "{} | {}",
                traced.text().to_str().unwrap(),
                expanded.to_str().unwrap()
            ));
            Ok(())
        })))
        .unwrap();
    let mut statement = connection.prepare(b"INSERT INTO t VALUES (?)").unwrap().0.unwrap();
    statement.bind_text(1, "grün".as_bytes()).unwrap();
    statement.step().unwrap();
    let begun = "INSERT INTO t VALUES (?) | INSERT INTO t VALUES ('grün')";
    assert_eq!(log.take()[0], begun);
    connection.set_tracer(None).unwrap();
    run(&connection, "SELECT 1").unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn statements_that_have_ended_are_told_with_the_time_they_took() {
    let (connection, log) = (open(), Log::default());
    let told = log.clone();
    connection
        .set_profiler(Some(Box::new(move |traced, took| {
            assert!(took < std::time::Duration::from_secs(3600));
            told.tell(traced.text().to_str().unwrap());
            Ok(())
        })))
        .unwrap();
    run(&connection, "SELECT 1").unwrap();
    assert_eq!(log.take(), ["SELECT 1"]);
    let mut statement = connection.prepare(b"VALUES (1), (2)").unwrap().0.unwrap();
    statement.step().unwrap();
    assert!(log.take().is_empty());
    drop(statement);
    assert_eq!(log.take(), ["VALUES (1), (2)"]);
}

#[test]
fn a_tracer_may_use_its_connection() {
    let shared = Shared::new();
    let connection = shared.get();
    run(&connection, "CREATE TABLE log (x); CREATE TABLE t (x)").unwrap();
    let inner = shared.clone();
    connection
        .set_tracer(Some(Box::new(move |traced| {
            let connection = inner.get();
            if !traced.text().to_str().unwrap().contains("log") {
                run(&connection, "INSERT INTO log VALUES (1)").unwrap();
            }
            Ok(())
        })))
        .unwrap();
    run(&connection, "INSERT INTO t VALUES (1); DELETE FROM t; DROP TABLE t").unwrap();
    assert_eq!(run(&connection, "SELECT count(*) FROM log").unwrap(), ["3"]);
    shared.close();
}
