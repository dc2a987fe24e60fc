//! Text that needs no escape, which is nearly all of it: one window, whole words, no calls.

use crate::Output;
use crate::escape::{self, Form, Utf8};
use crate::scan::{any_special, any_special_of, special};

/// A text of less than sixteen bytes of ASCII, as two words of eight in the order of memory.
///
/// Whoever can read a few bytes in front of a text gets them without telling its length apart.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// The first eight bytes, filled up with spaces.
    pub front: u64,
    /// The last eight bytes; of a shorter text the same as the first.
    pub back: u64,
    /// How many bytes there are.
    pub len: usize,
}

/// Writes a string between quotes, and what follows the value.
#[inline(always)]
pub(crate) fn write<O: Output>(output: &mut O, text: &[u8], follower: u8) {
    if text.len() >= 16 {
        return write_long(output, text, follower);
    }
    let window = output.window(32).first_chunk_mut();
    if copy_short(window.expect("a window has the size asked for"), text, follower) {
        output.advance(text.len() + 3);
    } else {
        write_rest(output, text, 0, follower);
    }
}

/// Writes a string of less than sixteen bytes that is given by its ends, unless there is something
/// to escape in it; tells whether it did. All lengths take the same way.
#[inline(always)]
pub(crate) fn write_ends<O: Output>(output: &mut O, ends: Ends, follower: u8) -> bool {
    let Ends { front, back, len } = ends;
    if any_special_of(front, back) {
        return false;
    }
    let window: &mut [u8; 32] =
        output.window(32).first_chunk_mut().expect("a window has the size asked for");
    let len = len & 15;
    let overlap = len.saturating_sub(8);
    window[0] = b'"';
    window[1..9].copy_from_slice(&front.to_le_bytes());
    window[overlap + 1..overlap + 9].copy_from_slice(&back.to_le_bytes());
    window[len + 1..len + 3].copy_from_slice(&[b'"', follower]);
    output.advance(len + 3);
    true
}

/// Writes a string that has to be looked at one unit at a time, and what follows the value.
#[inline]
pub(crate) fn write_units<F: Form, O: Output>(output: &mut O, units: &[F::Unit], follower: u8) {
    output.push(b'"');
    escape::write::<F, O>(output, units);
    output.extend(&[b'"', follower]);
}

/// Writes sixteen bytes or more; a short text need not save the registers this takes.
#[inline(never)]
fn write_long<O: Output>(output: &mut O, text: &[u8], follower: u8) {
    let clean = copy_long(output.window(text.len() + 3), text, follower);
    if clean == text.len() {
        output.advance(text.len() + 3);
    } else {
        write_rest(output, text, clean, follower);
    }
}

/// Goes on where something must be escaped: a quote and `clean` bytes lie in the window.
#[cold]
#[inline(never)]
fn write_rest<O: Output>(output: &mut O, text: &[u8], clean: usize, follower: u8) {
    output.advance(1 + clean);
    escape::write::<Utf8, O>(output, &text[clean..]);
    output.extend(&[b'"', follower]);
}

/// Copies a text of less than sixteen bytes, unless there is something to escape in it.
///
/// What has four bytes or more is read as two overlapping ends, each as two words which overlap
/// as well or coincide: texts of mixed lengths then all take the same way through here.
#[inline(always)]
fn copy_short(window: &mut [u8; 32], text: &[u8], follower: u8) -> bool {
    let len = text.len();
    window[0] = b'"';
    if len >= 4 {
        let half = 4 + (len & 8) / 2;
        let (front, back) = (two_words(&text[..half]), two_words(&text[len - half..]));
        if any_special_of(front, back) {
            return false;
        }
        for (word, at) in [
            (front as u32, 1),
            ((front >> 32) as u32, half - 3),
            (back as u32, len - half + 1),
            ((back >> 32) as u32, len - 3),
        ] {
            window[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
    } else {
        for (byte, to) in text.iter().zip(&mut window[1..]) {
            if special(u64::from_le_bytes([*byte; 8])) != 0 {
                return false;
            }
            *to = *byte;
        }
    }
    window[len + 1..len + 3].copy_from_slice(&[b'"', follower]);
    true
}

/// The first and the last four bytes.
#[inline]
fn two_words(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | (u64::from(u32::from_le_bytes(*last)) << 32)
        }
        _ => 0,
    }
}

/// Copies a text up to the chunk with the first byte to escape, and tells how much that was.
#[inline]
fn copy_long(window: &mut [u8], text: &[u8], follower: u8) -> usize {
    let end = text.len();
    window[0] = b'"';
    let window = &mut window[1..end + 3];
    let mut copied = 0;
    for (from, to) in text.as_chunks::<16>().0.iter().zip(window.as_chunks_mut::<16>().0) {
        if any_special(from) {
            return copied;
        }
        *to = *from;
        copied += 16;
    }
    if let Some(last) = text.last_chunk::<16>() {
        if any_special(last) {
            return copied;
        }
        window[end - 16..end].copy_from_slice(last);
    }
    window[end..].copy_from_slice(&[b'"', follower]);
    end
}
