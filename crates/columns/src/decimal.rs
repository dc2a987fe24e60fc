//! Decimal numbers: their text, and what they are as whole numbers of one scale.

/// The digits that a decimal number of 128 bits has room for.
pub(crate) const MOST_DIGITS: u8 = 38;

/// A number as digits and how many of them stand behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) digits: i128,
    pub(crate) scale: u8,
}

/// The exponents between which Python's `decimal` has room for a number
/// (<https://docs.python.org/3/library/decimal.html#constants>).
const LEAST_EXPONENT: i64 = -1_999_999_999_999_999_997;
const MOST_EXPONENT: i64 = 999_999_999_999_999_999;

/// Whether it is the text of a decimal number that Python's `decimal` has room for.
pub(crate) fn is_decimal(text: &[u8]) -> bool {
    let Some((_, whole, fraction, exponent)) = split(text) else { return is_special(text) };
    let zeros = whole.iter().chain(fraction).take_while(|digit| **digit == b'0').count();
    let beyond_first = (whole.len() + fraction.len()).saturating_sub(zeros + 1);
    let last = i64::try_from(fraction.len()).ok().and_then(|it| exponent.checked_sub(it));
    let first =
        i64::try_from(beyond_first).ok().zip(last).and_then(|(it, last)| last.checked_add(it));
    last.is_some_and(|last| last >= LEAST_EXPONENT) && first.is_some_and(|it| it <= MOST_EXPONENT)
}

/// Whether it is the text of what is a decimal and no number.
pub(crate) fn is_special(text: &[u8]) -> bool {
    let unsigned = match text {
        [b'+' | b'-', rest @ ..] => rest,
        text => text,
    };
    ["nan", "snan", "inf", "infinity"].iter().any(|it| unsigned.eq_ignore_ascii_case(it.as_bytes()))
}

/// The number that a text is. `None` for what is special, and for more than 38 digits.
pub(crate) fn parse(text: &[u8]) -> Option<Decimal> {
    let (is_negative, whole, fraction, exponent) = split(text)?;
    let mut digits: i128 = 0;
    for digit in whole.iter().chain(fraction) {
        digits = digits.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    let mut scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    if scale < 0 {
        let zeros = if digits == 0 { 0 } else { u32::try_from(-scale).ok()? };
        digits = digits.checked_mul(10_i128.checked_pow(zeros)?)?;
        scale = 0;
    }
    let scale = u8::try_from(scale).ok().filter(|scale| *scale <= MOST_DIGITS)?;
    let digits = if is_negative { -digits } else { digits };
    (digits.unsigned_abs() < 10_u128.pow(u32::from(MOST_DIGITS)))
        .then_some(Decimal { digits, scale })
}

impl Decimal {
    /// The same number with at least as many digits behind the point.
    pub(crate) fn at_scale(self, scale: u8) -> Option<i128> {
        let factor = 10_i128.checked_pow(u32::from(scale.checked_sub(self.scale)?))?;
        let digits = self.digits.checked_mul(factor)?;
        (digits.unsigned_abs() < 10_u128.pow(u32::from(MOST_DIGITS))).then_some(digits)
    }
}

type Parts<'a> = (bool, &'a [u8], &'a [u8], i64);

/// Sign, digits before and behind the point, exponent.
fn split(text: &[u8]) -> Option<Parts<'_>> {
    let (is_negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        text => (false, text),
    };
    let (whole, rest) = leading_digits(unsigned);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => leading_digits(rest),
        rest => (&[][..], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => {
            let is_digits = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+"));
            let (digits, past) = leading_digits(is_digits.unwrap_or(exponent));
            if digits.is_empty() || !past.is_empty() {
                return None;
            }
            std::str::from_utf8(exponent).ok()?.parse().ok()?
        }
        _ => return None,
    };
    Some((is_negative, whole, fraction, exponent))
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|it| it.is_ascii_digit()).count())
}

#[cfg(test)]
mod tests {
    use super::{Decimal, is_decimal, parse};

    #[test]
    fn numbers_are_digits_and_a_scale() {
        for (text, digits, scale) in [
            ("0", 0, 0),
            ("-1.10", -110, 2),
            ("+.5", 5, 1),
            ("5.", 5, 0),
            ("1e3", 1000, 0),
            ("1.25E-2", 125, 4),
            ("0e99", 0, 0),
            ("99999999999999999999999999999999999999", 10_i128.pow(38) - 1, 0),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(Decimal { digits, scale }), "{text}");
        }
    }

    #[test]
    fn what_has_no_room_is_none_though_it_is_a_number() {
        for text in ["1e38", "1e-39", "1e999999999", "NaN", "-Infinity"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
            assert!(is_decimal(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        for text in
            ["", "-", ".", "1,5", "1e", "1e+-5", "0x1", " 1", "one", "1e99999999999999999999"]
        {
            assert!(!is_decimal(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_number_is_scaled_up_only() {
        let number = parse(b"1.5").unwrap();
        assert_eq!(number.at_scale(3), Some(1500));
        assert_eq!(number.at_scale(0), None);
        assert_eq!(number.at_scale(38), None);
    }
}
