//! Values that are to be of a type that was asked for.

use super::{Appender, State, misfit};
use crate::decimal;
use crate::kind::Kind;
use crate::misfit::{Misfit, Reason};
use crate::moment::{Zone, parse_date, parse_timestamp};
use crate::value::Value;

/// The least integer that no float of 64 bits can hold, but for powers of two.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

impl Appender {
    /// Appends a value as one of a type.
    pub(super) fn push_exactly(&mut self, kind: Kind, value: Value<'_>) -> Result<(), Box<Misfit>> {
        if let State::Nulls(rows) = self.state {
            self.state = State::of(kind, rows);
        }
        let appended = match (&mut self.state, value) {
            (State::Integers(column), Value::Integer(it)) => Some(column.push(it)),
            (State::Integers(column), Value::Real(it)) => integer(it).map(|it| column.push(it)),
            (State::Reals(column), Value::Real(it)) => Some(column.push(it)),
            (State::Reals(column), Value::Integer(it)) => Some(column.push(it as f64)),
            (State::Texts(column), Value::Text(it)) => Some(column.push(it)),
            (State::Texts(column), Value::Integer(_) | Value::Real(_)) => {
                Some(column.push(value.to_string().as_bytes()))
            }
            (State::Blobs(column), Value::Blob(it) | Value::Text(it)) => Some(column.push(it)),
            (State::Booleans(column), Value::Integer(it @ (0 | 1))) => Some(column.push(it as u8)),
            (State::Dates(column), Value::Text(it)) => parse_date(it).map(|it| column.push(it)),
            (State::Timestamps(column, zone), Value::Text(text)) => match parse_timestamp(text) {
                Some((_, other)) if *zone != Zone::Unknown && *zone != other => {
                    return Err(misfit(&value, Reason::OtherOffset));
                }
                Some((it, known)) => {
                    *zone = known;
                    Some(column.push(it))
                }
                None => None,
            },
            (State::Decimals(column), Value::Text(it)) if decimal::is_decimal(it) => {
                Some(column.push(it))
            }
            (State::Decimals(column), Value::Integer(_)) => {
                Some(column.push(value.to_string().as_bytes()))
            }
            (State::Decimals(column), Value::Real(it)) if it.is_finite() => {
                Some(column.push(value.to_string().as_bytes()))
            }
            (State::Json(column), Value::Text(it)) => Some(column.push(it)),
            (State::Json(column), Value::Integer(_)) => {
                Some(column.push(value.to_string().as_bytes()))
            }
            (State::Json(column), Value::Real(it)) if it.is_finite() => {
                Some(column.push(value.to_string().as_bytes()))
            }
            _ => None,
        };
        appended.ok_or_else(|| misfit(&value, Reason::NoSuchValue(kind)))
    }
}

/// The integer that a float is, if it is one.
fn integer(real: f64) -> Option<i64> {
    let is_whole = real.trunc() == real && (-TWO_TO_63..TWO_TO_63).contains(&real);
    is_whole.then_some(real as i64)
}
