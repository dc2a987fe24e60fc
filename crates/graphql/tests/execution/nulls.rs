//! Null where it may not stand rises to the nearest place where it may.

use crate::host::{Answer, Case};

/// The answer for a field `x` of that type, beside a field that is always there.
fn check(output: &str, value: &str, json: &str, errors: &[&str]) {
    let types = format!(
        "type Query {{ a: Int x: {output} }} type Seat {{ row: Int! name: String seat: Seat sure: Seat! }}"
    );
    let (document, root) = ("{ a x }", format!("{{ a: 1, x: {value} }}"));
    let document = match output.contains("Seat") {
        true => "{ a x { name row seat { row } sure { row } } }",
        false => document,
    };
    let seat = |row: &str| format!(r#"{{"name":null,"row":{row},"seat":null,"sure":{{"row":0}}}}"#);
    let json = json.replace("SEAT", &seat("7"));
    let answer = Case::new(&types).answer(document, &root);
    assert_eq!(answer, Answer::new(&json, errors), "{output} of {value}");
}

#[test]
fn null_stands_where_it_may() {
    check("Int", "null", r#"{"a":1,"x":null}"#, &[]);
    check("Int", "error(lost)", r#"{"a":1,"x":null}"#, &["x: lost"]);
    check("[Int]", "[1, null, error(lost), 4]", r#"{"a":1,"x":[1,null,null,4]}"#, &["x.2: lost"]);
}

#[test]
fn from_the_root_null_has_nowhere_to_go() {
    check("Int!", "null", "null", &["x: null"]);
    check("Int!", "error(lost)", "null", &["x: lost"]);
    check("[Int!]!", "[1, null]", "null", &["x.1: null"]);
    check("[[Int!]!]!", "[[1], [2, error(lost)]]", "null", &["x.1.1: lost"]);
}

#[test]
fn a_list_takes_the_null_of_its_items() {
    check("[Int!]", "[1, null, 3]", r#"{"a":1,"x":null}"#, &["x.1: null"]);
    check("[[Int!]]", "[[1], [null], [3]]", r#"{"a":1,"x":[[1],null,[3]]}"#, &["x.1.0: null"]);
    check("[[Int!]!]", "[[1], [null]]", r#"{"a":1,"x":null}"#, &["x.1.0: null"]);
    check("[[Int]!]", "[[1], null]", r#"{"a":1,"x":null}"#, &["x.1: null"]);
}

#[test]
fn an_object_takes_the_null_of_its_fields() {
    let good = "sure: { row: 0 }";
    check("Seat", &format!("{{ row: 7, {good} }}"), r#"{"a":1,"x":SEAT}"#, &[]);
    check("Seat", &format!("{{ {good} }}"), r#"{"a":1,"x":null}"#, &["x.row: null"]);
    check(
        "Seat",
        "{ row: 7, sure: { row: error(lost) } }",
        r#"{"a":1,"x":null}"#,
        &["x.sure.row: lost"],
    );
    check(
        "[Seat]",
        &format!("[{{ row: null, {good} }}, {{ row: 7, {good} }}, error(gone)]"),
        r#"{"a":1,"x":[null,SEAT,null]}"#,
        &["x.0.row: null", "x.2: gone"],
    );
    check(
        "[Seat!]",
        &format!("[{{ row: 7, {good} }}, {{}}]"),
        r#"{"a":1,"x":null}"#,
        &["x.1.row: null"],
    );
}

#[test]
fn errors_found_before_null_rose_remain() {
    check(
        "Seat",
        "{ name: error(first), row: 7, seat: { row: error(second) }, sure: null }",
        r#"{"a":1,"x":null}"#,
        &["x.name: first", "x.seat.row: second", "x.sure: null"],
    );
}

#[test]
fn nothing_after_a_null_that_rises_is_executed() {
    check("[Seat!]", "[null, { row: error(never) }]", r#"{"a":1,"x":null}"#, &["x.0: null"]);
    check("Seat", "{ row: null, sure: error(never) }", r#"{"a":1,"x":null}"#, &["x.row: null"]);
}
