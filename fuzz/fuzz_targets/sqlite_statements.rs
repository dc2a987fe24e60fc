//! Whatever is prepared, bound, stepped, called back and let go in whatever order: no byte is read
//! that is not there. Built with a sanitizer, SQLite itself included.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onecross_fuzz::{Choices, bounded_connection, touch};
use onecross_sqlite::{
    Access, Answer, Arguments, Blob, Connection, Place, Scalar, Signature, Statement, Step, Value,
};

const TEXTS: &[&str] = &[
    "select a, b, f(a, ?) from item where a is not ? order by b collate c",
    "insert into item values (?, ?) returning a, f(b)",
    "update item set a = f(b), b = ?1 || ?2",
    "delete from item where a = ? or f(a)",
    "select f(?), ?, group_concat(b) from item group by f(a) having count(*) > ?",
    "with recursive n(i) as (select ? union all select i + 1 from n) select i, f(i) from n",
    "create index by_b on item (b collate c)",
    "drop table item",
    "create table item (a, b)",
    "begin",
    "rollback",
    "commit",
    "savepoint s",
    "rollback to s",
    "vacuum",
    "select json_group_array(a), sum(b) over (order by a) from item",
];
const MOST_STATEMENTS: usize = 8;

struct World {
    connection: Connection,
    statements: Vec<Statement>,
    blobs: Vec<Blob>,
}

impl World {
    fn new(choices: &Choices) -> Option<Self> {
        let connection = bounded_connection()?;
        connection
            .create_scalar(&Signature { name: c"f", arguments: -1, flags: 0 }, answering(choices))
            .ok()?;
        let given = choices.clone();
        connection
            .create_collation(
                c"c",
                Box::new(move |one, other| {
                    Ok(if given.next() == Some(7) { other.cmp(one) } else { one.cmp(other) })
                }),
            )
            .ok()?;
        let mut world = Self { connection, statements: Vec::new(), blobs: Vec::new() };
        world.prepare(b"create table item (a, b)");
        world.step(0);
        Some(world)
    }

    fn prepare(&mut self, text: &[u8]) {
        if let Ok((Some(statement), taken)) = self.connection.prepare(text) {
            assert!(taken <= text.len());
            self.statements.truncate(MOST_STATEMENTS - 1);
            self.statements.push(statement);
        }
    }

    fn step(&mut self, place: usize) {
        let Some(statement) = self.statements.get_mut(place) else { return };
        if let Ok(Step::Row) = statement.step() {
            for column in 0..statement.count_columns() {
                touch(statement.value(column));
                statement.column_name(column).map(|name| name.to_bytes().len());
                statement.column_declared_type(column).map(|kind| kind.to_bytes().len());
            }
        }
    }

    fn act(&mut self, act: u8, choices: &Choices) -> Option<()> {
        let place = usize::from(choices.next()?) % self.statements.len().max(1);
        match act % 12 {
            0 => self.prepare(TEXTS[usize::from(choices.next()?) % TEXTS.len()].as_bytes()),
            1 => self.prepare(&choices.some()),
            2 => self.bind(place, choices)?,
            3 | 4 => self.step(place),
            5 => drop(self.statements.get_mut(place)?.reset()),
            6 => self.statements.get_mut(place)?.clear_bindings(),
            7 => {
                drop(self.statements.swap_remove(place.min(self.statements.len().checked_sub(1)?)))
            }
            8 => {
                let statement = self.statements.get_mut(place)?;
                statement.expanded_text().map(|text| text.to_bytes().len());
                (1..=statement.parameter_count()).for_each(|number| {
                    drop(statement.parameter_name(number).map(|it| it.to_owned()))
                });
                (0..statement.data_count()).for_each(|column| {
                    touch(statement.written(column).map(Value::Blob));
                });
            }
            9 => drop(self.connection.reset_all()),
            10 => self.open_blob(choices),
            _ => self.write_blob(choices),
        }
        Some(())
    }

    fn bind(&mut self, place: usize, choices: &Choices) -> Option<()> {
        let statement = self.statements.get_mut(place)?;
        let number = usize::from(choices.next()?) % 5;
        let given = choices.next()?;
        // What cannot be bound is an error, and nothing else.
        let _ = match given % 5 {
            0 => statement.bind_null(number),
            1 => statement.bind_integer(number, i64::from(given) - 100),
            2 => statement.bind_real(number, f64::from(given) / 3.0),
            3 => statement.bind_text(number, &choices.some()),
            _ => statement.bind_blob(number, &choices.some()),
        };
        Some(())
    }

    fn open_blob(&mut self, choices: &Choices) {
        let row = i64::from(choices.next().unwrap_or(1)) % 4;
        let place = Place { database: c"main", table: c"item", column: c"b", row };
        if let Ok(blob) = self.connection.open_blob(&place, Access::Write) {
            self.blobs.truncate(2);
            self.blobs.push(blob);
        }
    }

    fn write_blob(&mut self, choices: &Choices) {
        let offset = usize::from(choices.next().unwrap_or(0)) % 30;
        let Some(blob) = self.blobs.last_mut() else { return };
        let mut bytes = vec![0; blob.length().min(20)];
        let _ = blob.read_at(offset, &mut bytes);
        let _ = blob.write_at(offset, &choices.some());
        let _ = blob.reopen(offset as i64 % 4);
    }
}

/// A function that answers one of its arguments, or an error.
fn answering(choices: &Choices) -> Scalar {
    let choices = choices.clone();
    Box::new(move |arguments: Arguments<'_>, answer: &mut Answer<'_>| {
        let chosen = usize::from(choices.next().unwrap_or(0));
        match arguments.get(chosen % arguments.len().max(1)) {
            Some(Value::Text(text)) if chosen % 7 == 0 => answer.blob(text),
            Some(Value::Text(text)) => answer.text(text),
            Some(Value::Blob(blob)) => answer.blob(blob),
            Some(Value::Integer(_)) if chosen % 7 == 0 => answer.error("odd"),
            Some(Value::Integer(integer)) => answer.integer(integer),
            Some(Value::Real(real)) => answer.real(real),
            Some(Value::Null) | None => answer.null(),
        }
    })
}

fuzz_target!(|bytes: &[u8]| {
    let choices = Choices::new(bytes);
    let Some(mut world) = World::new(&choices) else { return };
    while let Some(act) = choices.next() {
        let _ = world.act(act, &choices);
    }
});
