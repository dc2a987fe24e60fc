//! Scalar functions: what arrives, what is answered, and when they are freed.

use onecross_sqlite::{Answer, Arguments, Value};

use super::{Log, Shared, one, open, run, shown, signature};

#[test]
fn arguments_arrive_as_they_are_stored_and_answers_as_they_are_given() {
    let connection = open();
    let same = |arguments: Arguments<'_>, answer: &mut Answer<'_>| match arguments.get(0).unwrap() {
        Value::Null => answer.null(),
        Value::Integer(value) => answer.integer(value),
        Value::Real(value) => answer.real(value),
        Value::Text(value) => answer.text(value),
        Value::Blob(value) => answer.blob(value),
    };
    connection.create_scalar(&signature(c"same", 1), Box::new(same)).unwrap();
    for value in ["NULL", "-9223372036854775808", "2.5", "''", "'grün'", "x''", "x'00ff'"] {
        let text =
            format!("SELECT typeof({value}) = typeof(same({value})) AND {value} IS same({value})");
        assert_eq!(one(&connection, &text), "1", "{value}");
    }
    assert_eq!(one(&connection, "SELECT same(char(65, 0, 66)) = char(65, 0, 66)"), "1");
}

#[test]
fn any_number_of_arguments_is_taken_where_none_is_named() {
    let connection = open();
    let count = |arguments: Arguments<'_>, answer: &mut Answer<'_>| {
        assert_eq!(arguments.is_empty(), arguments.get(0).is_none());
        assert!(arguments.get(arguments.len()).is_none());
        answer.integer(arguments.len() as i64);
    };
    connection.create_scalar(&signature(c"count_of", -1), Box::new(count)).unwrap();
    assert_eq!(one(&connection, "SELECT count_of()"), "0");
    assert_eq!(one(&connection, "SELECT count_of(1, NULL, 'x')"), "3");
}

#[test]
fn an_argument_that_is_read_twice_stays_where_it_is() {
    let connection = open();
    let twice = |arguments: Arguments<'_>, answer: &mut Answer<'_>| {
        let first = arguments.get(0);
        assert_eq!(shown(first), shown(arguments.get(0)));
        answer.text(shown(first).as_bytes());
    };
    connection.create_scalar(&signature(c"twice", 1), Box::new(twice)).unwrap();
    assert_eq!(one(&connection, "SELECT twice(substr('abcdef', 2, 3))"), "''bcd''");
}

#[test]
fn errors_end_the_statement() {
    let connection = open();
    connection
        .create_scalar(&signature(c"refuse", 0), Box::new(|_, answer| answer.error("no, grün")))
        .unwrap();
    connection
        .create_scalar(&signature(c"big", 0), Box::new(|_, answer| answer.too_big()))
        .unwrap();
    connection
        .create_scalar(&signature(c"full", 0), Box::new(|_, answer| answer.no_memory()))
        .unwrap();
    let failure = |text| run(&connection, text).unwrap_err();
    assert_eq!(failure("SELECT refuse()").message, "no, grün");
    assert_eq!(failure("SELECT big()").code.primary(), 18);
    assert_eq!(failure("SELECT full()").code.primary(), 7);
    assert_eq!(one(&connection, "SELECT 1"), "1");
}

#[test]
fn only_a_deterministic_function_is_taken_into_an_index() {
    let connection = open();
    run(&connection, "CREATE TABLE t (a)").unwrap();
    let mut signature = signature(c"fixed", 1);
    connection.create_scalar(&signature, Box::new(|_, answer| answer.integer(1))).unwrap();
    let index = "CREATE INDEX i ON t (fixed(a))";
    assert!(run(&connection, index).unwrap_err().message.contains("non-deterministic"));
    signature.flags = libsqlite3_sys::SQLITE_DETERMINISTIC;
    connection.create_scalar(&signature, Box::new(|_, answer| answer.integer(1))).unwrap();
    run(&connection, index).unwrap();
}

#[test]
fn a_function_is_freed_when_it_is_removed_and_when_the_connection_closes() {
    struct Told(Log, &'static str);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.tell(self.1);
        }
    }
    let (connection, log) = (open(), Log::default());
    for (name, told) in [(c"f", "first"), (c"g", "second"), (c"f", "third")] {
        let told = Told(log.clone(), told);
        let answer = Box::new(move |_: Arguments<'_>, answer: &mut Answer<'_>| {
            let told = &told;
            answer.text(told.1.as_bytes());
        });
        connection.create_scalar(&signature(name, 0), answer).unwrap();
    }
    assert_eq!(log.take(), ["first"]);
    assert_eq!(one(&connection, "SELECT f() || g()"), "'thirdsecond'");
    connection.remove_function(&signature(c"f", 0)).unwrap();
    assert_eq!(log.take(), ["third"]);
    assert!(run(&connection, "SELECT f()").unwrap_err().message.contains("no such function"));
    drop(connection);
    assert_eq!(log.take(), ["second"]);
}

#[test]
fn a_function_that_sqlite_refuses_is_freed() {
    struct Told(Log);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.tell("dropped");
        }
    }
    let (connection, log) = (open(), Log::default());
    for arguments in [-2, 1001] {
        let told = Told(log.clone());
        let function = Box::new(move |_: Arguments<'_>, _: &mut Answer<'_>| {
            let _ = &told;
        });
        let refused = connection.create_scalar(&signature(c"f", arguments), function);
        assert_eq!(refused.unwrap_err().code.primary(), 21);
        assert_eq!(log.take(), ["dropped"]);
    }
}

#[test]
fn a_function_may_query_and_change_its_own_connection() {
    let shared = Shared::new();
    let connection = shared.get();
    run(&connection, "CREATE TABLE log (x); CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)")
        .unwrap();
    let inner = shared.clone();
    let note = move |arguments: Arguments<'_>, answer: &mut Answer<'_>| {
        let value = shown(arguments.get(0));
        let connection = inner.get();
        run(&connection, &format!("INSERT INTO log VALUES ({value})")).unwrap();
        answer.text(run(&connection, "SELECT count(*) FROM log").unwrap()[0].as_bytes());
    };
    connection.create_scalar(&signature(c"note", 1), Box::new(note)).unwrap();
    assert_eq!(run(&connection, "SELECT note(x) FROM t").unwrap(), ["'1'", "'2'"]);
    assert_eq!(run(&connection, "SELECT x FROM log").unwrap(), ["1", "2"]);
    shared.close();
}
