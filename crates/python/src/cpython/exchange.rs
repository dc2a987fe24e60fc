//! One object in the place of another that somebody holds.

use std::slice;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

/// Has a task of `_asyncio` hold another object in the place where it holds one. Nothing is done
/// where that place cannot be told, and `false` given.
pub(crate) fn exchange(
    task: &Bound<'_, PyAny>,
    held: &Bound<'_, PyAny>,
    other: &Bound<'_, PyAny>,
) -> bool {
    let head = size_of::<PyObject>();
    // SAFETY: an object takes at least as many bytes as its class says, all of which were written
    // when it was allocated. What tasks keep in them is references that they own, flags, and counts
    // that are no addresses, so that a word with the address of an object is a reference to it.
    // Nobody else runs before the one that was taken out is let go.
    let place = unsafe {
        let size = (*ffi::Py_TYPE(task.as_ptr())).tp_basicsize as usize;
        let first = task.as_ptr().byte_add(head).cast::<*mut PyObject>();
        let words = size.saturating_sub(head) / size_of::<usize>();
        let words = slice::from_raw_parts_mut(first, words);
        let mut places = words.iter_mut().filter(|word| **word == held.as_ptr());
        match (places.next(), places.next()) {
            (Some(place), None) => place,
            _ => return false,
        }
    };
    *place = other.clone().into_ptr();
    // SAFETY: the task owned the reference and has it no more.
    drop(unsafe { Bound::from_owned_ptr(held.py(), held.as_ptr()) });
    true
}
