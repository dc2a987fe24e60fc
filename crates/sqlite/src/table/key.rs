//! What values have in common that are equal to each other, whatever affinity a comparison has.
//!
//! SQLite converts what it compares by the affinities of both sides, of which a virtual table knows
//! one. So a text that looks like a number goes by that number, as the number itself does.
//!
//! Reference: <https://sqlite.org/datatype3.html>, "Type Conversions Prior To Comparison".

use std::hash::{BuildHasher, RandomState};

use crate::value::Value;

/// What a text is where a number is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// It looks like no number, and stays a text.
    None,
    /// It is this INTEGER.
    Integer(i64),
    /// It is this REAL.
    Real(f64),
    /// It looks like a number that only SQLite itself can tell to the last bit.
    Unclear,
}

/// By what a value is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// NULL: it is equal to nothing.
    Null,
    /// Equal values have the same hash.
    Hash(u64),
    /// There is no telling.
    Unclear,
}

impl Key {
    pub(super) fn of(value: Value<'_>, hasher: &RandomState) -> Self {
        Self::Hash(match value {
            Value::Null => return Self::Null,
            Value::Integer(value) => hasher.hash_one((0_u8, value)),
            Value::Real(value) => hash_of_real(value, hasher),
            Value::Text(text) => match Number::of(text) {
                Number::None => hasher.hash_one((2_u8, text)),
                Number::Integer(value) => hasher.hash_one((0_u8, value)),
                Number::Real(value) => hash_of_real(value, hasher),
                Number::Unclear => return Self::Unclear,
            },
            Value::Blob(blob) => hasher.hash_one((3_u8, blob)),
        })
    }
}

/// A REAL that is an INTEGER is equal to it, negative zero to zero.
fn hash_of_real(value: f64, hasher: &RandomState) -> u64 {
    match whole(value) {
        Some(value) => hasher.hash_one((0_u8, value)),
        None => hasher.hash_one((1_u8, value.to_bits())),
    }
}

/// The INTEGER that a REAL is equal to.
pub(super) fn whole(value: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (value.trunc() == value && (-END..END).contains(&value)).then_some(value as i64)
}

impl Number {
    /// Reads `blanks [sign] digits [. digits] [e [sign] digits] blanks`, with a digit before the `e`.
    pub(super) fn of(text: &[u8]) -> Self {
        let text = trimmed(text);
        if let [b'0'..=b'9' | b'+' | b'-' | b'.', rest @ ..] = text
            && rest.contains(&0)
        {
            return Self::Unclear;
        }
        let (sign, rest) = split(text, |byte| matches!(byte, b'+' | b'-'), 1);
        let (whole, rest) = split(rest, |byte| byte.is_ascii_digit(), usize::MAX);
        let (point, rest) = split(rest, |byte| byte == b'.', 1);
        let (fraction, rest) = match point {
            [] => (&[][..], rest),
            _ => split(rest, |byte| byte.is_ascii_digit(), usize::MAX),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Self::None;
        }
        let (e, rest) = split(rest, |byte| matches!(byte, b'e' | b'E'), 1);
        if e.is_empty() {
            return match (rest, point) {
                ([], []) => integer(sign, whole),
                ([], _) => real(text, whole.len() + fraction.len(), fraction.len() as i64),
                _ => Self::None,
            };
        }
        let (_, rest) = split(rest, |byte| matches!(byte, b'+' | b'-'), 1);
        let (power, rest) = split(rest, |byte| byte.is_ascii_digit(), usize::MAX);
        match (power, rest) {
            ([], _) | (_, [_, ..]) => Self::None,
            _ => real(text, whole.len() + fraction.len(), i64::MAX),
        }
    }
}

/// The bytes that are so, at most `most` of them, and what is behind them.
fn split(text: &[u8], is_so: impl Fn(u8) -> bool, most: usize) -> (&[u8], &[u8]) {
    let length = text.iter().take(most).take_while(|byte| is_so(**byte)).count();
    text.split_at(length)
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r');
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_blank(*last)
    {
        text = rest;
    }
    text
}

fn integer(sign: &[u8], digits: &[u8]) -> Number {
    let text = [sign, digits].concat();
    let parsed = str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    parsed.map_or(Number::Unclear, Number::Integer)
}

/// A number of so few digits and so small a power of ten is a quotient of two exact floats, which
/// everybody rounds the same way.
fn real(text: &[u8], digits: usize, power: i64) -> Number {
    if digits > 15 || power > 22 {
        return Number::Unclear;
    }
    let parsed = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    parsed.map_or(Number::Unclear, Number::Real)
}
