//! Output in memory of our own.

use crate::Output;

/// How much memory is initialised at a time, small enough to still be in cache when written.
const BLOCK: usize = 32 * 1024;

/// Bytes in a vector that doubles when it is full.
#[derive(Debug, Default)]
pub struct Growing {
    /// Everything initialised so far, of which the first `len` bytes are output.
    initialised: Vec<u8>,
    len: usize,
}

impl Growing {
    /// Empty, with room for that many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { initialised: Vec::with_capacity(capacity), len: 0 }
    }

    /// The bytes written; they are not copied.
    pub fn into_vec(mut self) -> Vec<u8> {
        self.initialised.truncate(self.len);
        self.initialised
    }

    #[cold]
    #[inline(never)]
    fn initialise(&mut self, size: usize) {
        let wanted = self.len.checked_add(size).expect("the output outgrows memory");
        self.initialised.reserve(wanted - self.initialised.len());
        let end = wanted.saturating_add(BLOCK).min(self.initialised.capacity());
        self.initialised.resize(end, 0);
    }
}

impl Output for Growing {
    #[inline]
    fn window(&mut self, size: usize) -> &mut [u8] {
        if self.initialised.len() - self.len < size {
            self.initialise(size);
        }
        &mut self.initialised[self.len..]
    }

    #[inline]
    fn advance(&mut self, written: usize) {
        let room = self.initialised.len() - self.len;
        assert!(written <= room, "more was written than was offered");
        self.len += written;
    }

    #[inline]
    fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    #[inline]
    fn as_slice(&self) -> &[u8] {
        &self.initialised[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Growing};
    use crate::Output;

    #[test]
    fn a_window_has_the_size_asked_for_and_is_initialised_a_block_at_a_time() {
        let mut output = Growing::with_capacity(10 * BLOCK);
        let offered = output.window(100).len();
        assert!((100..=BLOCK + 100).contains(&offered));
        assert!(output.window(20 * BLOCK).len() >= 20 * BLOCK);
        assert!(output.is_empty());
    }

    #[test]
    fn only_what_was_counted_is_output() {
        let mut output = Growing::default();
        output.window(8)[..8].copy_from_slice(b"one, two");
        output.advance(3);
        assert_eq!(output.as_slice(), b"one");
        output.extend(b" and a half");
        output.truncate(7);
        output.truncate(1000);
        output.push(b'!');
        assert_eq!(output.into_vec(), b"one and!");
    }

    #[test]
    fn more_than_was_offered_is_never_counted() {
        let excess = std::panic::catch_unwind(|| {
            let mut output = Growing::default();
            let offered = output.window(1).len();
            output.advance(offered + 1);
        });
        assert!(excess.is_err());
    }

    #[test]
    fn what_was_written_survives_growth() {
        let mut output = Growing::default();
        for number in 0..100_000_u32 {
            output.extend(&number.to_le_bytes());
        }
        let bytes = output.into_vec();
        assert_eq!(bytes.len(), 400_000);
        let numbers = bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
        assert!(numbers.eq(0..100_000));
    }
}
