//! How statements go through a table: by which rows, in which order, how many of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use onecross_sqlite::Connection;

use super::{Rows, open, register, run};

fn registered(count: i64) -> (Connection, Arc<AtomicUsize>) {
    let connection = open();
    let rows = Rows::numbered(count);
    let reads = Arc::clone(&rows.reads);
    register(&connection, "r", rows);
    (connection, reads)
}

fn plan(connection: &Connection, text: &str) -> String {
    run(connection, &format!("EXPLAIN QUERY PLAN {text}")).unwrap().join("\n")
}

#[test]
fn a_rowid_is_gone_to() {
    let (connection, reads) = registered(1000);
    for (rowid, expected) in
        [("7", "6"), ("7.0", "6"), ("' 7 '", "6"), ("'7.0'", "6"), ("1000", "999")]
    {
        let text = format!("SELECT a FROM r WHERE rowid = {rowid}");
        assert_eq!(run(&connection, &text).unwrap(), [expected], "{rowid}");
    }
    for rowid in ["0", "1001", "-1", "7.5", "'x'", "x'37'", "NULL", "9e30", "-9223372036854775808"]
    {
        let text = format!("SELECT a FROM r WHERE rowid = {rowid}");
        assert!(run(&connection, &text).unwrap().is_empty(), "{rowid}");
    }
    assert_eq!(reads.load(Ordering::Relaxed), 5);
}

#[test]
fn bounds_of_rowids_are_kept() {
    let (connection, _) = registered(20);
    for (condition, expected) in [
        ("rowid > 18", "19,20"),
        ("rowid >= 18 AND rowid < 20", "18,19"),
        ("rowid > 17.5 AND rowid <= 18.5", "18"),
        ("rowid BETWEEN -5 AND 2", "1,2"),
        ("rowid < 2", "1"),
        ("rowid > 100", ""),
        ("rowid < 'x' AND rowid > 19", "20"),
        ("rowid > 'x'", ""),
        ("rowid < '3'", "1,2"),
        ("rowid > NULL", ""),
        ("rowid > 9223372036854775807", ""),
        ("rowid >= 9e99", ""),
        ("rowid < -9e99", ""),
        ("rowid <= 9223372036854775807 AND rowid > 19", "20"),
        ("rowid > 5 AND rowid < 3", ""),
        ("rowid IN (3, 5, 99)", "3,5"),
    ] {
        let text = format!("SELECT coalesce(group_concat(rowid), '') FROM r WHERE {condition}");
        assert_eq!(run(&connection, &text).unwrap(), [format!("'{expected}'")], "{condition}");
    }
}

#[test]
fn rows_come_in_the_order_of_rowids_either_way() {
    let (connection, _) = registered(5);
    for order in ["rowid", "rowid DESC"] {
        for condition in ["", "WHERE rowid > 2", "WHERE a = 3", "WHERE rowid = 3"] {
            let text = format!("SELECT a FROM r {condition} ORDER BY {order}");
            assert!(!plan(&connection, &text).contains("TEMP B-TREE"), "{text}");
        }
    }
    assert_eq!(run(&connection, "SELECT a FROM r ORDER BY rowid DESC").unwrap()[..2], ["4", "3"]);
    let text = "SELECT a FROM r WHERE rowid BETWEEN 2 AND 4 ORDER BY rowid DESC";
    assert_eq!(run(&connection, text).unwrap(), ["3", "2", "1"]);
    assert!(plan(&connection, "SELECT a FROM r ORDER BY b").contains("TEMP B-TREE"));
}

#[test]
fn a_single_look_makes_no_index_and_many_looks_do() {
    let (connection, reads) = registered(1000);
    run(&connection, "SELECT b FROM r WHERE a = 500").unwrap();
    assert_eq!(reads.swap(0, Ordering::Relaxed), 1000 + 1);
    run(&connection, "SELECT b FROM r WHERE a = 500").unwrap();
    assert!(reads.swap(0, Ordering::Relaxed) < 1000 + 20);
    run(&connection, "SELECT b FROM r WHERE a = 501").unwrap();
    assert!(reads.swap(0, Ordering::Relaxed) < 20);
}

#[test]
fn a_join_looks_each_value_up() {
    let (connection, reads) = registered(2000);
    run(
        &connection,
        "CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT);
         INSERT INTO t SELECT a, b FROM r; ANALYZE",
    )
    .unwrap();
    reads.store(0, Ordering::Relaxed);
    for text in [
        "SELECT count(*) FROM t CROSS JOIN r WHERE r.a = t.x",
        "SELECT count(*) FROM t CROSS JOIN r WHERE r.b = t.y",
        "SELECT count(*) FROM t LEFT JOIN r ON r.b = t.y",
        "SELECT count(*) FROM t JOIN r ON r.a = t.x",
        "SELECT count(*) FROM r AS q JOIN r ON r.b = q.b",
    ] {
        assert_eq!(run(&connection, text).unwrap(), ["2000"], "{text}");
        let read = reads.swap(0, Ordering::Relaxed);
        assert!(read < 20_000, "{text}: {read}");
    }
}

#[test]
fn a_few_rows_are_told_from_one_of_a_stored_table_by_its_key() {
    let (connection, _) = registered(10);
    run(
        &connection,
        "CREATE TABLE t (x INTEGER PRIMARY KEY, y);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
         INSERT INTO t SELECT i, i FROM n; ANALYZE",
    )
    .unwrap();
    let chosen = plan(&connection, "SELECT * FROM t JOIN r ON r.a = t.x");
    let scans = chosen.find("SCAN r VIRTUAL TABLE").expect(&chosen);
    assert!(scans < chosen.find("SEARCH t USING INTEGER PRIMARY KEY").expect(&chosen), "{chosen}");
}

#[test]
fn another_collation_is_compared_by_sqlite() {
    let (connection, _) = registered(100);
    run(&connection, "CREATE TABLE t (x TEXT COLLATE NOCASE); INSERT INTO t VALUES ('T5')")
        .unwrap();
    for _ in 0..3 {
        let text = "SELECT r.a FROM t CROSS JOIN r ON t.x = r.b";
        assert_eq!(run(&connection, text).unwrap(), ["5"]);
        let text = "SELECT a FROM r WHERE b = 'T5' COLLATE NOCASE";
        assert_eq!(run(&connection, text).unwrap(), ["5"]);
    }
}
