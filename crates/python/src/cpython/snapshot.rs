//! What an object looks like, to tell later whether anybody has touched it.

use std::slice;

use pyo3::ffi;
use pyo3::prelude::*;

/// All that the class of an object keeps in the object itself, and how many references there are
/// to it.
///
/// Whatever is set on an object of a class written in C, a weak reference to it and an attribute of
/// its own among that, changes one or the other, for there is nowhere else to keep it.
#[derive(Default)]
pub(crate) struct Snapshot {
    references: isize,
    managed: [usize; 2],
    fields: Vec<u8>,
}

/// The flags of classes whose objects have their weak references or their attributes in front of the
/// head of the collector: `Py_TPFLAGS_MANAGED_WEAKREF` and `Py_TPFLAGS_MANAGED_DICT`.
const MANAGED: std::ffi::c_ulong = 1 << 3 | 1 << 4;

/// How many words in front of an object these are, as builds with a lock have it.
const MANAGED_WORDS: usize = 4;

impl Snapshot {
    /// Notes how an object looks now.
    pub(crate) fn take(&mut self, object: &Bound<'_, PyAny>) {
        self.references = references(object);
        self.managed = managed(object);
        self.fields.clear();
        self.fields.extend_from_slice(fields(object));
    }

    /// Whether the object that it was taken of still looks so.
    pub(crate) fn is_of(&self, object: &Bound<'_, PyAny>) -> bool {
        references(object) == self.references
            && managed(object) == self.managed
            && *fields(object) == *self.fields
    }
}

fn references(object: &Bound<'_, PyAny>) -> isize {
    // SAFETY: the object is live.
    unsafe { ffi::Py_REFCNT(object.as_ptr()) as isize }
}

/// Where its weak references are and where its attributes, if that is in front of it.
fn managed(object: &Bound<'_, PyAny>) -> [usize; 2] {
    // SAFETY: objects of classes with these flags have two words there, set to zero at first.
    unsafe {
        if (*ffi::Py_TYPE(object.as_ptr())).tp_flags & MANAGED == 0 {
            return [0; 2];
        }
        object.as_ptr().cast::<[usize; 2]>().byte_sub(MANAGED_WORDS * size_of::<usize>()).read()
    }
}

/// What lies behind the head that all objects have.
fn fields<'a>(object: &'a Bound<'_, PyAny>) -> &'a [u8] {
    // SAFETY: an object takes at least as many bytes as its class says; they were set to zero when
    // it was allocated, and then to what they are, so that all of them have been written. Nobody
    // else runs while they are looked at, for the slice does not outlive the call of who takes it.
    unsafe {
        let head = size_of::<ffi::PyObject>();
        let size = (*ffi::Py_TYPE(object.as_ptr())).tp_basicsize as usize;
        slice::from_raw_parts(object.as_ptr().cast::<u8>().add(head), size.saturating_sub(head))
    }
}
