//! Days and times: from the text that a database keeps, and back to it.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike};

/// The days from the first of the common era to that of Unix.
const UNIX_EPOCH: i32 = 719_163;
const MICROSECONDS: i64 = 1_000_000;

/// What the times of a column are relative to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// They are local, wherever that is.
    Local,
    /// UTC with so many seconds added.
    Offset(i32),
}

/// Days since 1970-01-01 of a text as `2026-11-22`.
pub(crate) fn parse_date(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let year = 100 * two([y1, y2])? + two([y3, y4])?;
    let date = NaiveDate::from_ymd_opt(year as i32, two([m1, m2])?, two([d1, d2])?)?;
    // Python has no year 0.
    (year > 0).then(|| date.num_days_from_ce() - UNIX_EPOCH)
}

/// Microseconds since 1970-01-01, of a text as ISO 8601 has it: a day, a blank or `T`, hours and
/// minutes, perhaps seconds with at most six digits behind the point, perhaps an offset. A day
/// alone is its midnight.
pub(crate) fn parse_timestamp(text: &[u8]) -> Option<(i64, Zone)> {
    let (date, rest) = text.split_at_checked(10)?;
    let days = i64::from(parse_date(date)?);
    let Some((b' ' | b'T' | b't', time)) = rest.split_first() else {
        return rest.is_empty().then_some((days * 86_400 * MICROSECONDS, Zone::Local));
    };
    let ([h1, h2, b':', m1, m2], mut rest) = time.split_first_chunk()? else { return None };
    let (hours, minutes) = (two([*h1, *h2])?, two([*m1, *m2])?);
    let (mut seconds, mut micros) = (0, 0);
    if let [b':', s1, s2, tail @ ..] = rest {
        seconds = two([*s1, *s2])?;
        rest = tail;
        if let [b'.', tail @ ..] = rest {
            let digits = tail.iter().take_while(|it| it.is_ascii_digit()).count();
            micros = parse_fraction(&tail[..digits])?;
            rest = &tail[digits..];
        }
    }
    NaiveTime::from_hms_opt(hours, minutes, seconds)?;
    let of_day = i64::from(hours * 3_600 + minutes * 60 + seconds);
    let zone = parse_zone(rest)?;
    let offset = if let Zone::Offset(offset) = zone { i64::from(offset) } else { 0 };
    Some(((days * 86_400 + of_day - offset) * MICROSECONDS + i64::from(micros), zone))
}

fn parse_zone(text: &[u8]) -> Option<Zone> {
    match *text {
        [] => Some(Zone::Local),
        [b'Z' | b'z'] => Some(Zone::Offset(0)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two([h1, h2])?, two([m1, m2])?);
            let offset = (hours * 3_600 + minutes * 60) as i32;
            let is_offset = hours < 24 && minutes < 60;
            is_offset.then_some(Zone::Offset(if sign == b'-' { -offset } else { offset }))
        }
        _ => None,
    }
}

/// Microseconds of the digits behind the point, of which those past the sixth must be zeros.
fn parse_fraction(digits: &[u8]) -> Option<u32> {
    let (kept, past) = digits.split_at(digits.len().min(6));
    if kept.is_empty() || past.iter().any(|digit| *digit != b'0') {
        return None;
    }
    let number = kept.iter().fold(0, |number, digit| 10 * number + u32::from(digit - b'0'));
    Some(number * 10_u32.pow(6 - kept.len() as u32))
}

fn two(digits: [u8; 2]) -> Option<u32> {
    let [tens, ones] = digits.map(|digit| u32::from(digit.wrapping_sub(b'0')));
    (tens < 10 && ones < 10).then_some(10 * tens + ones)
}

/// Hour, minute, second, microsecond.
pub type Time = (u8, u8, u8, u32);

