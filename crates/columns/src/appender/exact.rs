//! Values that are to be of a type that was asked for.

use super::room::with_room;
use super::{Appender, State, misfit};
use crate::decimal::is_decimal;
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
        let refused = || misfit(&value, Reason::NoSuchValue(kind));
        match (&mut self.state, value) {
            (State::Integers(column), Value::Integer(it)) => column.push(it)?,
            (State::Integers(column), Value::Real(it)) => {
                column.push(integer(it).ok_or_else(refused)?)?;
            }
            (State::Reals(column), Value::Real(it)) => column.push(it)?,
            (State::Reals(column), Value::Integer(it)) => column.push(it as f64)?,
            (State::Texts(column), Value::Text(it)) => column.push(it)?,
            (State::Texts(column), Value::Integer(_) | Value::Real(_)) => {
                column.push(value.to_string().as_bytes())?;
            }
            (State::Blobs(column), Value::Blob(it) | Value::Text(it)) => column.push(it)?,
            (State::Booleans(column), Value::Integer(it @ (0 | 1))) => column.push(it as u8)?,
            (State::Dates(column), Value::Text(it)) => {
                column.push(parse_date(it).ok_or_else(refused)?)?;
            }
            (State::Timestamps(column, zone), Value::Text(text)) => {
                let (it, known) = parse_timestamp(text).ok_or_else(refused)?;
                if *zone != Zone::Unknown && *zone != known {
                    let mut zones = Vec::new();
                    with_room(&mut zones, column.len() + 1)?.resize(column.len(), *zone);
                    zones.push(known);
                    column.push(it)?;
                    self.state = State::Moments(std::mem::take(column), zones);
                    return Ok(());
                }
                *zone = known;
                column.push(it)?;
            }
            (State::Moments(column, zones), Value::Text(text)) => {
                let (it, zone) = parse_timestamp(text).ok_or_else(refused)?;
                column.push(it)?;
                with_room(zones, 1)?.push(zone);
            }
            (State::Decimals(column), Value::Text(it)) if is_decimal(it) => column.push(it)?,
            (State::Json(column), Value::Text(it)) => column.push(it)?,
            (State::Decimals(column) | State::Json(column), Value::Integer(_)) => {
                column.push(value.to_string().as_bytes())?;
            }
            (State::Decimals(column) | State::Json(column), Value::Real(it)) if it.is_finite() => {
                column.push(value.to_string().as_bytes())?;
            }
            _ => return Err(refused()),
        }
        Ok(())
    }
}

/// The integer that a float is, if it is one.
fn integer(real: f64) -> Option<i64> {
    let is_whole = real.trunc() == real && (-TWO_TO_63..TWO_TO_63).contains(&real);
    is_whole.then_some(real as i64)
}
