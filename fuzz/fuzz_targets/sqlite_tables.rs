//! Tables in memory are read, indexed, loaded, replaced and forgotten in whatever order, under
//! statements that stand at their rows, and their own code panics, contradicts itself and uses its
//! connection: no byte is read that is not there. Built with a sanitizer, SQLite itself included.

#![no_main]

use std::ffi::CStr;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::{Choices, bounded_connection, touch};
use onecross_sqlite::{Column, Connection, Loader, Statement, Step, Table, Value};

const TEXTS: &[&str] = &[
    "select * from r",
    "select b, rowid from r where a = ?",
    "select * from r where rowid = ? or b = ?2",
    "select a from r where rowid between ? and ?2 order by rowid desc",
    "select * from r where a > ? and b = ?2 collate nocase",
    "select item.b, r.b from item join r on r.a = item.a",
    "select * from item left join r on r.rowid = item.a order by r.b",
    "select x.a, y.b, x.rowid from r as x join r as y on x.a = y.b where x.b > ?",
    "select * from r join s on r.a = s.b where s.a in (select a from item)",
    "select count(*), max(a), group_concat(b) from r group by b having count(a) > ?",
    "select sum(a) over (order by rowid), b from r",
    "with recursive n(i) as (select ? union all select i + 1 from n limit 9) \
     select * from n left join r on r.rowid = i or r.a = i",
    "select a from r union select b from s intersect select a from item",
    "insert into item select a, b from r returning a, b",
    "insert into item values (?, ?2)",
    "update item set b = (select b from r where r.a = item.a)",
    "delete from item where a in (select a from r where b is not ?)",
    "insert into r values (1, 2)",
    "create table r (a, b)",
    "drop table r",
    "create temp view v as select r.a, s.b from r, s where r.rowid = s.rowid",
    "select * from v where a = ?",
    "alter table item rename to s",
    "create table item (a, b)",
    "select name, type from pragma_table_xinfo('r')",
    "begin",
    "savepoint s",
    "rollback",
    "commit",
    "vacuum",
];
const LOADERS: &[&str] = &[
    "insert into item select \"0\", \"1\" from ",
    "insert or replace into item (b, a) select \"1\", \"0\" from ",
    "insert into s select \"0\", \"1\" from ",
    "insert into item select x.\"0\", x.\"1\" from item join ",
    "select * from ",
];
const NAMES: &[&CStr] = &[c"r", c"R", c"s", c"item", c"json_each", c"a b"];
const TYPES: &[&str] = &["", "INTEGER", "TEXT", "REAL", "BLOB", "NUMERIC", "a b, c", ") --"];
const MOST_STATEMENTS: usize = 6;

/// What the code of a table does beside answering.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Plain,
    Panicking,
    /// It tells of other rows, and of other values, than before.
    Contradictory,
    /// It uses its connection, where it must not.
    Using,
}

enum Own {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Own>>,
    manner: Manner,
    /// How often it was asked, and which of so many times it does something of its own.
    asked: AtomicUsize,
    period: usize,
    connection: Weak<Mutex<Connection>>,
}

impl Rows {
    fn act(&self) {
        match self.manner {
            // The fuzzer takes a panic that tells of itself for a fault of the driver.
            Manner::Panicking if self.is_time() => resume_unwind(Box::new("table")),
            Manner::Using if self.is_time() => {
                if let Some(connection) = self.connection.upgrade()
                    && let Ok(connection) = connection.try_lock()
                {
                    assert!(connection.prepare(b"select 1").is_err());
                    assert!(connection.remove_table(c"r").is_err());
                }
            }
            _ => {}
        }
    }

    fn is_time(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) % self.period == self.period - 1
    }

    fn is_odd(&self) -> bool {
        self.manner == Manner::Contradictory && self.is_time()
    }

    /// A number of rows, or of a row, that is not to be relied on.
    fn any_row(&self) -> usize {
        self.asked.load(Ordering::Relaxed).wrapping_mul(37) % 300
    }

    fn own(&self, row: usize, column: usize) -> Value<'_> {
        match self.rows.get(row).and_then(|row| row.get(column)) {
            None | Some(Own::Null) => Value::Null,
            Some(Own::Integer(value)) => Value::Integer(*value),
            Some(Own::Real(value)) => Value::Real(*value),
            Some(Own::Text(text)) => Value::Text(text),
            Some(Own::Blob(blob)) => Value::Blob(blob),
        }
    }
}

impl Table for Rows {
    fn columns(&self) -> &[Column] {
        self.act();
        if self.is_odd() { &self.columns[..1] } else { &self.columns }
    }

    fn rows(&self) -> usize {
        self.act();
        if self.is_odd() { self.any_row() } else { self.rows.len() }
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.act();
        if self.is_odd() { self.own(self.any_row(), 0) } else { self.own(row, column) }
    }

    fn extend<'a>(&'a self, values: &mut Vec<Value<'a>>, rows: Range<usize>, column: usize) {
        let rows = if self.is_odd() { 0..self.any_row() } else { rows };
        values.extend(rows.map(|row| self.value(row, column)));
    }
}

struct World {
    statements: Vec<Statement>,
    loaders: Vec<Loader>,
    connection: Arc<Mutex<Connection>>,
}

impl World {
    fn new() -> Option<Self> {
        let connection = Arc::new(Mutex::new(bounded_connection()?));
        let mut world = Self { statements: Vec::new(), loaders: Vec::new(), connection };
        for text in ["create table item (a, b)", "insert into item values (1, 'x'), (2, 3.5)"] {
            world.prepare(text.as_bytes());
            world.step(0);
            world.statements.clear();
        }
        Some(world)
    }

