//! A bytes object that grows in place while JSON is written into it.

use std::{ptr, slice};

use onecross_json::Output;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::unwind;

/// How much memory is initialised at a time, small enough to still be in cache when written.
const BLOCK: usize = 4 * 1024;

unsafe extern "C" {
    fn _PyBytes_Resize(bytes: *mut *mut ffi::PyObject, size: ffi::Py_ssize_t) -> std::ffi::c_int;
}

/// Bytes in the making; nobody else can see the object until it is finished.
///
/// Invariants: `object` is a bytes object of `capacity` bytes with one reference, ours;
/// `len <= initialised <= capacity`, and the first `initialised` bytes have been written to.
pub(crate) struct BytesOutput<'py> {
    py: Python<'py>,
    object: *mut ffi::PyObject,
    data: *mut u8,
    len: usize,
    initialised: usize,
    capacity: usize,
}

impl<'py> BytesOutput<'py> {
    /// Empty, with room for about that many bytes.
    pub(crate) fn with_capacity(py: Python<'py>, capacity: usize) -> PyResult<Self> {
        let capacity = capacity.clamp(256, isize::MAX as usize - 64);
        // SAFETY: a null source asks for an object whose contents we fill in.
        let object = unsafe { ffi::PyBytes_FromStringAndSize(ptr::null(), capacity as isize) };
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        let mut output =
            Self { py, object, data: ptr::null_mut(), len: 0, initialised: 0, capacity };
        output.locate();
        Ok(output)
    }

    /// The bytes written, as a bytes object; they are not copied.
    pub(crate) fn finish(mut self) -> PyResult<Bound<'py, PyBytes>> {
        self.resize(self.len)?;
        let object = std::mem::replace(&mut self.object, ptr::null_mut());
        // SAFETY: the object is bytes and the one reference to it is given away here.
        Ok(unsafe { Bound::from_owned_ptr(self.py, object).cast_into_unchecked() })
    }

    fn locate(&mut self) {
        // SAFETY: the object is bytes, whose data stays in place until it is resized.
        self.data = unsafe { ffi::PyBytes_AS_STRING(self.object) }.cast_mut().cast();
    }

    fn resize(&mut self, capacity: usize) -> PyResult<()> {
        // SAFETY: ours is the only reference. On failure the object is freed and set to null.
        if unsafe { _PyBytes_Resize(&mut self.object, capacity as isize) } != 0 {
            self.capacity = 0;
            self.initialised = 0;
            self.len = 0;
            return Err(PyErr::fetch(self.py));
        }
        self.capacity = capacity;
        self.initialised = self.initialised.min(capacity);
        self.locate();
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn extend(&mut self, size: usize) {
        let wanted = self.len.checked_add(size).expect("a response is shorter than memory");
        if wanted > self.capacity {
            let capacity = wanted.saturating_add(BLOCK).max(self.capacity.saturating_mul(2));
            if let Err(error) = self.resize(capacity) {
                unwind(error);
            }
        }
        let end = wanted.saturating_add(BLOCK).min(self.capacity);
        // SAFETY: initialised <= end <= capacity, so the range lies within the object.
        unsafe { ptr::write_bytes(self.data.add(self.initialised), 0, end - self.initialised) };
        self.initialised = end;
    }
}

impl Output for BytesOutput<'_> {
    #[inline]
    fn window(&mut self, size: usize) -> &mut [u8] {
        if size > self.initialised - self.len {
            self.extend(size);
        }
        // SAFETY: len <= initialised <= capacity and these bytes are initialised; the object is
        // ours alone, so nothing else reads or writes them while the slice lives.
        unsafe { slice::from_raw_parts_mut(self.data.add(self.len), self.initialised - self.len) }
    }

    #[inline]
    fn advance(&mut self, written: usize) {
        assert!(written <= self.initialised - self.len, "more was written than was offered");
        self.len += written;
    }

    #[inline(always)]
    fn write(&mut self, size: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        // The figures stay in registers: what is written could change those in memory, for all
        // that the compiler knows.
        let mut room = self.initialised - self.len;
        if size > room {
            self.extend(size);
            room = self.initialised - self.len;
        }
        let len = self.len;
        // SAFETY: as for `window`.
        let window = unsafe { slice::from_raw_parts_mut(self.data.add(len), room) };
        let written = write(window);
        assert!(written <= room, "more was written than was offered");
        self.len = len + written;
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
        // SAFETY: the first `len` bytes are initialised and within the object.
        unsafe { slice::from_raw_parts(self.data, self.len) }
    }
}

impl Drop for BytesOutput<'_> {
    fn drop(&mut self) {
        // SAFETY: either null, after finishing or a failed resize, or our one reference.
        unsafe { ffi::Py_XDECREF(self.object) };
    }
}
