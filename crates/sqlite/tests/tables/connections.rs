//! What a table and its connection have to do with each other.

use std::ffi::CStr;
use std::sync::{Arc, Mutex};

use onecross_sqlite::{Column, Connection, Table, Traced, Value};

use super::{Rows, open, run};

/// A table that uses its connection as it is asked, and tells how it is refused.
struct Using {
    connection: Arc<Mutex<Option<Connection>>>,
    rows: Rows,
    told: Arc<Mutex<Vec<String>>>,
}

impl Using {
    fn ask(&self) {
        let connection = self.connection.lock().unwrap();
        let refused = connection.as_ref().map(|connection| connection.prepare(b"SELECT 1"));
        if let Some(Err(error)) = refused {
            self.told.lock().unwrap().push(error.message);
        }
    }
}

impl Table for Using {
    fn columns(&self) -> &[Column] {
        self.ask();
        self.rows.columns()
    }

    fn rows(&self) -> usize {
        self.ask();
        self.rows.rows()
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.ask();
        self.rows.value(row, column)
    }
}

#[test]
fn inside_a_table_its_connection_is_left_alone() {
    let connection = Arc::new(Mutex::new(None));
    let told = Arc::new(Mutex::new(Vec::new()));
    let (reached, log) = (Arc::clone(&connection), Arc::clone(&told));
    let opened = open();
    let table = Using { connection: reached, rows: Rows::numbered(10), told: log };
    opened.create_table(c"r", Arc::new(table)).unwrap();
    let mut statement =
        opened.prepare(b"SELECT r.b FROM r AS q CROSS JOIN r ON r.a = q.a").unwrap().0.unwrap();
    *connection.lock().unwrap() = Some(opened);
    while statement.step().unwrap() == onecross_sqlite::Step::Row {}
    let mut told = std::mem::take(&mut *told.lock().unwrap());
    assert!(told.len() > 20);
    told.dedup();
    assert_eq!(told, ["a connection cannot be used inside its own table"]);
    drop(statement);
    let opened = connection.lock().unwrap().take();
    drop(opened);
}

#[test]
fn of_what_the_driver_asks_nobody_is_told() {
    let connection = open();
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let tracer = move |traced: &Traced<'_>| {
        log.lock().unwrap().push(<CStr>::to_owned(traced.text()));
        Ok(())
    };
    connection.set_tracer(Some(Box::new(tracer))).unwrap();
    connection.create_table(c"r", Arc::new(Rows::numbered(2))).unwrap();
    assert!(told.lock().unwrap().is_empty());
    run(&connection, "SELECT 1").unwrap();
    assert_eq!(told.lock().unwrap()[..], [c"SELECT 1".to_owned()]);
}

#[test]
fn two_connections_know_one_table() {
    let (one, other) = (open(), open());
    let table: Arc<dyn Table> = Arc::new(Rows::numbered(50));
    one.create_table(c"r", Arc::clone(&table)).unwrap();
    other.create_table(c"s", table).unwrap();
    for _ in 0..3 {
        assert_eq!(run(&one, "SELECT b FROM r WHERE a = 7").unwrap(), ["'t7'"]);
        assert_eq!(run(&other, "SELECT b FROM s WHERE a = 8").unwrap(), ["'t8'"]);
    }
    drop(one);
    assert_eq!(run(&other, "SELECT b FROM s WHERE a = 9").unwrap(), ["'t9'"]);
}
