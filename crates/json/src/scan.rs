//! Which bytes must be escaped in JSON: control characters, quotes and backslashes.
//!
//! Eight bytes are judged at once within a plain integer, sixteen by comparisons that compilers
//! make on whole vectors; neither names a processor.

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
    bytes
        .iter()
        .fold(false, |found, byte| found | (byte ^ QUOTE_TO_SPACE < 0x21) | (*byte == b'\\'))
}

#[inline]
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{any_special, special};

    fn check(bytes: [u8; 16]) {
        let expected = |bytes: &[u8]| {
            bytes.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))
        };
        assert_eq!(any_special(&bytes), expected(&bytes).is_some());
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
