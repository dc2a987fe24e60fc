//! Tables of any values, and what is asked of their columns.

use onecross_columns::{Kind, Rule, Value};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A value as a database keeps it.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl Stored {
    pub(crate) fn lent(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(integer) => Value::Integer(*integer),
            Self::Real(real) => Value::Real(*real),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) rules: Vec<Rule>,
    /// Each has a value for each rule.
    pub(crate) rows: Vec<Vec<Stored>>,
    /// The most rows and bytes of each batch, over and over.
    pub(crate) limits: Vec<(usize, usize)>,
}

/// Any table: most columns are of one type, or nearly so.
pub(crate) fn table() -> impl Strategy<Value = Table> {
    let limits = (1..20_usize, prop_oneof![Just(usize::MAX), 0..60_usize]);
    let shape = (0..4_usize, 0..40_usize, prop::collection::vec(limits, 1..4));
    shape.prop_flat_map(|(columns, rows, limits)| {
        prop::collection::vec(column(rows), columns).prop_map(move |columns| {
            let rules = columns.iter().map(|(rule, _)| *rule).collect();
            let row = |row: usize| columns.iter().map(|(_, values)| values[row].clone()).collect();
            Table { rules, rows: (0..rows).map(row).collect(), limits: limits.clone() }
        })
    })
}

const KINDS: [Kind; 9] = [
    Kind::Integer,
    Kind::Real,
    Kind::Text,
    Kind::Blob,
    Kind::Boolean,
    Kind::Date,
    Kind::Timestamp,
    Kind::Decimal,
    Kind::Json,
];

const ODD_DECIMALS: [&str; 13] = [
    "NaN",
    "-inf",
    "sNaN",
    "+Infinity",
    "1e999999999999999999",
    "10e999999999999999999",
    "0.1e1000000000000000000",
    "1e-1999999999999999997",
    "1.0e-1999999999999999997",
    "0e1000000000000000000",
    "1e9223372036854775807",
    ".1e-9223372036854775808",
    "1e99999999999999999999",
];

const DOCUMENTS: [&str; 4] = [
    "{\"a\": [1, 2.5, null], \"b\": {\"a\": true}}",
    " [1,\n 2]\r\n",
    "\"\u{e9}\\n\u{2028}\"",
    "-0.0",
];

/// Some are JSON, though no value that Rust has a type for.
const ODD_DOCUMENTS: [&str; 10] =
    ["1e400", "\"\\ud800\"", "[", "", "nul", "01", "NaN", "\"a\nb\"", "{\"a\": 1} 2", "[1] ,"];

fn column(rows: usize) -> impl Strategy<Value = (Rule, Vec<Stored>)> {
    let is_stray = prop_oneof![4 => Just(0_u32), 1 => Just(1)];
    let nulls = select(vec![0_u32, 1, 20]);
    (palette(), is_stray, nulls).prop_flat_map(move |((kind, values), strays, nulls)| {
        let rule = prop_oneof![
            4 => Just(Rule::Exactly(kind)),
            4 => Just(Rule::Infer(None)),
            1 => select(&KINDS[..4]).prop_map(|kind| Rule::Infer(Some(kind))),
            1 => select(&KINDS[..]).prop_map(Rule::Exactly),
            2 => Just(Rule::Any),
        ];
        let value = prop_oneof![
            nulls => Just(Stored::Null),
            12 => values,
            strays => whatever(),
        ];
        (rule, prop::collection::vec(value, rows))
    })
}

/// Values that belong together, and the type that most of them are of.
fn palette() -> impl Strategy<Value = (Kind, BoxedStrategy<Stored>)> {
    let zones = select(vec!["", "Z", "+00:00", "+02:00", "-05:30", "+23:59"]);
    let moments = prop_oneof![
        4 => zones.prop_map(|zone| moments(Just(zone).boxed())),
        1 => Just(moments(select(vec!["", "z", "+02:00", "+24:00", "+2"]).boxed())),
        1 => Just(moments(select(vec!["Z", "-05:30", "+02:00"]).boxed())),
    ];
    let numbers = prop_oneof![1 => integers(), 1 => reals(), 20 => small_numbers()].boxed();
    prop_oneof![
        Just((Kind::Integer, integers())),
        Just((Kind::Real, reals())),
        Just((Kind::Real, numbers)),
        Just((Kind::Integer, small_numbers())),
        Just((Kind::Text, texts())),
        Just((Kind::Blob, bytes().prop_map(Stored::Blob).boxed())),
        Just((Kind::Text, whatever())),
        Just((Kind::Boolean, (0..2_i64).prop_map(Stored::Integer).boxed())),
        Just((Kind::Date, text(days()))),
        Just((Kind::Date, text(mutated(days())))),
        moments.prop_map(|moments| (Kind::Timestamp, text(moments))),
        moments_and_more().prop_map(|moments| (Kind::Timestamp, text(moments))),
        Just((
            Kind::Decimal,
            prop_oneof![6 => text(short_decimals()), 1 => numbers_of_any()].boxed()
        )),
        Just((Kind::Decimal, text(decimals()))),
        Just((Kind::Decimal, text(mutated(decimals())))),
        Just((Kind::Json, text(json()))),
    ]
}

