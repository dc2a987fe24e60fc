//! Where bytes are written, whoever owns the memory.

/// A growing run of bytes.
///
/// It offers memory that is initialised already, so that a writer may store whole registers and
/// count afterwards how much of them was meant.
pub trait Output {
    /// The memory just past the end, at least `size` bytes of it, with unspecified contents.
    fn window(&mut self, size: usize) -> &mut [u8];

    /// Counts the first `written` bytes of the last window as output.
    ///
    /// # Panics
    ///
    /// If the window did not have that many.
    fn advance(&mut self, written: usize);

    /// How many bytes were written.
    fn len(&self) -> usize;

    /// Whether nothing was written.
    #[inline]
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what lies past the first `len` bytes; what is shorter already stays as it is.
    fn truncate(&mut self, len: usize);

    /// The bytes written.
    fn as_slice(&self) -> &[u8];

    /// Hands out a window and counts as much of it as `write` says it wrote.
    #[inline(always)]
    fn write(&mut self, size: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let written = write(self.window(size));
        self.advance(written);
    }

    /// Writes bytes as they are.
    #[inline]
    fn extend(&mut self, bytes: &[u8]) {
        self.window(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.advance(bytes.len());
    }

    /// Writes one byte.
    #[inline]
    fn push(&mut self, byte: u8) {
        self.write(1, |window| {
            window[0] = byte;
            1
        });
    }
}
