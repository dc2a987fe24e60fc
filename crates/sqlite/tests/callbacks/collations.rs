//! Collations: the order they give, and when they are freed.

use std::cmp::Ordering;

use onecross_sqlite::Failed;

use super::{Log, open, run};

fn reversed(left: &[u8], right: &[u8]) -> Result<Ordering, Failed> {
    Ok(right.cmp(left))
}

#[test]
fn texts_are_ordered_by_it() {
    let connection = open();
    connection.create_collation(c"rückwärts", Box::new(reversed)).unwrap();
    let text = "SELECT * FROM (VALUES ('a'), (''), ('ü'), ('b')) ORDER BY 1 COLLATE rückwärts";
    assert_eq!(run(&connection, text).unwrap(), ["'ü'", "'b'", "'a'", "''"]);
    connection.remove_collation(c"rückwärts").unwrap();
    let gone = run(&connection, text).unwrap_err();
    assert_eq!(gone.message, "no such collation sequence: rückwärts");
}

#[test]
fn one_of_sqlites_own_may_be_replaced_and_removed() {
    let connection = open();
    let text = "SELECT 'a' COLLATE BINARY < 'b', 'a' COLLATE NOCASE < 'B'";
    for name in [c"BINARY", c"NOCASE"] {
        connection.create_collation(name, Box::new(reversed)).unwrap();
    }
    assert_eq!(run(&connection, text).unwrap(), ["0 1"]);
    for name in [c"BINARY", c"NOCASE", c"BINARY"] {
        connection.remove_collation(name).unwrap();
    }
    let _ = run(&connection, text);
    let _ = run(&connection, "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES ('x'), ('y')");
}

#[test]
fn it_is_freed_when_it_is_replaced_refused_and_when_the_connection_closes() {
    struct Told(Log, &'static str);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.tell(self.1);
        }
    }
    let (connection, log) = (open(), Log::default());
    let create = |name: &'static str| {
        let told = Told(log.clone(), name);
        let collation = Box::new(move |left: &[u8], right: &[u8]| {
            let _ = &told;
            Ok(left.cmp(right))
        });
        connection.create_collation(c"mine", collation)
    };
    create("first").unwrap();
    create("second").unwrap();
    assert_eq!(log.take(), ["first"]);
    let mut statement = connection.prepare(b"VALUES (1), (2)").unwrap().0.unwrap();
    statement.step().unwrap();
    assert_eq!(create("third").unwrap_err().code.primary(), 5);
    assert_eq!(log.take(), ["third"]);
    drop(statement);
    drop(connection);
    assert_eq!(log.take(), ["second"]);
}

#[test]
fn sqlite_sorts_in_no_thread_of_its_own() {
    let connection = open();
    assert_eq!(run(&connection, "PRAGMA threads = 4").unwrap(), ["0"]);
}
