//! Which bytes must be escaped in JSON: control characters, quotes and backslashes.
//!
//! Eight bytes are judged at once within a plain integer, sixteen within a vector; neither names a
//! processor.

use wide::u8x16;

/// Flips the bit that lets the quote, 0x22, trade places with the space, 0x20: it then adjoins the
/// control characters, and one comparison finds both.
const QUOTE_TO_SPACE: u8 = 0x02;

/// Sets the highest bit of the first byte to escape, and of none before it.
///
/// The first byte is the lowest one. What is set after it means nothing, since a difference may
/// borrow from the byte that follows. The result is zero if there is no such byte.
#[inline]
pub(crate) fn special(bytes: u64) -> u64 {
    let control_or_quote = (bytes ^ eight(QUOTE_TO_SPACE)).wrapping_sub(eight(0x21));
    let backslash = (bytes ^ eight(b'\\')).wrapping_sub(eight(1));
    (control_or_quote | backslash) & !bytes & eight(0x80)
}

/// Whether any byte is to be escaped.
#[inline]
pub(crate) fn any_special(bytes: &[u8; 16]) -> bool {
    any_special_byte(u8x16::from(*bytes))
}

/// Whether any byte of two words is to be escaped.
#[inline]
pub(crate) fn any_special_of(front: u64, back: u64) -> bool {
    any_special_byte(bytemuck::cast([front, back]))
}

#[inline]
fn any_special_byte(bytes: u8x16) -> bool {
    let flipped = bytes ^ u8x16::splat(QUOTE_TO_SPACE);
    let is_low = flipped.min(u8x16::splat(0x20)).simd_eq(flipped);
    (is_low | bytes.simd_eq(u8x16::splat(b'\\'))).any()
}

#[inline]
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{any_special, any_special_of, special};

    fn check(bytes: [u8; 16]) {
        let expected = |bytes: &[u8]| {
            bytes.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))
        };
        assert_eq!(any_special(&bytes), expected(&bytes).is_some());
        let [front, back] =
            [0, 8].map(|at| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()));
        assert_eq!(any_special_of(front, back), expected(&bytes).is_some());
        for half in bytes.as_chunks::<8>().0 {
            let found = special(u64::from_le_bytes(*half));
            let first = (found != 0).then(|| found.trailing_zeros() as usize / 8);
            assert_eq!(first, expected(half));
            assert_eq!(found & 0x7f7f_7f7f_7f7f_7f7f, 0);
        }
    }

    #[test]
    fn every_byte_is_judged_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                for neighbour in [b' ', b'!', b'a', 0x7f, 0x80, 0xff] {
                    let mut bytes = [neighbour; 16];
                    bytes[place] = byte;
                    check(bytes);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn neighbours_do_not_matter(bytes: [u8; 16]) {
            check(bytes);
        }
    }
}
