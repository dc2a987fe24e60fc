//! Text known beforehand: escaped once, then only copied.

use std::fmt;

use crate::{Growing, Output, text};

/// A key with its colon or a string with its comma.
#[derive(Clone)]
pub struct Encoded {
    /// The text, filled up with zeros so that it can be copied in whole chunks.
    first: [u8; 16],
    rest: Box<[[u8; 16]]>,
    len: usize,
}

impl Encoded {
    /// The key of an object: `"labels":`.
    pub fn key(name: &str) -> Self {
        Self::new(name, b':')
    }

    /// A string that is a value: `"User",`.
    pub fn text(value: &str) -> Self {
        Self::new(value, b',')
    }

    /// What is written for it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut output = Growing::default();
        self.write(&mut output);
        output.into_vec()
    }

    #[inline]
    pub(crate) fn write<O: Output>(&self, output: &mut O) {
        output.write(16 + 16 * self.rest.len(), |window| {
            window[..16].copy_from_slice(&self.first);
            if !self.rest.is_empty() {
                for (from, to) in self.rest.iter().zip(window[16..].as_chunks_mut().0) {
                    *to = *from;
                }
            }
            self.len
        });
    }

    fn new(plain: &str, follower: u8) -> Self {
        let mut output = Growing::default();
        text::write(&mut output, plain.as_bytes(), follower);
        let len = output.len();
        output.extend(&[0; 16]);
        match output.as_slice().as_chunks().0 {
            [first, rest @ ..] => Self { first: *first, rest: rest.into(), len },
            [] => unreachable!("sixteen zeros are a chunk"),
        }
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::Encoded;
    use crate::{Growing, Output};

    #[test]
    fn a_text_of_any_length_is_copied_as_it_was_escaped() {
        for len in 0..70 {
            let name = "x".repeat(len);
            let mut output = Growing::default();
            Encoded::key(&name).write(&mut output);
            Encoded::text(&name).write(&mut output);
            let expected = format!("\"{name}\":\"{name}\",");
            assert_eq!(output.as_slice(), expected.as_bytes());
        }
    }

    #[test]
    fn what_json_forbids_is_escaped() {
        assert_eq!(Encoded::key("a\"b\\c\n\u{1}é").to_bytes(), r#""a\"b\\c\n\u0001é":"#.as_bytes());
        assert_eq!(format!("{:?}", Encoded::text("User")), "\"User\",");
    }
}
