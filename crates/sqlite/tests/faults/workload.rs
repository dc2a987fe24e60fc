//! Numbered transactions, after each of which it is known what the database must hold.

use onecross_sqlite::{Code, Connection, Error, Step, Value};

/// How commits reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A write-ahead log, synced by each commit.
    Wal,
    /// A journal that is deleted, and the folder synced.
    DeleteExtra,
    /// A journal that is deleted, which a loss of power may bring back.
    Delete,
}

/// The number of the last transaction.
pub(crate) const LAST: i64 = 9;
/// How many transactions what one has inserted outlives.
const LIFE: i64 = 3;
const ROWS: i64 = 5;

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Wal, Self::DeleteExtra, Self::Delete];

    /// Small pages and a small cache, so that changes spill before their commit.
    pub(crate) fn configure(self, connection: &Connection) -> Result<(), Error> {
        run(connection, "pragma page_size = 512")?;
        run(connection, "pragma cache_size = 5")?;
        run(connection, "pragma wal_autocheckpoint = 20")?;
        let (journal, synchronous) = match self {
            Self::Wal => ("wal", "full"),
            Self::DeleteExtra => ("delete", "extra"),
            Self::Delete => ("delete", "full"),
        };
        run(connection, &format!("pragma synchronous = {synchronous}"))?;
        run(connection, &format!("pragma journal_mode = {journal}"))
    }
}

/// Runs a statement to its end.
pub(crate) fn run(connection: &Connection, text: &str) -> Result<(), Error> {
    let (statement, _) = connection.prepare(text.as_bytes())?;
    let mut statement = statement.expect("there is a statement in the text");
    while statement.step().map_err(|error| *error)? == Step::Row {}
    Ok(())
}

/// Takes the database from what the transaction before has left to what this one leaves.
pub(crate) fn transact(connection: &Connection, number: i64) -> Result<(), Error> {
    run(connection, "begin immediate")?;
    if number == 0 {
        run(connection, "create table done (number)")?;
        run(connection, "create table item (id integer primary key, number, content)")?;
        run(connection, "insert into done values (0)")?;
        return run(connection, "commit");
    }
    run(connection, &format!("update done set number = {number} where number = {number} - 1"))?;
    assert_eq!(connection.changes(), 1, "what was committed before {number} is there");
    let (insert, _) = connection.prepare(b"insert into item values (?, ?, ?)")?;
    let mut insert = insert.expect("there is a statement");
    for (id, number, content) in rows_of(number, false) {
        let told = |code: Code| Error::of_code(code.0);
        insert.bind_integer(1, id).map_err(told)?;
        insert.bind_integer(2, number).map_err(told)?;
        insert.bind_blob(3, &content).map_err(told)?;
        insert.step().map_err(|error| *error)?;
        insert.reset().map_err(|error| *error)?;
    }
    drop(insert);
    let before = number - 1;
    run(
        connection,
        &format!("update item set content = -id where id % 2 = 0 and number = {before}"),
    )?;
    run(connection, &format!("delete from item where number <= {number} - {LIFE}"))?;
    match number % 4 {
        1 => run(connection, "create index by_number on item (number, content)")?,
        3 => run(connection, "drop index by_number")?,
        _ => {}
    }
    run(connection, "commit")
}

type Row = (i64, i64, Vec<u8>);

/// The rows that a transaction inserts, as they are then, or after the next has changed them.
fn rows_of(number: i64, is_changed: bool) -> impl Iterator<Item = Row> {
    (0..ROWS).map(move |place| {
        let id = number * ROWS + place;
        let content = if is_changed && id % 2 == 0 {
            format!("{}", -id).into_bytes()
        } else {
            let length = (id * 389 % 1_300) as usize;
            (0..length).map(|at| (at as i64 * 7 + id) as u8).collect()
        };
        (id, number, content)
    })
}

fn expected(number: i64) -> Vec<Row> {
    let first = (number - LIFE + 1).max(1);
    (first..=number).flat_map(|each| rows_of(each, each < number)).collect()
}

/// The number of the last transaction, all of which is there and nothing else; `None` of none.
pub(crate) fn check(connection: &Connection) -> Result<Option<i64>, Error> {
    assert_eq!(texts(connection, "pragma integrity_check")?, ["ok"]);
    if texts(connection, "select name from sqlite_schema where name = 'done'")?.is_empty() {
        return Ok(None);
    }
    let number = texts(connection, "select cast(number as text) from done")?;
    let [number] = &number[..] else { panic!("one number, and not {number:?}") };
    let number = number.parse().unwrap();
    assert_eq!(rows(connection)?, expected(number), "after transaction {number}");
    Ok(Some(number))
}

fn texts(connection: &Connection, text: &str) -> Result<Vec<String>, Error> {
    let (statement, _) = connection.prepare(text.as_bytes())?;
    let mut statement = statement.expect("there is a statement in the text");
    let mut texts = Vec::new();
    while statement.step().map_err(|error| *error)? == Step::Row {
        let Some(Value::Text(text)) = statement.value(0) else { panic!("no text") };
        texts.push(String::from_utf8(text.to_vec()).unwrap());
    }
    Ok(texts)
}

fn rows(connection: &Connection) -> Result<Vec<Row>, Error> {
    let (statement, _) = connection.prepare(b"select id, number, content from item order by id")?;
    let mut statement = statement.expect("there is a statement");
    let mut rows = Vec::new();
    while statement.step().map_err(|error| *error)? == Step::Row {
        let integer = |column| match statement.value(column) {
            Some(Value::Integer(integer)) => integer,
            other => panic!("no integer: {other:?}"),
        };
        let content = match statement.value(2) {
            Some(Value::Blob(content)) => content.to_vec(),
            Some(Value::Integer(content)) => content.to_string().into_bytes(),
            other => panic!("no content: {other:?}"),
        };
        rows.push((integer(0), integer(1), content));
    }
    Ok(rows)
}
