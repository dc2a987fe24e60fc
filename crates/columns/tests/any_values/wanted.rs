//! What is to stand in a row: each rule told again, by other means than those of the columns.

use chrono::{DateTime, NaiveDate};
use onecross_columns::{Cell, Kind, Reason, Rule, Zone};

use super::table::Stored;

/// What is to stand in a row of a column.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    Null,
    Integer(i64),
    Real(f64),
    /// Of the types that are text.
    Text(Kind, Vec<u8>),
    /// A text that reads as this float, of the types that are text.
    Spelled(Kind, f64),
    Blob(Vec<u8>),
    Boolean(bool),
    Date(i32),
    Timestamp(i64, Zone),
}

/// What a rule makes of a value.
pub(crate) fn wanted(rule: Rule, stored: &Stored) -> Result<Wanted, Reason> {
    let Rule::Exactly(kind) = rule else {
        return Ok(match stored.clone() {
            Stored::Null => Wanted::Null,
            Stored::Integer(integer) => Wanted::Integer(integer),
            Stored::Real(real) => Wanted::Real(real),
            Stored::Text(text) => Wanted::Text(Kind::Text, text),
            Stored::Blob(bytes) => Wanted::Blob(bytes),
        });
    };
    let is_written = matches!(kind, Kind::Text | Kind::Decimal | Kind::Json);
    let found = match (kind, stored.clone()) {
        (_, Stored::Null) => Some(Wanted::Null),
        (Kind::Integer, Stored::Integer(integer)) => Some(Wanted::Integer(integer)),
        (Kind::Integer, Stored::Real(real)) => {
            let integer = real as i128;
            let is_same = integer as f64 == real && !(integer == 0 && real != 0.0);
            i64::try_from(integer).ok().filter(|_| is_same).map(Wanted::Integer)
        }
        (Kind::Real, Stored::Real(real)) => Some(Wanted::Real(real)),
        (Kind::Real, Stored::Integer(integer)) => {
            integer.to_string().parse().ok().map(Wanted::Real)
        }
        (Kind::Text, Stored::Text(text)) => Some(Wanted::Text(kind, text)),
        (Kind::Text, Stored::Real(real)) => Some(Wanted::Spelled(kind, real)),
        (Kind::Blob, Stored::Text(bytes) | Stored::Blob(bytes)) => Some(Wanted::Blob(bytes)),
        (Kind::Boolean, Stored::Integer(0)) => Some(Wanted::Boolean(false)),
        (Kind::Boolean, Stored::Integer(1)) => Some(Wanted::Boolean(true)),
        (Kind::Date, Stored::Text(text)) => day(&text).map(Wanted::Date),
        (Kind::Timestamp, Stored::Text(text)) => {
            moment(&text).map(|(micros, zone)| Wanted::Timestamp(micros, zone))
        }
        (Kind::Decimal, Stored::Text(text)) => {
            is_decimal(&text).then_some(Wanted::Text(kind, text))
        }
        (Kind::Json, Stored::Text(text)) => Some(Wanted::Text(kind, text)),
        (_, Stored::Integer(integer)) if is_written => {
            Some(Wanted::Text(kind, integer.to_string().into_bytes()))
        }
        (_, Stored::Real(real)) if is_written && real.is_finite() => {
            Some(Wanted::Spelled(kind, real))
        }
        _ => None,
    };
    found.ok_or(Reason::NoSuchValue(kind))
}

/// The shape of a text: each digit is a zero.
fn shape(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    Some(text.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect())
}

fn day(text: &[u8]) -> Option<i32> {
    let is_day = shape(text)? == "0000-00-00" && !text.starts_with(b"0000");
    let day = std::str::from_utf8(text).ok().filter(|_| is_day)?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some(day.signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1)?).num_days() as i32)
}