/// Year, month and day of a day that is given as days since 1970-01-01.
pub fn date_of(days: i32) -> Option<(i32, u8, u8)> {
    let date = NaiveDate::from_num_days_from_ce_opt(days.checked_add(UNIX_EPOCH)?)?;
    Some((date.year(), date.month() as u8, date.day() as u8))
}

/// The day, as days since 1970-01-01, and the time of day where the zone is, of a time that is
/// given as microseconds since 1970-01-01 UTC.
pub fn time_of(micros: i64, zone: Zone) -> Option<(i32, Time)> {
    let offset = if let Zone::Offset(offset) = zone { offset } else { 0 };
    let local = micros.checked_add(i64::from(offset) * MICROSECONDS)?;
    let moment = DateTime::from_timestamp_micros(local)?;
    let (day, time) = (moment.date_naive().num_days_from_ce() - UNIX_EPOCH, moment.time());
    let fraction = local.rem_euclid(MICROSECONDS) as u32;
    Some((day, (time.hour() as u8, time.minute() as u8, time.second() as u8, fraction)))
}

/// The text of a day that is given as days since 1970-01-01, as `2026-11-22`.
pub fn date_text(days: i32) -> String {
    match date_of(days) {
        Some((year, month, day)) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("{days} days since 1970-01-01"),
    }
}

/// The text of a time that is given as microseconds since 1970-01-01 UTC, as
/// `2026-11-22 18:30:00`; with fractions only where there are some, and with the offset if it is
/// known.
pub fn timestamp_text(micros: i64, zone: Zone, separator: char) -> String {
    let Some((day, (hour, minute, second, fraction))) = time_of(micros, zone) else {
        return format!("{micros} microseconds since 1970-01-01");
    };
    let mut text = format!("{}{separator}{hour:02}:{minute:02}:{second:02}", date_text(day));
    if fraction != 0 {
        text.push_str(&format!(".{fraction:06}"));
    }
    if let Zone::Offset(offset) = zone {
        text.push_str(&offset_text(offset));
    }
    text
}

/// An offset from UTC as `+02:00`.
pub(crate) fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{Zone, date_text, parse_date, parse_timestamp, timestamp_text};

    #[test]
    fn days_come_back_as_they_were() {
        for text in ["0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(date_text(parse_date(text.as_bytes()).unwrap()), text);
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["2023-02-29", "0000-01-01", "2024-1-01", "24-01-01", "2024-01-01 ", "", "now"]
        {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn times_come_back_as_they_were() {
        for text in [
            "1970-01-01 00:00:00",
            "1969-12-31 23:59:59.999999",
            "2026-11-22 18:30:00.500000+02:00",
            "0001-01-01 00:00:00+23:59",
            "2026-11-22 18:30:00-05:30",
        ] {
            let (micros, zone) = parse_timestamp(text.as_bytes()).unwrap();
            assert_eq!(timestamp_text(micros, zone, ' '), text);
        }
    }

    #[test]
    fn times_may_be_shortened() {
        let midnight = parse_timestamp(b"2026-11-22").unwrap();
        assert_eq!(parse_timestamp(b"2026-11-22T00:00"), Some(midnight));
        assert_eq!(parse_timestamp(b"2026-11-22 00:00:00.0000000"), Some(midnight));
        let (micros, zone) = parse_timestamp(b"1970-01-01T01:00:00.25Z").unwrap();
        assert_eq!((micros, zone), (3_600_250_000, Zone::Offset(0)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "2026-11-22 24:00:00",
            "2026-11-22 23:60:00",
            "2026-11-22 23:59:60",
            "2026-11-22 23:59:59.",
            "2026-11-22 23:59:59.1234567",
            "2026-11-22 23:59+2",
            "2026-11-22 23:59+24:00",
            "2026-11-22x23:59",
            "2026-11-22 ",
            "1763836200",
            "",
        ] {
            assert_eq!(parse_timestamp(text.as_bytes()), None, "{text}");
        }
    }
}
