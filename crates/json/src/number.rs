//! Numbers as Python writes them.

/// The least number that takes more than four digits.
const FIVE_DIGITS: u64 = 10_000;

/// The least number that takes more than eight digits.
const NINE_DIGITS: u64 = 100_000_000;

/// Writes an integer and tells how many bytes it took.
#[inline]
pub(crate) fn write_integer(value: i64, to: &mut [u8; 32]) -> usize {
    match u64::try_from(value) {
        Ok(value) if value < FIVE_DIGITS => write_four_digits(value as u32, to),
        Ok(value) if value < NINE_DIGITS => write_eight_digits(value, to),
        _ => write_wide_integer(value, to),
    }
}

/// Writes a finite float as `repr` does and tells how many bytes it took.
///
/// The digits are the fewest that give the number back; `repr` writes an exponent for what is
/// below 0.0001 or has more than sixteen digits before the point, always of two digits or more.
#[inline(never)]
pub(crate) fn write_float(value: f64, to: &mut [u8; 32]) -> usize {
    debug_assert!(value.is_finite(), "JSON has no form for {value}");
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value).as_bytes();
    let magnitude = value.abs();
    if (1e-9..1e-4).contains(&magnitude) {
        return write_small_float(text, to);
    }
    copy(text, to)
}

/// Finds all four digits at once, one in each byte, and shifts out the zeros in front.
#[inline]
fn write_four_digits(value: u32, to: &mut [u8; 32]) -> usize {
    let hundreds = (value * 10_486) >> 20;
    let twos = hundreds | (value - 100 * hundreds) << 16;
    let tens = (twos * 103) >> 10 & 0x000f_000f;
    let ones = tens | (twos - 10 * tens) << 8;
    // Zero itself keeps its last digit.
    let leading = (ones | 1 << 24).trailing_zeros() & !7;
    let digits = (ones | 0x3030_3030) >> leading;
    to[..4].copy_from_slice(&digits.to_le_bytes());
    4 - leading as usize / 8
}

/// Finds all eight digits at once, one in each byte, and shifts out the zeros in front.
#[inline]
fn write_eight_digits(value: u64, to: &mut [u8; 32]) -> usize {
    const HUNDREDTHS: u64 = 0x0000_007f_0000_007f;
    const TENTHS: u64 = 0x000f_000f_000f_000f;
    let fours = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = (fours * 10_486) >> 20 & HUNDREDTHS;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (twos * 103) >> 10 & TENTHS;
    let ones = tens | (twos - 10 * tens) << 8;
    // Zero itself keeps its last digit.
    let leading = (ones | 1 << 56).trailing_zeros() & !7;
    let digits = (ones | 0x3030_3030_3030_3030) >> leading;
    to[..8].copy_from_slice(&digits.to_le_bytes());
    8 - leading as usize / 8
}

#[cold]
#[inline(never)]
fn write_wide_integer(value: i64, to: &mut [u8; 32]) -> usize {
    copy(itoa::Buffer::new().format(value).as_bytes(), to)
}

/// Writes what stands with one digit of exponent, or as `0.00001`, where `repr` says `1e-05`.
#[cold]
fn write_small_float(text: &[u8], to: &mut [u8; 32]) -> usize {
    let (sign, digits) = text.split_at(usize::from(text[0] == b'-'));
    let (first, rest, exponent) = match digits.strip_prefix(b"0.0000") {
        Some(digits) => (digits[0], &digits[1..], b'5'),
        None => {
            let (mantissa, exponent) = digits.split_at(digits.len() - 3);
            let rest = mantissa.get(2..).unwrap_or_default();
            (mantissa[0], rest, exponent[2])
        }
    };
    let point: &[u8] = if rest.is_empty() { b"" } else { b"." };
    let mut written = 0;
    for part in [sign, &[first], point, rest, b"e-0", &[exponent]] {
        to[written..][..part.len()].copy_from_slice(part);
        written += part.len();
    }
    written
}

/// Copies a number of at most 32 bytes without a call for it.
#[inline]
fn copy(text: &[u8], to: &mut [u8; 32]) -> usize {
    let len = text.len();
    if let (Some(first), Some(last)) = (text.first_chunk::<16>(), text.last_chunk::<16>()) {
        to[..16].copy_from_slice(first);
        to[len - 16..len].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        to[..8].copy_from_slice(first);
        to[len - 8..len].copy_from_slice(last);
    } else {
        for (from, to) in text.iter().zip(to) {
            *to = *from;
        }
    }
    len
}

#[cfg(test)]
mod tests {
    fn integer(value: i64) -> String {
        let mut to = [0; 32];
        let len = super::write_integer(value, &mut to);
        String::from_utf8(to[..len].to_vec()).expect("digits are ASCII")
    }

    fn float(value: f64) -> String {
        let mut to = [0; 32];
        let len = super::write_float(value, &mut to);
        String::from_utf8(to[..len].to_vec()).expect("digits are ASCII")
    }

    #[test]
    fn integers_of_every_length_are_written() {
        for digits in 0..=18 {
            let power = 10_i64.pow(digits);
            for value in [power - 1, power, power + 1, 7 * power, -power, 1 - power] {
                assert_eq!(integer(value), value.to_string());
            }
        }
        assert_eq!(integer(i64::MAX), "9223372036854775807");
        assert_eq!(integer(i64::MIN), "-9223372036854775808");
    }

    #[test]
    fn small_integers_are_written() {
        for value in (0..20_000).chain((0..100_000_000).step_by(9_973)) {
            assert_eq!(integer(value), value.to_string());
        }
    }

    #[test]
    fn floats_are_written_as_repr_does() {
        for (value, repr) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100.0"),
            (123_456_789.125, "123456789.125"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (-0.000_123_4, "-0.0001234"),
            (0.000_099_999_999_999_999_99, "9.999999999999999e-05"),
            (0.00001, "1e-05"),
            (-0.00001, "-1e-05"),
            (0.000_015, "1.5e-05"),
            (1e-6, "1e-06"),
            (-1.5e-7, "-1.5e-07"),
            (1e-8, "1e-08"),
            (1.234e-9, "1.234e-09"),
            (1e-9, "1e-09"),
            (9.999e-10, "9.999e-10"),
            (1e-10, "1e-10"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (-1.5e16, "-1.5e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (1e23, "1e+23"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (7.291_122_019_556_398e-304, "7.291122019556398e-304"),
            (2.225_073_858_507_201_4e-308, "2.2250738585072014e-308"),
            (-1.797_693_134_862_315_7e308, "-1.7976931348623157e+308"),
            (5.684_341_886_080_802e-14, "5.684341886080802e-14"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
        ] {
            assert_eq!(float(value), repr);
        }
    }
}