/// A moment, as chrono reads it once the text is put into the form of RFC 3339.
fn moment(text: &[u8]) -> Option<(i64, Zone)> {
    let text = std::str::from_utf8(text).ok()?;
    day(text.get(..10)?.as_bytes())?;
    let mut rest = &text[10..];
    if rest.is_empty() {
        rest = " 00:00";
    }
    let rest = rest.strip_prefix([' ', 'T', 't'])?;
    let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let seconds = match shape(whole.as_bytes())?.as_str() {
        "00:00" if !time.contains('.') => ":00",
        "00:00:00" if !whole.ends_with(":60") => "",
        _ => return None,
    };
    let is_digits = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    let fraction = format!("{fraction:0<6}");
    let (fraction, past) = fraction.split_at_checked(6).filter(|_| is_digits)?;
    if !past.trim_end_matches('0').is_empty() {
        return None;
    }
    let (offset, is_local) = match shape(zone.as_bytes())?.as_str() {
        "" => ("Z", true),
        "Z" | "z" => ("Z", false),
        "+00:00" | "-00:00" => (zone, false),
        _ => return None,
    };
    let text = format!("{}T{whole}{seconds}.{fraction}{offset}", &text[..10]);
    let moment = DateTime::parse_from_rfc3339(&text).ok()?;
    let offset = Zone::Offset(moment.offset().local_minus_utc());
    Some((moment.timestamp_micros(), if is_local { Zone::Local } else { offset }))
}

/// The digits of a decimal number from the first that is none of zero, and its exponent. `None` for
/// what is no number.
pub(crate) fn digits_of(text: &[u8]) -> Option<(String, i128)> {
    let text = std::str::from_utf8(text).ok()?;
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    };
    let exponent = match exponent {
        None => 0,
        Some(exponent) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let is_digits = digits.bytes().all(|it| it.is_ascii_digit());
            i128::from(exponent.parse::<i64>().ok().filter(|_| is_digits)?)
        }
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    Some((digits.trim_start_matches('0').to_owned(), exponent - fraction.len() as i128))
}

fn is_decimal(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let special = String::from_utf8_lossy(unsigned).to_lowercase();
    match digits_of(text) {
        None => ["nan", "snan", "inf", "infinity"].contains(&special.as_str()),
        Some((digits, exponent)) => {
            let first = exponent + (digits.len() as i128 - 1).max(0);
            first < 10_i128.pow(18) && exponent > -2 * 10_i128.pow(18) + 2
        }
    }
}

impl Wanted {
    pub(crate) fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Null => return None,
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Text(kind, _) | Self::Spelled(kind, _) => *kind,
            Self::Blob(_) => Kind::Blob,
            Self::Boolean(_) => Kind::Boolean,
            Self::Date(_) => Kind::Date,
            Self::Timestamp(..) => Kind::Timestamp,
        })
    }

    /// Whether it is a text and no UTF-8.
    pub(crate) fn is_no_text(&self) -> bool {
        matches!(self, Self::Text(_, text) if std::str::from_utf8(text).is_err())
    }

    /// Checks what stands in the row. A float that was spelled is known by its text from then on.
    pub(crate) fn check(&mut self, cell: Cell<'_>) {
        let is_same = match (&*self, cell) {
            (Self::Null, Cell::Null) => true,
            (Self::Integer(one), Cell::Integer(other)) => *one == other,
            (Self::Real(one), Cell::Real(other)) => one.to_bits() == other.to_bits(),
            (Self::Blob(one), Cell::Blob(other)) => one == other,
            (Self::Boolean(one), Cell::Boolean(other)) => *one == other,
            (Self::Date(one), Cell::Date(other)) => *one == other,
            (Self::Timestamp(one, zone), Cell::Timestamp(other, its)) => {
                (*one, *zone) == (other, its)
            }
            (Self::Text(Kind::Text, one), Cell::Text(other))
            | (Self::Text(Kind::Decimal, one), Cell::Decimal(other))
            | (Self::Text(Kind::Json, one), Cell::Json(other)) => one == other.as_bytes(),
            (Self::Spelled(Kind::Text, one), Cell::Text(other))
            | (Self::Spelled(Kind::Decimal, one), Cell::Decimal(other))
            | (Self::Spelled(Kind::Json, one), Cell::Json(other)) => {
                let read: f64 = other.parse().expect("this is a float");
                let is_same = read.to_bits() == one.to_bits() || read.is_nan() && one.is_nan();
                if let (true, Some(kind)) = (is_same, self.kind()) {
                    *self = Self::Text(kind, other.as_bytes().to_vec());
                }
                is_same
            }
            _ => false,
        };
        assert!(is_same, "{cell:?} is not {self:?}");
    }
}
