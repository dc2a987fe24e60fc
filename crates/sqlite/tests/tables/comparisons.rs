//! Rows are found by the same comparisons as in a stored table, whatever is compared with what.

use onecross_sqlite::Connection;
use proptest::prelude::*;

use super::{Own, Rows, open, register, run};

const TYPES: [&str; 6] = ["INTEGER", "REAL", "TEXT", "NUMERIC", "BLOB", ""];

fn number_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just(""),
        Just(" "),
        Just("+"),
        Just("-"),
        Just("0"),
        Just("1"),
        Just("5"),
        Just("."),
        Just("e"),
        Just("E2"),
        Just("00"),
        Just("\t"),
        Just("12345678")
    ];
    prop::collection::vec(part, 0..7).prop_map(|parts| parts.concat())
}

fn value() -> impl Strategy<Value = Own> {
    prop_oneof![
        1 => Just(Own::Null),
        3 => (-3..20_i64).prop_map(Own::Integer),
        1 => any::<i64>().prop_map(Own::Integer),
        1 => prop::sample::select(vec![i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1])
            .prop_map(Own::Integer),
        2 => (-6..40_i64).prop_map(|half| Own::Real(half as f64 / 2.0)),
        1 => prop::sample::select(vec![-0.0, 9_223_372_036_854_775_808.0, 1e300, f64::INFINITY,
            9_007_199_254_740_992.0, 0.1, 0.1 + 0.2, 1e15, 123456789012345680.0, -1e18]).prop_map(Own::Real),
        3 => number_like().prop_map(Own::Text),
        2 => "[a-c5 ]{0,2}".prop_map(Own::Text),
        1 => prop::sample::select(vec!["9223372036854775807", "9223372036854775808", "1e400",
            "0.1", "0.10", "0.3", "Inf", "1.0e+15", "1000000000000000.0", "0x5", "inf", "5\0", " 5\0a", "a\0"]).prop_map(|text| Own::Text(text.into())),
        1 => prop::collection::vec(prop::sample::select(vec![b'5', b'a']), 0..2)
            .prop_map(Own::Blob),
    ]
}

fn column(kind: usize) -> impl Strategy<Value = (usize, Vec<Own>)> {
    prop::collection::vec(value(), 9..30).prop_map(move |values| (kind, values))
}

fn bind_all(connection: &Connection, text: &str, values: &[Own]) {
    let mut statement = connection.prepare(text.as_bytes()).unwrap().0.unwrap();
    for value in values {
        match value {
            Own::Null => statement.bind_null(1),
            Own::Integer(value) => statement.bind_integer(1, *value),
            Own::Real(value) => statement.bind_real(1, *value),
            Own::Text(text) => statement.bind_text(1, text.as_bytes()),
            Own::Blob(blob) => statement.bind_blob(1, blob),
        }
        .unwrap();
        statement.step().unwrap();
        statement.reset().unwrap();
    }
}

/// The values of a column as a stored table has them.
fn stored(connection: &Connection, table: &str) -> Vec<Own> {
    let text = format!("SELECT x FROM {table} ORDER BY rowid");
    let mut statement = connection.prepare(text.as_bytes()).unwrap().0.unwrap();
    let mut values = Vec::new();
    while statement.step().unwrap() == onecross_sqlite::Step::Row {
        values.push(match statement.value(0).unwrap() {
            onecross_sqlite::Value::Null => Own::Null,
            onecross_sqlite::Value::Integer(value) => Own::Integer(value),
            onecross_sqlite::Value::Real(value) => Own::Real(value),
            onecross_sqlite::Value::Text(text) => {
                Own::Text(String::from_utf8(text.to_vec()).unwrap())
            }
            onecross_sqlite::Value::Blob(blob) => Own::Blob(blob.to_vec()),
        });
    }
    values
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn as_in_a_stored_table(
        (kind, values) in (0..TYPES.len()).prop_flat_map(column),
        (other_kind, others) in (0..TYPES.len()).prop_flat_map(column),
    ) {
        let connection = open();
        let (declared, other) = (TYPES[kind], TYPES[other_kind]);
        run(&connection, &format!("CREATE TABLE t (x {declared}); CREATE TABLE o (x {other})"))
            .unwrap();
        bind_all(&connection, "INSERT INTO t VALUES (?)", &values);
        bind_all(&connection, "INSERT INTO o VALUES (?)", &others);
        let rows = stored(&connection, "t").into_iter().map(|value| vec![value]).collect();
        register(&connection, "r", Rows::new(&[("x", declared)], rows));
        for condition in [
            "o.x = y.x",
            "y.x = o.x",
            "+o.x = y.x",
            "y.x = CAST(o.x AS TEXT)",
            "y.x = CAST(o.x AS NUMERIC)",
            "y.x = o.x COLLATE NOCASE",
            "o.x = y.x COLLATE RTRIM",
            "y.rowid = o.x",
            "y.rowid >= o.x AND y.x = o.x",
            "y.rowid < o.x",
            "o.x <= y.rowid",
            "y.x IS o.x",
            "y.x IN (o.x, 5, '5')",
            "y.x IN (SELECT z.x FROM o AS z)",
            "y.x IN (SELECT z.x FROM o AS z WHERE z.rowid > o.rowid)",
            "y.x IN (SELECT +z.x FROM o AS z)",
            "y.rowid IN (SELECT z.x FROM o AS z)",
            "(y.x, y.rowid) IN (SELECT z.x, z.x FROM o AS z)",
        ] {
            for join in ["CROSS JOIN", "LEFT JOIN"] {
                let query = |table: &str| {
                    let text = format!(
                        "SELECT o.rowid, y.rowid, quote(y.x) FROM o {join} {table} AS y \
                         ON {condition} ORDER BY 1, 2"
                    );
                    run(&connection, &text).unwrap()
                };
                prop_assert_eq!(query("r"), query("t"), "{} {}", join, condition);
            }
        }
    }
}
