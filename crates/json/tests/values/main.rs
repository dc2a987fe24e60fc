//! What the writer writes, against a serializer as plain as can be.

mod repr;
mod serializer;

use onecross_json::{Ends, Growing, Output, Writer};
use proptest::prelude::*;

use repr::repr;
use serializer::{Value, WIDTHS, Width, any_float, check, value};

proptest! {
    #[test]
    fn any_value_is_written_as_json(value in value()) {
        for width in WIDTHS {
            check(&value, width);
        }
    }

    #[test]
    fn any_integer_is_written(value: i64) {
        check(&Value::Integer(value), Width::Utf8);
    }

    #[test]
    fn any_float_is_written_as_python_does(value in any_float()) {
        prop_assert_eq!(repr(value).parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        check(&Value::Float(value), Width::Utf8);
    }

    #[test]
    fn the_form_follows_the_exponent(mantissa in -10.0..10.0_f64, exponent in -12..20_i32) {
        let value: f64 = format!("{mantissa}e{exponent}").parse().expect("this is a number");
        check(&Value::Float(value), Width::Utf8);
    }
}

#[test]
fn text_of_every_length_is_written_with_a_quote_at_every_place() {
    for len in 0..70 {
        let clean = "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(len).collect::<String>();
        check(&Value::Text(clean.clone()), Width::Utf8);
        for place in 0..len {
            let mut text = clean.clone();
            text.replace_range(place..=place, "\"");
            check(&Value::Text(text), Width::Narrowest);
        }
    }
}

#[test]
fn a_long_text_is_written_whole_wherever_its_escape_stands() {
    for place in [0, 4_095, 4_096, 99_999] {
        let mut text = "x".repeat(100_000);
        text.replace_range(place..=place, "\u{1}");
        check(&Value::Text(text), Width::Narrowest);
    }
}

#[test]
fn a_lone_surrogate_is_escaped() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_object();
    writer.key_ucs2(&[0xd83d]);
    writer.ucs2(&[u16::from(b'a'), 0xd83d, 0xdc00, 0x20ac]);
    writer.key_ucs4(&[0x1f600]);
    writer.ucs4(&[0x1f600, 0xdfff]);
    writer.end_object();
    let written = writer.finish().into_vec();
    assert_eq!(String::from_utf8_lossy(&written), r#"{"\ud83d":"a\ud83d\udc00€","😀":"😀\udfff"}"#);
}

#[test]
fn digits_and_raw_bytes_are_taken_as_they_are() {
    let mut writer = Writer::new(Growing::default());
    writer.raw(br#"{"data":"#);
    writer.begin_list();
    writer.number_text(b"123456789012345678901234567890");
    writer.end_list();
    writer.end_object();
    let expected = br#"{"data":[123456789012345678901234567890]}"#;
    assert_eq!(writer.finish().as_slice(), expected);
}

#[test]
fn an_end_replaces_only_the_comma_of_a_value() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    writer.begin_list();
    writer.end_list();
    writer.begin_object();
    writer.end_object();
    writer.ascii(b",");
    writer.end_list();
    assert_eq!(writer.finish().as_slice(), br#"[[],{},","]"#);
}

#[test]
fn a_rollback_forgets_what_was_written_since_the_mark() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    writer.integer(1);
    let mark = writer.mark();
    writer.begin_object();
    writer.key_utf8("half");
    writer.rollback(mark);
    writer.null();
    writer.end_list();
    assert_eq!(writer.finish().as_slice(), b"[1,null]");
}

#[test]
fn a_writer_goes_on_where_another_finished() {
    let mut writer = Writer::new(Growing::default());
    writer.raw(br#"{"data":"#);
    writer.null();
    let mut writer = Writer::new(writer.finish());
    writer.raw(b",");
    writer.key_utf8("errors");
    writer.begin_list();
    writer.end_list();
    writer.end_object();
    assert_eq!(writer.finish().as_slice(), br#"{"data":null,"errors":[]}"#);
}

/// A text of 1 to 15 bytes as the two words that `ascii_ends` takes.
fn ends(text: &[u8]) -> Ends {
    let mut front = [b' '; 8];
    let short = text.len().min(8);
    front[..short].copy_from_slice(&text[..short]);
    let back = text.last_chunk().copied().unwrap_or(front);
    Ends { front: u64::from_le_bytes(front), back: u64::from_le_bytes(back), len: text.len() }
}

proptest! {
    #[test]
    fn a_short_text_by_its_ends_is_written_as_any_other(text in "[ -~]{1,15}|[\\x00-\\x7f]{1,15}") {
        let mut by_ends = Writer::new(Growing::default());
        let mut as_any = Writer::new(Growing::default());
        let is_plain = !text.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
        prop_assert_eq!(by_ends.ascii_ends(ends(text.as_bytes())), is_plain);
        if is_plain {
            as_any.ascii(text.as_bytes());
        }
        // A value after it tells what was counted as written.
        by_ends.null();
        as_any.null();
        let (by_ends, as_any) = (by_ends.finish(), as_any.finish());
        prop_assert_eq!(by_ends.as_slice(), as_any.as_slice());
    }
}
