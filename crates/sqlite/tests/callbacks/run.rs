//! Statements run to their ends, and what they answer, written as SQL writes values.

use onecross_sqlite::{Connection, Error, Step, Value};

/// Runs statements, each to its end; answers the rows of the last, written as SQL writes values.
pub(crate) fn run(connection: &Connection, text: &str) -> Result<Vec<String>, Error> {
    let mut rest = text.as_bytes();
    let mut rows = Vec::new();
    loop {
        let (statement, taken) = connection.prepare(rest)?;
        rest = &rest[taken..];
        let Some(mut statement) = statement else { return Ok(rows) };
        rows.clear();
        while statement.step().map_err(|error| *error)? == Step::Row {
            let values = (0..statement.column_count()).map(|column| shown(statement.value(column)));
            rows.push(values.collect::<Vec<_>>().join(" "));
        }
    }
}

pub(crate) fn shown(value: Option<Value<'_>>) -> String {
    match value.unwrap() {
        Value::Null => "NULL".into(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) => format!("'{}'", String::from_utf8_lossy(value)),
        Value::Blob(value) => format!("x{value:02x?}"),
    }
}