    /// A table of what is chosen: its columns, a few values, how many rows, and its manner.
    fn table(&self, choices: &Choices) -> Arc<dyn Table> {
        let manners =
            [Manner::Plain, Manner::Panicking, Manner::Contradictory, Manner::Using, Manner::Plain];
        let names: &[&str] = match choices.one_of(12) {
            0 => &["a", "a"],
            1 => &["a", "b\0c"],
            2 => &["a", "b", "\"; '", ""],
            3 => &["b"],
            _ => &["a", "b"],
        };
        let mut columns: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        if choices.one_of(20) == 1 {
            // More of them than SQLite tells which are used.
            columns.extend((0..70).map(|number| format!("c{number}")));
        }
        let declared = |name| Column { name, declared: TYPES[choices.one_of(TYPES.len())] };
        let width = columns.len();
        let columns = columns.into_iter().map(declared).collect();
        let distinct = choices.one_of(3) + 1;
        let some: Vec<Vec<u8>> = (0..distinct).map(|_| choices.some()).collect();
        let value = |row: usize, column: usize| {
            let bytes = some[row % distinct].clone();
            match (row + column + bytes.len()) % 6 {
                0 => Own::Null,
                1 => Own::Integer(row as i64 % 7),
                2 => Own::Real(row as f64 / 2.0),
                3 => Own::Text((row % 9).to_string().into_bytes()),
                4 => Own::Text(bytes),
                _ => Own::Blob(bytes),
            }
        };
        let count = choices.one_of(256);
        let rows = (0..count).map(|row| (0..width).map(|column| value(row, column)).collect());
        Arc::new(Rows {
            columns,
            rows: rows.collect(),
            manner: manners[choices.one_of(manners.len())],
            asked: AtomicUsize::new(0),
            period: choices.one_of(200) + 1,
            connection: Arc::downgrade(&self.connection),
        })
    }

    fn prepare(&mut self, text: &[u8]) {
        let prepared = self.connected(|connection| connection.prepare(text));
        if let Some(Ok((Some(statement), taken))) = prepared {
            assert!(taken <= text.len());
            self.statements.truncate(MOST_STATEMENTS - 1);
            self.statements.push(statement);
        }
    }

    /// Uses the connection; `None` where a table panics meanwhile.
    fn connected<T>(&self, work: impl FnOnce(&Connection) -> T) -> Option<T> {
        let connection = self.connection.lock().unwrap();
        catch_unwind(AssertUnwindSafe(|| work(&connection))).ok()
    }

    /// Tells whether there is a row.
    fn step(&mut self, place: usize) -> bool {
        let Some(statement) = self.statements.get_mut(place) else { return false };
        let stepped = catch_unwind(AssertUnwindSafe(|| statement.step()));
        let is_row = matches!(stepped, Ok(Ok(Step::Row)));
        if is_row {
            look(statement);
        }
        is_row
    }

    fn act(&mut self, act: u8, choices: &Choices) -> Option<()> {
        let place = choices.one_of(self.statements.len());
        match act % 14 {
            0 | 1 => {
                let table = self.table(choices);
                let name = NAMES[choices.one_of(NAMES.len())];
                drop(self.connected(|connection| connection.create_table(name, table)));
            }
            2 => {
                let name = NAMES[choices.one_of(NAMES.len())];
                drop(self.connected(|connection| connection.remove_table(name)));
            }
            3 | 4 => self.prepare(TEXTS[choices.one_of(TEXTS.len())].as_bytes()),
            5 => self.prepare(&choices.some()),
            6 => self.bind(place, choices)?,
            7 | 8 => drop(self.step(place)),
            9 => while self.step(place) {},
            10 => self.reset(place)?,
            11 => {
                let last = self.statements.len().checked_sub(1)?;
                let statement = self.statements.swap_remove(place.min(last));
                look(&statement);
            }
            12 => {
                let columns = choices.one_of(4);
                let text = LOADERS[choices.one_of(LOADERS.len())];
                let made = self.connected(|connection| {
                    Loader::new(connection, columns, |source| format!("{text}{source}"))
                });
                self.loaders.truncate(1);
                self.loaders.extend(made.and_then(Result::ok));
            }
            _ => {
                let table = self.table(choices);
                let loader = self.loaders.last_mut()?;
                drop(catch_unwind(AssertUnwindSafe(|| loader.load(table).map_err(drop))));
            }
        }
        self.statements.iter().for_each(look);
        Some(())
    }

    fn reset(&mut self, place: usize) -> Option<()> {
        let statement = self.statements.get_mut(place)?;
        drop(catch_unwind(AssertUnwindSafe(|| drop(statement.reset()))));
        Some(())
    }

    fn bind(&mut self, place: usize, choices: &Choices) -> Option<()> {
        let statement = self.statements.get_mut(place)?;
        let number = choices.one_of(4);
        let given = choices.next()?;
        // What cannot be bound is an error, and nothing else.
        let _ = match given % 5 {
            0 => statement.bind_null(number),
            1 => statement.bind_integer(number, i64::from(given) % 9 - 1),
            2 => statement.bind_real(number, f64::from(given) / 2.0 - 9.0),
            3 => statement.bind_text(number, &choices.some()),
            _ => statement.bind_blob(number, &choices.some()),
        };
        Some(())
    }
}

/// What stands in the row of a statement, if it stands at one, whatever has become of its table.
fn look(statement: &Statement) {
    (0..statement.data_count()).for_each(|column| touch(statement.value(column)));
}

fuzz_target!(|bytes: &[u8]| {
    let choices = Choices::new(bytes);
    let Some(mut world) = World::new() else { return };
    while let Some(act) = choices.next() {
        let _ = world.act(act, &choices);
    }
    assert!(world.connection.lock().unwrap().admit().is_ok());
});
