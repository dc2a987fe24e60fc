//! The characters of a str as CPython stores them, without a UTF-8 copy left in the object.

use std::slice;

use onecross_json::Ends;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The code points of a str, in the narrowest width that holds them all.
#[derive(PartialEq)]
pub(crate) enum Text<'a> {
    /// All below U+0080.
    Ascii(&'a [u8]),
    /// All below U+0100.
    Latin1(&'a [u8]),
    /// All below U+10000, lone surrogates among them.
    Ucs2(&'a [u16]),
    /// All.
    Ucs4(&'a [u32]),
}

impl<'a> Text<'a> {
    /// Borrows the characters; a str never changes them.
    pub(crate) fn of(text: &'a Bound<'_, PyString>) -> Self {
        let object = text.as_ptr();
        // SAFETY: the object is a str (since 3.12 always ready; before, strs made by the
        // interpreter are, and PyUnicode_READY makes the others so). Its data holds `length` units
        // of the width that `kind` tells, and lives unchanged as long as the object, which `text`
        // keeps alive for 'a.
        unsafe {
            #[cfg(not(Py_3_12))]
            if ffi::PyUnicode_IS_READY(object) == 0 {
                ffi::PyUnicode_READY(object);
            }
            let length = ffi::PyUnicode_GET_LENGTH(object) as usize;
            let data = ffi::PyUnicode_DATA(object);
            match ffi::PyUnicode_KIND(object) {
                ffi::PyUnicode_1BYTE_KIND => {
                    let units = slice::from_raw_parts(data.cast(), length);
                    if ffi::PyUnicode_IS_ASCII(object) != 0 {
                        Self::Ascii(units)
                    } else {
                        Self::Latin1(units)
                    }
                }
                ffi::PyUnicode_2BYTE_KIND => Self::Ucs2(slice::from_raw_parts(data.cast(), length)),
                _ => Self::Ucs4(slice::from_raw_parts(data.cast(), length)),
            }
        }
    }

    /// The characters of nearly all texts: ASCII, right behind the head of the object. `None` says
    /// nothing of a text.
    ///
    /// One look at the bits that `PyUnicode_IS_COMPACT_ASCII` asks for one by one; which they are
    /// is a matter of the version.
    #[cfg(known_layout)]
    #[inline]
    pub(crate) fn compact_ascii(text: &'a Bound<'_, PyString>) -> Option<&'a [u8]> {
        /// `compact` and `ascii` in the `state` of a `PyASCIIObject`.
        const COMPACT_ASCII: u32 = 0b11 << 5;
        let object = text.as_ptr().cast::<ffi::PyASCIIObject>();
        // SAFETY: every str begins with a PyASCIIObject; one that is compact and ASCII has its
        // `length` bytes right behind it, and lives as long as `text`.
        unsafe {
            if (*object).state & COMPACT_ASCII != COMPACT_ASCII {
                return None;
            }
            Some(slice::from_raw_parts(object.add(1).cast(), (*object).length as usize))
        }
    }

    /// The ends of a text of 1 to 15 ASCII characters; `None` says nothing of a text.
    #[cfg(known_layout)]
    #[inline(always)]
    pub(crate) fn ends(text: &'a Bound<'_, PyString>) -> Option<Ends> {
        const SPACES: u64 = 0x2020_2020_2020_2020;
        let len = Self::compact_ascii(text)?.len();
        if !(1..16).contains(&len) {
            return None;
        }
        let short = len.min(8);
        // SAFETY: a compact ASCII text stands right behind its head, which is longer than eight
        // bytes and belongs to the same object, so that any eight bytes that end in the text can
        // be read. What they have of the head is shifted out below.
        let (front, back) = unsafe {
            let data = text.as_ptr().cast::<ffi::PyASCIIObject>().add(1).cast::<u8>();
            let word = |end: usize| data.add(end).sub(8).cast::<u64>().read_unaligned();
            (u64::from_le(word(short)), u64::from_le(word(len)))
        };
        let missing = 64 - 8 * short;
        let fill = SPACES & !(u64::MAX >> missing);
        Some(Ends { front: front >> missing | fill, back: back >> missing | fill, len })
    }

    /// Nothing is known of the layout of this build.
    #[cfg(not(known_layout))]
    pub(crate) fn ends(_text: &'a Bound<'_, PyString>) -> Option<Ends> {
        None
    }

    /// Nothing is known of the layout of this build.
    #[cfg(not(known_layout))]
    pub(crate) fn compact_ascii(_text: &'a Bound<'_, PyString>) -> Option<&'a [u8]> {
        None
    }

    /// Bytes that are the same for the same text only: UTF-8, in which lone surrogates are written
    /// as if they were characters.
    pub(crate) fn to_key(&self) -> Box<[u8]> {
        match self {
            Self::Ascii(units) => (*units).into(),
            Self::Latin1(units) => key(units.iter().map(|unit| u32::from(*unit))),
            Self::Ucs2(units) => key(units.iter().map(|unit| u32::from(*unit))),
            Self::Ucs4(units) => key(units.iter().copied()),
        }
    }

    /// The same characters as Rust's text, a lone surrogate as U+FFFD.
    pub(crate) fn to_lossy(&self) -> String {
        let character = |code: u32| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        match self {
            Self::Ascii(units) | Self::Latin1(units) => {
                units.iter().map(|unit| char::from(*unit)).collect()
            }
            Self::Ucs2(units) => units.iter().map(|unit| character(u32::from(*unit))).collect(),
            Self::Ucs4(units) => units.iter().map(|unit| character(*unit)).collect(),
        }
    }
}

fn key(codes: impl Iterator<Item = u32>) -> Box<[u8]> {
    let mut bytes = Vec::new();
    for code in codes {
        match char::from_u32(code) {
            Some(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => {
                let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
                bytes.extend_from_slice(&[0xe0 | (code >> 12 & 0x0f) as u8, tail(6), tail(0)]);
            }
        }
    }
    bytes.into()
}
