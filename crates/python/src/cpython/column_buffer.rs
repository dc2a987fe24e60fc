//! Memory of a column that Python takes over: seen through the buffer protocol, and written to.

use std::ffi::{c_int, c_void};

use arrow_buffer::{Buffer, MutableBuffer};
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::gate;

/// Bytes that are this object's alone, and that of whoever it shows them to.
#[pyclass(frozen, module = "onecross._core")]
pub(crate) struct ColumnBuffer {
    data: *mut u8,
    len: usize,
    _owned: MutableBuffer,
}

// SAFETY: Rust neither reads nor writes the bytes any more; they are Python's, which has the
// interpreter as its lock.
unsafe impl Send for ColumnBuffer {}
// SAFETY: as for `Send`.
unsafe impl Sync for ColumnBuffer {}

impl ColumnBuffer {
    /// Takes over memory that nobody else has, or else a copy of it.
    pub(crate) fn new(buffer: Buffer) -> Self {
        let owned = buffer.into_mutable();
        let mut owned = owned.unwrap_or_else(|shared| {
            let mut copy = MutableBuffer::with_capacity(shared.len());
            copy.extend_from_slice(shared.as_slice());
            copy
        });
        Self { data: owned.as_mut_ptr(), len: owned.len(), _owned: owned }
    }
}

#[pymethods]
impl ColumnBuffer {
    /// # Safety
    ///
    /// The interpreter calls this with a view to fill in, as the buffer protocol has it.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("there is no view to fill in"));
        }
        gate::guard(|| {
            let this = slf.get();
            let (data, len) = (this.data.cast::<c_void>(), this.len as ffi::Py_ssize_t);
            // SAFETY: the view keeps the object alive, and with it the bytes, which never move.
            let status = unsafe { ffi::PyBuffer_FillInfo(view, slf.as_ptr(), data, len, 0, flags) };
            if status == 0 { Ok(()) } else { Err(PyErr::fetch(slf.py())) }
        })
    }
}
