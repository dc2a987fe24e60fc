//! A serializer as plain as can be, and the writer fed with the same values.

use onecross_json::{Encoded, Growing, Output, Writer};
use proptest::prelude::*;

use crate::repr::repr;

/// Any value that has a form in JSON.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// The forms in which a host may hold a text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Width {
    Narrowest,
    Utf8,
    Ucs4,
    Known,
}

/// All forms.
pub(crate) const WIDTHS: [Width; 4] = [Width::Narrowest, Width::Utf8, Width::Ucs4, Width::Known];

/// Any value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Integer),
        (0..10_000_i64).prop_map(Value::Integer),
        any::<i32>().prop_map(|value| Value::Float(f64::from(value) / 4.0)),
        any_float().prop_map(Value::Float),
        text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((text(), inner), 0..6).prop_map(Value::Object),
        ]
    })
}

/// Any float that is finite.
pub(crate) fn any_float() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("it is finite", |value| value.is_finite())
}

/// Asserts that a value is written as it should be.
pub(crate) fn check(value: &Value, width: Width) {
    let mut writer = Writer::new(Growing::default());
    write(&mut writer, value, width);
    assert_eq!(String::from_utf8_lossy(writer.finish().as_slice()), expected(value));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~]{0,20}",
        2 => "[a-zA-Z0-9 -]{0,70}",
        1 => "[a-zé\"\n]{0,40}",
        1 => "[а-яa-z]{0,20}",
        1 => any::<String>(),
    ]
}

fn write(writer: &mut Writer<Growing>, value: &Value, width: Width) {
    match value {
        Value::Null => writer.null(),
        Value::Boolean(value) => writer.boolean(*value),
        Value::Integer(value) => writer.integer(*value),
        Value::Float(value) => writer.float(*value),
        Value::Text(text) => write_text(writer, text, width),
        Value::List(items) => {
            writer.begin_list();
            for item in items {
                write(writer, item, width);
            }
            writer.end_list();
        }
        Value::Object(fields) => {
            writer.begin_object();
            for (key, value) in fields {
                write_key(writer, key, width);
                write(writer, value, width);
            }
            writer.end_object();
        }
    }
}

fn write_text(writer: &mut Writer<Growing>, text: &str, width: Width) {
    let codes = || text.chars().map(u32::from);
    match width {
        Width::Narrowest => match codes().max().unwrap_or_default() {
            0..0x80 => writer.ascii(text.as_bytes()),
            0x80..0x100 => writer.latin1(&codes().map(|code| code as u8).collect::<Vec<_>>()),
            0x100..0x1_0000 => writer.ucs2(&codes().map(|code| code as u16).collect::<Vec<_>>()),
            _ => writer.ucs4(&codes().collect::<Vec<_>>()),
        },
        Width::Utf8 => writer.utf8(text),
        Width::Ucs4 => writer.ucs4(&codes().collect::<Vec<_>>()),
        Width::Known => writer.constant(&Encoded::text(text)),
    }
}

fn write_key(writer: &mut Writer<Growing>, key: &str, width: Width) {
    let codes = || key.chars().map(u32::from);
    match width {
        Width::Narrowest => match codes().max().unwrap_or_default() {
            0..0x80 => writer.key_ascii(key.as_bytes()),
            0x80..0x100 => writer.key_latin1(&codes().map(|code| code as u8).collect::<Vec<_>>()),
            0x100..0x1_0000 => {
                writer.key_ucs2(&codes().map(|code| code as u16).collect::<Vec<_>>());
            }
            _ => writer.key_ucs4(&codes().collect::<Vec<_>>()),
        },
        Width::Utf8 => writer.key_utf8(key),
        Width::Ucs4 => writer.key_ucs4(&codes().collect::<Vec<_>>()),
        Width::Known => writer.key(&Encoded::key(key)),
    }
}

fn expected(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => repr(*value),
        Value::Text(text) => expected_text(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(expected).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let field = |(key, value): &(String, Value)| {
                format!("{}:{}", expected_text(key), expected(value))
            };
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

fn expected_text(text: &str) -> String {
    let character = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\0'..' ' => format!("\\u{:04x}", u32::from(character)),
        _ => character.to_string(),
    };
    format!("\"{}\"", text.chars().map(character).collect::<String>())
}
