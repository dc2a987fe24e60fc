//! A float as Python writes it.

/// What Python says, put together from the digits and the exponent that Rust says.
///
/// Rust rounds a tie between two shortest forms up, Python to even, as Rust does where it is
/// told how many digits there are to be.
pub(crate) fn repr(value: f64) -> String {
    let shortest = format!("{:e}", value.abs());
    let digits = shortest.split('e').next().map_or(0, str::len);
    let rounded = format!("{:.*e}", digits.saturating_sub(2), value.abs());
    // Beside a power of two, what is rounded so may be another number.
    let is_same = rounded.parse() == Ok(value.abs());
    let scientific = if is_same { rounded } else { shortest };
    let (mantissa, exponent) = scientific.split_once('e').expect("there is an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is an integer");
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if !(-4..16).contains(&exponent) {
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.abs());
    }
    let digits = mantissa.replace('.', "");
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let before = exponent as usize + 1;
    let padded = format!("{digits:0<before$}");
    let (whole, fraction) = padded.split_at(before);
    format!("{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
}
