//! Values one after another, each followed by a comma that the end of an object or list replaces.

use crate::escape::{Latin1, Ucs2, Ucs4};
use crate::holes::Holes;
use crate::{Encoded, Ends, Output, number, text};

/// Writes JSON, and leaves holes for values that come later.
///
/// A value that stands where null may be is written between `mark` and `enclose`. When it turns
/// out that there can be no such value, `rollback` forgets what was written of it.
#[derive(Debug)]
pub struct Writer<O> {
    pub(crate) output: O,
    /// Everything at or after this place was written after the last hole.
    pub(crate) solid: usize,
    pub(crate) holes: Option<Box<Holes>>,
}

/// A place in the output: where the next value would stand.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub(crate) position: usize,
}

impl<O: Output> Writer<O> {
    /// Writes into that output, after what it holds already.
    pub fn new(output: O) -> Self {
        Self { output, solid: 0, holes: None }
    }

    /// Writes null.
    #[inline]
    pub fn null(&mut self) {
        self.word(*b"null,\0\0\0", 5);
    }

    /// Writes true or false.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        if value {
            self.word(*b"true,\0\0\0", 5);
        } else {
            self.word(*b"false,\0\0", 6);
        }
    }

    /// Writes an integer.
    #[inline]
    pub fn integer(&mut self, value: i64) {
        self.number(|window| number::write_integer(value, window));
    }

    /// Writes a float, which must be finite.
    #[inline]
    pub fn float(&mut self, value: f64) {
        self.number(|window| number::write_float(value, window));
    }

    /// Writes a number given by its digits, which are taken as they are.
    pub fn number_text(&mut self, digits: &[u8]) {
        self.output.extend(digits);
        self.output.push(b',');
    }

    /// Writes a string of ASCII.
    #[inline]
    pub fn ascii(&mut self, value: &[u8]) {
        text::write(&mut self.output, value, b',');
    }

    /// Writes a short string of ASCII, unless there is something to escape in it; tells whether it
    /// did.
    #[inline(always)]
    pub fn ascii_ends(&mut self, ends: Ends) -> bool {
        text::write_ends(&mut self.output, ends, b',')
    }

    /// Writes a string.
    #[inline]
    pub fn utf8(&mut self, value: &str) {
        text::write(&mut self.output, value.as_bytes(), b',');
    }

    /// Writes a string of code points below 0x100.
    pub fn latin1(&mut self, value: &[u8]) {
        text::write_units::<Latin1, O>(&mut self.output, value, b',');
    }

    /// Writes a string of code points below 0x10000; a surrogate among them is a lone one.
    pub fn ucs2(&mut self, value: &[u16]) {
        text::write_units::<Ucs2, O>(&mut self.output, value, b',');
    }

    /// Writes a string of code points.
    pub fn ucs4(&mut self, value: &[u32]) {
        text::write_units::<Ucs4, O>(&mut self.output, value, b',');
    }

    /// Writes a string that is known beforehand.
    #[inline]
    pub fn constant(&mut self, value: &Encoded) {
        value.write(&mut self.output);
    }

    /// Begins an object.
    #[inline]
    pub fn begin_object(&mut self) {
        self.output.push(b'{');
    }

    /// Ends an object.
    #[inline]
    pub fn end_object(&mut self) {
        self.end(b'}');
    }

    /// Ends a line behind a value that stands alone.
    #[inline]
    pub fn end_line(&mut self) {
        let len = self.output.len() - usize::from(self.output.as_slice().last() == Some(&b','));
        self.output.truncate(len);
        self.output.push(b'\n');
    }

    /// Begins a list.
    #[inline]
    pub fn begin_list(&mut self) {
        self.output.push(b'[');
    }

    /// Ends a list.
    #[inline]
    pub fn end_list(&mut self) {
        self.end(b']');
    }

    /// Writes a key that is known beforehand.
    #[inline]
    pub fn key(&mut self, key: &Encoded) {
        key.write(&mut self.output);
    }

    /// Writes a key of ASCII.
    #[inline]
    pub fn key_ascii(&mut self, key: &[u8]) {
        text::write(&mut self.output, key, b':');
    }

    /// Writes a key.
    #[inline]
    pub fn key_utf8(&mut self, key: &str) {
        text::write(&mut self.output, key.as_bytes(), b':');
    }

    /// Writes a key of code points below 0x100.
    pub fn key_latin1(&mut self, key: &[u8]) {
        text::write_units::<Latin1, O>(&mut self.output, key, b':');
    }

    /// Writes a key of code points below 0x10000; a surrogate among them is a lone one.
    pub fn key_ucs2(&mut self, key: &[u16]) {
        text::write_units::<Ucs2, O>(&mut self.output, key, b':');
    }

    /// Writes a key of code points.
    pub fn key_ucs4(&mut self, key: &[u32]) {
        text::write_units::<Ucs4, O>(&mut self.output, key, b':');
    }

    /// Writes bytes as they are, with no comma after them.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.output.extend(bytes);
    }

    /// How many bytes the output holds.
    #[inline]
    pub fn written(&self) -> usize {
        self.output.len()
    }

    #[inline]
    fn word(&mut self, word: [u8; 8], len: usize) {
        self.output.write(8, |window| {
            window[..8].copy_from_slice(&word);
            len
        });
    }

    #[inline]
    fn number(&mut self, write: impl FnOnce(&mut [u8; 32]) -> usize) {
        let window = self.output.window(33);
        let digits = window.first_chunk_mut().expect("a window has the size asked for");
        let len = write(digits);
        window[len] = b',';
        self.output.advance(len + 1);
    }

    #[inline]
    fn end(&mut self, closer: u8) {
        // Only what is empty has no comma to replace.
        let len = self.output.len() - usize::from(self.output.as_slice().last() == Some(&b','));
        self.output.truncate(len);
        self.output.write(2, |window| {
            window[..2].copy_from_slice(&[closer, b',']);
            2
        });
    }
}
