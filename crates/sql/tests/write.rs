//! Columns in memory, as SQL reads them.

use std::sync::Arc;

use onecross_columns::Value;
use onecross_sql::write::{Cells, Column, Joined, One, Rows};
use onecross_sqlite::{self as sqlite, Table};

fn cells(values: &[Value<'_>]) -> Cells {
    let mut cells = Cells::default();
    for value in values {
        cells.push(*value);
    }
    cells
}

fn rows(numbers: &[i64]) -> Rows {
    let values: Vec<_> = numbers.iter().map(|number| Value::Integer(*number)).collect();
    Rows { names: names(), columns: vec![Column::Cells(cells(&values))], rows: numbers.len() }
}

fn names() -> Vec<sqlite::Column> {
    vec![sqlite::Column { name: "a".into(), declared: "" }]
}

#[test]
fn values_come_back_as_they_were() {
    let values = [
        Value::Null,
        Value::Text("é".as_bytes()),
        Value::Blob(b""),
        Value::Integer(i64::MIN),
        Value::Real(0.5),
        Value::Blob(b"\xff"),
        Value::Text(b""),
    ];
    let mut cells = cells(&values);
    for (row, value) in values.iter().enumerate() {
        assert_eq!(cells.value(row), *value);
    }
    assert_eq!((cells.len(), cells.bytes()), (7, 3));
    cells.clear();
    assert!(cells.is_empty());
    cells.push_text(|bytes| bytes.extend_from_slice(b"anew"));
    assert_eq!(cells.value(0), Value::Text(b"anew"));
}

#[test]
fn the_type_of_a_column_leaves_its_values_as_they_are() {
    for (values, declared) in [
        (&[Value::Null, Value::Integer(1)][..], "INTEGER"),
        (&[Value::Real(1.0), Value::Null], "REAL"),
        (&[Value::Text(b"1"), Value::Text(b"")], "TEXT"),
        (&[Value::Blob(b"1")], "BLOB"),
        (&[Value::Integer(1), Value::Real(1.0)], ""),
        (&[Value::Text(b"1"), Value::Integer(1), Value::Text(b"1")], ""),
        (&[Value::Null], ""),
        (&[], ""),
    ] {
        assert_eq!(cells(values).declared(), declared, "{values:?}");
    }
}

#[test]
fn joined_parts_are_one_table() {
    let parts = vec![rows(&[]), rows(&[1, 2]), rows(&[]), rows(&[3]), rows(&[4, 5, 6])];
    let joined = Joined::new(names(), parts);
    let numbers: Vec<_> = (0..joined.rows()).map(|row| joined.value(row, 0)).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6].map(sqlite::Value::Integer));
    assert_eq!(Joined::new(names(), vec![rows(&[7])]).value(0, 0), sqlite::Value::Integer(7));
    assert_eq!(Joined::new(names(), Vec::new()).rows(), 0);
}

#[test]
fn one_row_is_a_table_of_one() {
    let one = One { table: Arc::new(rows(&[1, 2, 3])), row: 1 };
    assert_eq!((one.rows(), one.value(0, 0)), (1, sqlite::Value::Integer(2)));
    assert_eq!(one.columns(), names());
}
