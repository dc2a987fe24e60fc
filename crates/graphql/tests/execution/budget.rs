//! A plan keeps only so much; what it does not keep it makes anew, with the same answer.

use onecross_graphql::plan::{Plan, Selected};

use crate::host::{Answer, Case, Names, answer, value};

const TYPES: &str = "
    type Query { a: Int seats: [Seat] any: [Any] }
    type Seat { row: Int! name: String next: Seat }
    type Guest { age: Int }
    union Any = Seat | Guest
";

const SEATS: &str = "seats { row name next { row next { row } } } any { ... on Guest { age } }";

const ROOT: &str = "{
    a: 0
    seats: [{ row: 1, next: { row: 2, next: { row: 3 } } }, { row: 4, next: {} }]
    any: [Guest { age: 5 }, Seat {}]
}";

/// A plan whose root alone has as many fields as a plan keeps.
fn full() -> Plan<Names> {
    let mut document = "{ ".to_owned();
    for number in 0..(1 << 17) - 2 {
        document += &format!("k{number}: a ");
    }
    Case::new(TYPES).plan(&format!("{document} {SEATS} }}"), &[])
}

#[test]
fn a_full_plan_answers_as_any_other() {
    let small = answer(&Case::new(TYPES).plan(&format!("{{ {SEATS} }}"), &[]), &value(ROOT));
    let full = full();
    for _ in 0..2 {
        let Answer { json, errors } = answer(&full, &value(ROOT));
        let seats = json.find(r#""seats""#).expect("the seats come last");
        assert_eq!(format!("{{{}", &json[seats..]), small.json);
        assert_eq!(errors, small.errors);
    }
    assert_eq!(small.errors, ["seats.1.next.row: null"]);
}

#[test]
fn a_full_plan_keeps_no_more() {
    let plan = full();
    plan.root();
    let size = plan.size();
    answer(&plan, &value(ROOT));
    assert_eq!(plan.size(), size);
}

#[test]
fn fields_made_anew_have_the_numbers_they_had() {
    let plan = full();
    let seats = &plan.root().fields[(1 << 17) - 2];
    let seat = plan.schema().find("Seat").expect("the schema has seats");
    let numbers = || {
        let made = plan.selection(seats, 0, seat);
        assert!(matches!(made, Selected::Made(_)));
        made.fields.iter().map(|field| field.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(), numbers());
}
