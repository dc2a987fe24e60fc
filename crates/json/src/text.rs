//! Text that needs no escape, which is nearly all of it: one window, whole registers, no calls.

use crate::Output;
use crate::escape::{self, Form, Utf8};
use crate::scan::{any_special, special};

/// Writes a string between quotes, and what follows the value.
#[inline]
pub(crate) fn write<O: Output>(output: &mut O, text: &[u8], follower: u8) {
    let clean = if text.len() < 16 {
        let window = output.window(32).first_chunk_mut();
        copy_short(window.expect("a window has the size asked for"), text, follower)
    } else {
        copy_long(output.window(text.len() + 32), text, follower)
    };
    if clean == text.len() {
        output.advance(text.len() + 3);
    } else {
        write_rest(output, text, clean, follower);
    }
}

/// Writes a string that has to be looked at one unit at a time, and what follows the value.
#[inline]
pub(crate) fn write_units<F: Form, O: Output>(output: &mut O, units: &[F::Unit], follower: u8) {
    output.push(b'"');
    escape::write::<F, O>(output, units);
    output.extend(&[b'"', follower]);
}

/// Goes on where something must be escaped: a quote and `clean` bytes lie in the window.
#[cold]
#[inline(never)]
fn write_rest<O: Output>(output: &mut O, text: &[u8], clean: usize, follower: u8) {
    output.advance(1 + clean);
    escape::write::<Utf8, O>(output, &text[clean..]);
    output.extend(&[b'"', follower]);
}

/// Copies all of a text of less than sixteen bytes, or nothing of one with something to escape.
///
/// The two halves overlap where the length is not a power of two, and are judged at once.
#[inline]
fn copy_short(window: &mut [u8; 32], text: &[u8], follower: u8) -> usize {
    window[0] = b'"';
    let len = text.len();
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        if special(u64::from_le_bytes(*first)) | special(u64::from_le_bytes(*last)) != 0 {
            return 0;
        }
        window[1..9].copy_from_slice(first);
        window[len - 7..=len].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let both =
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
        if special(both) != 0 {
            return 0;
        }
        window[1..5].copy_from_slice(first);
        window[len - 3..=len].copy_from_slice(last);
    } else {
        for (index, byte) in text.iter().enumerate() {
            if *byte < 0x20 || *byte == b'"' || *byte == b'\\' {
                return 0;
            }
            window[1 + index] = *byte;
        }
    }
    window[len + 1..len + 3].copy_from_slice(&[b'"', follower]);
    len
}

/// Copies a text up to the chunk with the first byte to escape, and tells how much that was.
#[inline]
fn copy_long(window: &mut [u8], text: &[u8], follower: u8) -> usize {
    let (quote, window) = window.split_at_mut(1);
    quote[0] = b'"';
    let window = &mut window[..text.len() + 2];
    let mut copied = 0;
    for (from, to) in text.as_chunks::<16>().0.iter().zip(window.as_chunks_mut::<16>().0) {
        if any_special(from) {
            return copied;
        }
        *to = *from;
        copied += 16;
    }
    let end = text.len();
    if let Some(last) = text.last_chunk::<16>() {
        if any_special(last) {
            return copied;
        }
        window[end - 16..end].copy_from_slice(last);
    }
    window[end..].copy_from_slice(&[b'"', follower]);
    end
}