fn moments_and_more() -> impl Strategy<Value = BoxedStrategy<String>> {
    Just(mutated(moments(select(vec!["", "Z", "-05:30"]).boxed())))
}

fn integers() -> BoxedStrategy<Stored> {
    let near = (select(vec![0, 1 << 53, -(1 << 53), i64::MAX, i64::MIN]), -3..4_i64);
    let near = near.prop_map(|(integer, by)| integer.saturating_add(by));
    prop_oneof![any::<i64>(), near].prop_map(Stored::Integer).boxed()
}

fn reals() -> BoxedStrategy<Stored> {
    let whole = integers().prop_map(|it| match it {
        Stored::Integer(integer) => integer as f64,
        _ => 0.0,
    });
    prop_oneof![prop::num::f64::ANY, whole, -9.0..9.0].prop_map(Stored::Real).boxed()
}

fn small_numbers() -> BoxedStrategy<Stored> {
    prop_oneof![
        (-9..9_i64).prop_map(Stored::Integer),
        (-9..9_i32).prop_map(|it| Stored::Real(it.into())),
        (-9..9_i32).prop_map(|it| Stored::Real(f64::from(it) / 4.0)),
    ]
    .boxed()
}

fn numbers_of_any() -> BoxedStrategy<Stored> {
    prop_oneof![integers(), reals()].boxed()
}

fn texts() -> BoxedStrategy<Stored> {
    prop_oneof![4 => text(any::<String>().boxed()), 1 => bytes().prop_map(Stored::Text)].boxed()
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..20)
}

fn whatever() -> BoxedStrategy<Stored> {
    prop_oneof![integers(), reals(), texts(), bytes().prop_map(Stored::Blob), text(days())].boxed()
}

fn text(strategy: BoxedStrategy<String>) -> BoxedStrategy<Stored> {
    strategy.prop_map(|text| Stored::Text(text.into_bytes())).boxed()
}

fn days() -> BoxedStrategy<String> {
    let year = prop_oneof![1..=9999_u32, select(vec![1, 1900, 1969, 1970, 2000, 2024, 9999])];
    let month_and_day = prop_oneof![
        20 => (1..=12_u32, 1..=28_u32),
        4 => (1..=12_u32, 28..=31_u32),
        1 => (0..=13_u32, 0..=32_u32),
    ];
    (year, month_and_day).prop_map(|(y, (m, d))| format!("{y:04}-{m:02}-{d:02}")).boxed()
}

fn moments(zone: BoxedStrategy<&'static str>) -> BoxedStrategy<String> {
    let minutes = prop_oneof![
        60 => (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}")),
        1 => Just("24:00".to_owned()),
    ];
    let seconds = prop_oneof![
        20 => (0..60_u32).prop_map(|second| format!(":{second:02}")),
        20 => (0..60_u32, "[0-9]{1,6}0{0,3}").prop_map(|(it, past)| format!(":{it:02}.{past}")),
        1 => "[0-9]{7,9}".prop_map(|fraction| format!(":00.{fraction}")),
        10 => Just(String::new()),
        1 => Just(":60".to_owned()),
    ];
    let separator = select(vec![' ', 'T', 't']);
    let moment = (days(), separator, minutes, seconds, zone);
    let moment = moment.prop_map(|(day, separator, minutes, seconds, zone)| {
        format!("{day}{separator}{minutes}{seconds}{zone}")
    });
    prop_oneof![20 => moment, 1 => days()].boxed()
}

fn short_decimals() -> BoxedStrategy<String> {
    "[+-]?[0-9]{1,9}(\\.[0-9]{0,6})?".boxed()
}

fn decimals() -> BoxedStrategy<String> {
    prop_oneof![
        20 => "[+-]?[0-9]{0,25}(\\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?",
        1 => select(&ODD_DECIMALS[..]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn json() -> BoxedStrategy<String> {
    prop_oneof![
        30 => select(&DOCUMENTS[..]).prop_map(str::to_owned),
        10 => "[a-z0-9]{0,9}".prop_map(|text| format!("[\"{text}\", 1]")),
        1 => select(&ODD_DOCUMENTS[..]).prop_map(str::to_owned),
    ]
    .boxed()
}

/// Some of the texts with one character more, less or other.
fn mutated(strategy: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let change =
        (any::<Index>(), select(vec!["", " ", "0", "9", "-", ":", ".", "e", "+", "\u{e9}"]));
    let changed = (strategy.clone(), change, any::<bool>());
    let changed = changed.prop_map(|(text, (place, by), is_more)| {
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        let place = place.index(characters.len() + 1);
        if is_more || place == characters.len() {
            characters.insert(place, by.to_owned());
        } else {
            characters[place] = by.to_owned();
        }
        characters.concat()
    });
    prop_oneof![30 => strategy, 1 => changed].boxed()
}
