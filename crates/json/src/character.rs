//! One character as JSON writes it.

/// The most bytes a character takes.
pub(crate) const WIDEST: usize = 6;

/// How each byte below 0x80 is written, with the number of bytes that takes in the last place.
static ASCII: [[u8; 8]; 128] = ascii();

/// Writes a code point, escaped where JSON wants that, and tells how many bytes it took.
///
/// A surrogate can only be a lone one and is escaped, since UTF-8 has no form for it; what lies
/// beyond Unicode becomes the replacement character.
#[inline]
pub(crate) fn write(code: u32, to: &mut [u8; 8]) -> usize {
    // Byte by byte from the first one up, as they lie in a little-endian word.
    let continuation = |shift: u32| 0x80 | code >> shift & 0x3f;
    let word = match code {
        0..0x80 => {
            *to = ASCII[code as usize];
            return usize::from(to[7]);
        }
        0x80..0x800 => 0xc0 | code >> 6 | continuation(0) << 8,
        0xd800..0xe000 => return write_surrogate(code, to),
        0x800..0x1_0000 => 0xe0 | code >> 12 | continuation(6) << 8 | continuation(0) << 16,
        0x1_0000..0x11_0000 => {
            0xf0 | code >> 18
                | continuation(12) << 8
                | continuation(6) << 16
                | continuation(0) << 24
        }
        _ => return write_replacement(to),
    };
    to[..4].copy_from_slice(&word.to_le_bytes());
    2 + usize::from(code >= 0x800) + usize::from(code >= 0x1_0000)
}

/// Writes a byte of UTF-8, escaped where JSON wants that, and tells how many bytes it took.
#[inline]
pub(crate) fn write_byte(byte: u8, to: &mut [u8; 8]) -> usize {
    if let Some(written) = ASCII.get(usize::from(byte)) {
        *to = *written;
        return usize::from(to[7]);
    }
    to[0] = byte;
    1
}

#[cold]
fn write_surrogate(code: u32, to: &mut [u8; 8]) -> usize {
    let digit = |shift: u32| hexadecimal((code >> shift & 0xf) as u8);
    *to = [b'\\', b'u', digit(12), digit(8), digit(4), digit(0), 0, 0];
    6
}

#[cold]
fn write_replacement(to: &mut [u8; 8]) -> usize {
    to[..3].copy_from_slice("\u{fffd}".as_bytes());
    3
}

const fn ascii() -> [[u8; 8]; 128] {
    let mut table = [[0; 8]; 128];
    let mut code = 0;
    while code < 128 {
        let byte = code as u8;
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x0c => b'f',
            0x08 => b'b',
            _ => 0,
        };
        table[code] = if short != 0 {
            [b'\\', short, 0, 0, 0, 0, 0, 2]
        } else if byte < 0x20 {
            [b'\\', b'u', b'0', b'0', hexadecimal(byte >> 4), hexadecimal(byte & 0xf), 0, 6]
        } else {
            [byte, 0, 0, 0, 0, 0, 0, 1]
        };
        code += 1;
    }
    table
}

const fn hexadecimal(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }
}

#[cfg(test)]
mod tests {
    use super::{write, write_byte};

    fn written(code: u32) -> String {
        let mut to = [0; 8];
        let len = write(code, &mut to);
        String::from_utf8(to[..len].to_vec()).expect("what is written is UTF-8")
    }

    #[test]
    fn every_code_point_is_literal_unless_json_forbids_it() {
        for code in 0..0x11_0000 {
            let expected = match char::from_u32(code) {
                Some('"') => "\\\"".to_owned(),
                Some('\\') => "\\\\".to_owned(),
                Some('\n') => "\\n".to_owned(),
                Some('\r') => "\\r".to_owned(),
                Some('\t') => "\\t".to_owned(),
                Some('\u{8}') => "\\b".to_owned(),
                Some('\u{c}') => "\\f".to_owned(),
                Some(character) if character >= ' ' => character.to_string(),
                _ => format!("\\u{code:04x}"),
            };
            assert_eq!(written(code), expected);
        }
    }

    #[test]
    fn what_is_beyond_unicode_is_replaced() {
        assert_eq!(written(0x11_0000), "\u{fffd}");
        assert_eq!(written(u32::MAX), "\u{fffd}");
    }

    #[test]
    fn a_byte_of_a_longer_character_stays_as_it_is() {
        for byte in 0x80..=u8::MAX {
            let mut to = [0; 8];
            assert_eq!((write_byte(byte, &mut to), to[0]), (1, byte));
        }
    }
}
