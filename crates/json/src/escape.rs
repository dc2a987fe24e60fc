//! Text that holds something to escape, or is held in another form than UTF-8.

use crate::Output;
use crate::character::{self, WIDEST};
use crate::scan::special;

/// How many units share a window, so that a huge text never asks for many times its size at once.
const PIECE: usize = 4096;

/// A form in which text is held.
pub(crate) trait Form {
    /// What a text is an array of.
    type Unit: Copy;

    /// The byte that is written for a unit, or zero where that has to be looked at.
    fn narrow(unit: Self::Unit) -> u8;

    /// Writes a unit and tells how many bytes it took.
    fn write(unit: Self::Unit, to: &mut [u8; 8]) -> usize;
}

/// Bytes of UTF-8.
pub(crate) struct Utf8;
/// Code points below 0x100.
pub(crate) struct Latin1;
/// Code points below 0x10000: not UTF-16, since a surrogate never has a partner.
pub(crate) struct Ucs2;
/// Code points.
pub(crate) struct Ucs4;

impl Form for Utf8 {
    type Unit = u8;

    #[inline]
    fn narrow(unit: u8) -> u8 {
        unit
    }

    #[inline]
    fn write(unit: u8, to: &mut [u8; 8]) -> usize {
        character::write_byte(unit, to)
    }
}

macro_rules! code_points {
    ($form:ty, $unit:ty) => {
        impl Form for $form {
            type Unit = $unit;

            #[inline]
            fn narrow(unit: $unit) -> u8 {
                if unit < 0x80 { unit as u8 } else { 0 }
            }

            #[inline]
            fn write(unit: $unit, to: &mut [u8; 8]) -> usize {
                character::write(u32::from(unit), to)
            }
        }
    };
}

code_points!(Latin1, u8);
code_points!(Ucs2, u16);
code_points!(Ucs4, u32);

/// Writes units as the inside of a JSON string.
#[inline(never)]
pub(crate) fn write<F: Form, O: Output>(output: &mut O, units: &[F::Unit]) {
    for piece in units.chunks(PIECE) {
        // Eight bytes are stored before it is known how many of them count.
        let window = output.window(WIDEST * piece.len() + 8);
        let written = write_piece::<F>(window, piece);
        output.advance(written);
    }
}

fn write_piece<F: Form>(window: &mut [u8], piece: &[F::Unit]) -> usize {
    let mut written = 0;
    let mut rest = piece;
    while !rest.is_empty() {
        let chunk = rest.first_chunk::<8>();
        if let Some(chunk) = chunk {
            let narrow = chunk.map(F::narrow);
            window[written..][..8].copy_from_slice(&narrow);
            let clean = special(u64::from_le_bytes(narrow)).trailing_zeros() as usize / 8;
            written += clean;
            rest = &rest[clean..];
            if clean == 8 {
                continue;
            }
        }
        // What is not plain seldom stands alone: other scripts are read unit by unit, with the
        // spaces between their words.
        while let Some((unit, after)) = rest.split_first() {
            let room = window[written..].first_chunk_mut();
            written += F::write(*unit, room.expect("the window has room for the widest"));
            rest = after;
            let plain = |next: &[F::Unit; 2]| next.iter().all(|unit| F::narrow(*unit) != 0);
            if chunk.is_some() && rest.first_chunk().is_some_and(plain) {
                break;
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Form, Latin1, PIECE, Ucs2, Ucs4, Utf8, write};
    use crate::Growing;

    fn written<F: Form>(units: &[F::Unit]) -> String {
        let mut output = Growing::default();
        write::<F, _>(&mut output, units);
        String::from_utf8(output.into_vec()).expect("what is written is UTF-8")
    }

    fn expected(codes: impl IntoIterator<Item = u32>) -> String {
        codes.into_iter().map(expected_character).collect()
    }

    fn expected_character(code: u32) -> String {
        match char::from_u32(code) {
            Some(character @ ('"' | '\\')) => format!("\\{character}"),
            Some('\n') => "\\n".to_owned(),
            Some('\r') => "\\r".to_owned(),
            Some('\t') => "\\t".to_owned(),
            Some('\u{8}') => "\\b".to_owned(),
            Some('\u{c}') => "\\f".to_owned(),
            Some(character) if character >= ' ' => character.to_string(),
            _ => format!("\\u{code:04x}"),
        }
    }

    #[test]
    fn a_text_of_many_pieces_is_written_whole() {
        for (units, len) in [("\n", 3 * PIECE + 7), ("é\"x", 2 * PIECE), ("漢字かな", PIECE)] {
            let text: String = units.chars().cycle().take(len).collect();
            let codes: Vec<u32> = text.chars().map(u32::from).collect();
            assert_eq!(written::<Utf8>(text.as_bytes()), expected(codes.iter().copied()));
            assert_eq!(written::<Ucs4>(&codes), expected(codes));
        }
    }

    /// Mostly plain letters with a few of everything else, so that chunks of every kind occur.
    fn code() -> impl Strategy<Value = u32> {
        prop_oneof![
            8 => 0x20..0x7f_u32,
            1 => 0..0x20_u32,
            1 => Just(u32::from(b'"')),
            1 => Just(u32::from(b'\\')),
            1 => 0x7f..0x800_u32,
            1 => 0x800..0x1_0000_u32,
            1 => 0x1_0000..0x11_0000_u32,
        ]
    }

    proptest! {
        #[test]
        fn every_form_is_written_alike(codes in prop::collection::vec(code(), 0..100)) {
            prop_assert_eq!(written::<Ucs4>(&codes), expected(codes.iter().copied()));
            let narrower: Vec<u16> = codes.iter().map(|code| *code as u16).collect();
            let wanted = expected(narrower.iter().map(|unit| u32::from(*unit)));
            prop_assert_eq!(written::<Ucs2>(&narrower), wanted);
            let narrowest: Vec<u8> = codes.iter().map(|code| *code as u8).collect();
            let wanted = expected(narrowest.iter().map(|unit| u32::from(*unit)));
            prop_assert_eq!(written::<Latin1>(&narrowest), wanted);
            let text: String = codes.iter().filter_map(|code| char::from_u32(*code)).collect();
            prop_assert_eq!(written::<Utf8>(text.as_bytes()), expected(text.chars().map(u32::from)));
        }
    }
}
