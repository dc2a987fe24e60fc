//! The buffer protocol over a bytes object: a view of it, not a copy.

use std::ffi::c_int;

use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::fault::{self, Place};
use crate::gate;

/// Something whose contents are those of a bytes object it owns.
#[pyclass(frozen, subclass, module = "onecross._core", name = "SharedBytes")]
pub(crate) struct SharedBytes {
    bytes: Py<PyBytes>,
}

impl SharedBytes {
    pub(crate) fn new(bytes: Py<PyBytes>) -> Self {
        Self { bytes }
    }

    pub(crate) fn bytes(&self) -> &Py<PyBytes> {
        &self.bytes
    }
}

#[pymethods]
impl SharedBytes {
    fn __bytes__(&self, py: Python<'_>) -> Py<PyBytes> {
        self.bytes.clone_ref(py)
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.bytes.as_bytes(py).len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let mine = self.bytes.as_bytes(other.py());
        match other.cast::<SharedBytes>() {
            Ok(shared) => shared.get().bytes.as_bytes(other.py()) == mine,
            Err(_) => other.cast::<PyBytes>().is_ok_and(|bytes| bytes.as_bytes() == mine),
        }
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.bytes.bind(py).hash()
    }

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
        let py = slf.py();
        gate::guard(|| {
            fault::point(Place::Export);
            // SAFETY: the bytes object fills in the view and is itself the owner of what it exports,
            // so the data lives as long as the view.
            let status = unsafe { ffi::PyObject_GetBuffer(slf.get().bytes.as_ptr(), view, flags) };
            if status == 0 { Ok(()) } else { Err(PyErr::fetch(py)) }
        })
    }
}
