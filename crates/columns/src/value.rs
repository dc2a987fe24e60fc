//! A value as it comes from a database: of one of SQLite's five types, and lent.

use std::fmt;

/// How much of a text or of bytes a message shows.
const SHOWN: usize = 40;

/// A value that is lent until whoever lends it moves on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// An integer of 64 bits.
    Integer(i64),
    /// A float of 64 bits.
    Real(f64),
    /// A text: UTF-8 as far as whoever stored it kept to that.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("NULL"),
            Self::Integer(integer) => integer.fmt(formatter),
            Self::Real(real) if real.is_finite() => {
                formatter.write_str(zmij::Buffer::new().format_finite(*real))
            }
            Self::Real(real) => real.fmt(formatter),
            Self::Text(text) => {
                let text = String::from_utf8_lossy(text);
                match text.char_indices().nth(SHOWN) {
                    Some((end, _)) => write!(formatter, "'{}…'", &text[..end]),
                    None => write!(formatter, "'{text}'"),
                }
            }
            Self::Blob(bytes) => write!(formatter, "a BLOB of {} bytes", bytes.len()),
        }
    }
}
