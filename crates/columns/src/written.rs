//! Days and times as the texts that a database keeps, of whatever unit they are counted in.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Timelike};

use crate::moment::{date_text, offset_text};

/// Days that have a text are those that Python has: of the years 1 to 9999.
const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;
const DAY: i64 = 86_400;

/// Seconds, and what is left of one.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    seconds: i64,
    nanoseconds: u32,
}

impl Part {
    /// A number of units, of which a second has so many.
    pub(crate) fn of(units: i64, per_second: i64) -> Self {
        let nanoseconds = units.rem_euclid(per_second) * (1_000_000_000 / per_second);
        Self { seconds: units.div_euclid(per_second), nanoseconds: nanoseconds as u32 }
    }
}

/// A day as `2026-11-22`.
pub(crate) fn date(days: i64) -> Option<String> {
    let days = i32::try_from(days).ok().filter(|days| has_text((*days).into()))?;
    Some(date_text(days))
}

fn has_text(days: i64) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&days)
}

/// A time of day as `18:30:00`, with six digits behind the point if it has any, or nine.
pub(crate) fn time(part: Part) -> Option<String> {
    if !(0..DAY).contains(&part.seconds) {
        return None;
    }
    let (hours, minutes) = (part.seconds / 3_600, part.seconds / 60 % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{:02}", part.seconds % 60);
    push_fraction(&mut text, part.nanoseconds);
    Some(text)
}

/// A day and a time of day since 1970-01-01 UTC, as `2026-11-22 18:30:00`, where the offset from UTC
/// is as it is told, and written behind it.
pub(crate) fn timestamp(part: Part, offset: Option<i32>) -> Option<String> {
    let local = part.seconds.checked_add(offset.unwrap_or(0).into())?;
    if !has_text(local.div_euclid(DAY)) {
        return None;
    }
    let moment = DateTime::from_timestamp(local, 0)?;
    let mut text = String::with_capacity(32);
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    write!(text, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").ok()?;
    push_fraction(&mut text, part.nanoseconds);
    if let Some(offset) = offset {
        text.push_str(&offset_text(offset));
    }
    Some(text)
}

fn push_fraction(text: &mut String, nanoseconds: u32) {
    if nanoseconds == 0 {
        return;
    }
    let written = if nanoseconds.is_multiple_of(1_000) {
        write!(text, ".{:06}", nanoseconds / 1_000)
    } else {
        write!(text, ".{nanoseconds:09}")
    };
    debug_assert!(written.is_ok());
}

/// The offset from UTC, in seconds, that a zone of Arrow's always has. The times of other zones are
/// written in UTC, in which they are kept.
pub(crate) fn offset(zone: &str) -> i32 {
    let (sign, digits) = match zone.as_bytes() {
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return 0,
    };
    let number = |tens: u8, ones: u8| {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
        Some(10 * digit(tens)? + digit(ones)?)
    };
    let parsed = match *digits {
        [h1, h2] => number(h1, h2).map(|hours| (hours, 0)),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => number(h1, h2).zip(number(m1, m2)),
        _ => None,
    };
    parsed.map_or(0, |(hours, minutes)| sign * (hours * 3_600 + minutes * 60))
}
