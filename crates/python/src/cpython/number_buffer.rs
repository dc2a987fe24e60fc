//! The numbers of an object that shows them, as NumPy's arrays do, copied as Arrow's.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use pyo3::ffi;
use pyo3::prelude::*;

/// One row of numbers that an object shows. They may change at any time, but while the interpreter
/// is held: so they are copied then.
pub(crate) struct NumberBuffer {
    view: Box<ffi::Py_buffer>,
    number: Number,
}

// SAFETY: the view is read and released with the interpreter held, for which it asks.
unsafe impl Send for NumberBuffer {}
// SAFETY: as for `Send`.
unsafe impl Sync for NumberBuffer {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Boolean,
    Signed(usize),
    Unsigned(usize),
    Float(usize),
}

impl NumberBuffer {
    /// What the object shows; `None` where that is no single row of numbers of this machine's.
    ///
    /// # Errors
    ///
    /// The object shows nothing.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let mut view = Box::new(MaybeUninit::<ffi::Py_buffer>::uninit());
        let flags = ffi::PyBUF_FORMAT | ffi::PyBUF_STRIDES;
        // SAFETY: fills the view, or returns -1 with an error set. Its address stays the same until
        // it is released, for it may point into itself.
        let view = unsafe {
            if ffi::PyObject_GetBuffer(object.as_ptr(), view.as_mut_ptr().cast(), flags) != 0 {
                return Err(PyErr::fetch(object.py()));
            }
            Box::from_raw(Box::into_raw(view).cast::<ffi::Py_buffer>())
        };
        let mut lent = Self { view, number: Number::Boolean };
        let is_row = lent.view.ndim == 1 && !lent.view.shape.is_null();
        // SAFETY: a view has a format, or null for bytes, which lives as long as the view.
        let number = unsafe { number(lent.view.format, lent.view.itemsize as usize) };
        Ok(match number {
            Some(number) if is_row => {
                lent.number = number;
                Some(lent)
            }
            _ => None,
        })
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: the view has one dimension.
        unsafe { *self.view.shape as usize }
    }

    /// Whether each is true, for so many numbers from a place on.
    pub(crate) fn flags(
        &self,
        py: Python<'_>,
        start: usize,
        count: usize,
    ) -> Option<BooleanBuffer> {
        (self.number == Number::Boolean).then(|| {
            let flags = self.read::<u8>(py, start, count);
            BooleanBuffer::from_iter(flags.map(|flag| flag != 0))
        })
    }

    /// So many integers of 64 bits from a place on, if they are so.
    pub(crate) fn integers(
        &self,
        py: Python<'_>,
        start: usize,
        count: usize,
    ) -> Option<ScalarBuffer<i64>> {
        (self.number == Number::Signed(8)).then(|| self.read::<i64>(py, start, count).collect())
    }

    /// A copy of so many numbers from a place on, of which some may be missing.
    pub(crate) fn copy(
        &self,
        py: Python<'_>,
        start: usize,
        count: usize,
        nulls: Option<NullBuffer>,
    ) -> ArrayRef {
        match self.number {
            Number::Boolean => {
                let flags = self.read::<u8>(py, start, count);
                let flags = BooleanBuffer::from_iter(flags.map(|flag| flag != 0));
                Arc::new(BooleanArray::new(flags, nulls))
            }
            Number::Signed(1) => self.copied::<Int8Type>(py, start, count, nulls),
            Number::Signed(2) => self.copied::<Int16Type>(py, start, count, nulls),
            Number::Signed(4) => self.copied::<Int32Type>(py, start, count, nulls),
            Number::Signed(_) => self.copied::<Int64Type>(py, start, count, nulls),
            Number::Unsigned(1) => self.copied::<UInt8Type>(py, start, count, nulls),
            Number::Unsigned(2) => self.copied::<UInt16Type>(py, start, count, nulls),
            Number::Unsigned(4) => self.copied::<UInt32Type>(py, start, count, nulls),
            Number::Unsigned(_) => self.copied::<UInt64Type>(py, start, count, nulls),
            Number::Float(2) => self.copied::<Float16Type>(py, start, count, nulls),
            Number::Float(4) => self.copied::<Float32Type>(py, start, count, nulls),
            Number::Float(_) => self.copied::<Float64Type>(py, start, count, nulls),
        }
    }

    fn copied<T: ArrowPrimitiveType>(
        &self,
        py: Python<'_>,
        start: usize,
        count: usize,
        nulls: Option<NullBuffer>,
    ) -> ArrayRef {
        let values: ScalarBuffer<T::Native> = self.read::<T::Native>(py, start, count).collect();
        Arc::new(PrimitiveArray::<T>::new(values, nulls))
    }

    /// Reads so many items. Each bit pattern must be a `T`, and an item as long.
    fn read<T: Copy>(
        &self,
        _py: Python<'_>,
        start: usize,
        count: usize,
    ) -> impl ExactSizeIterator<Item = T> {
        assert!(start.checked_add(count).is_some_and(|end| end <= self.len()));
        assert!(size_of::<T>() == self.view.itemsize as usize);
        // SAFETY: without strides, items lie one behind the other.
        let stride = unsafe {
            if self.view.strides.is_null() { self.view.itemsize } else { *self.view.strides }
        };
        let data = self.view.buf.cast::<u8>();
        // SAFETY: the view has an item of that length at every place below its length, which the
        // object neither moves nor frees until the view is released; the interpreter is held, so
        // that nobody writes to it. It need not be aligned.
        (start..start + count).map(move |place| unsafe {
            data.offset(place as isize * stride).cast::<T>().read_unaligned()
        })
    }
}

impl Drop for NumberBuffer {
    fn drop(&mut self) {
        // SAFETY: the view was filled, and is released once; whoever drops it holds the interpreter.
        unsafe { ffi::PyBuffer_Release(&raw mut *self.view) };
    }
}

/// The numbers of a format as `struct` has them, of items so long.
///
/// # Safety
///
/// Null, or a C text.
unsafe fn number(format: *const c_char, size: usize) -> Option<Number> {
    if format.is_null() {
        return Some(Number::Unsigned(1));
    }
    // SAFETY: as the caller promises.
    let format = unsafe { CStr::from_ptr(format) }.to_bytes();
    let native = if cfg!(target_endian = "little") { b'<' } else { b'>' };
    let code = match *format {
        [code] => code,
        [b'@' | b'=', code] => code,
        [order, code] if order == native || size == 1 => code,
        _ => return None,
    };
    match (code, size) {
        (b'?', 1) => Some(Number::Boolean),
        (b'b' | b'h' | b'i' | b'l' | b'q' | b'n', 1 | 2 | 4 | 8) => Some(Number::Signed(size)),
        (b'B' | b'H' | b'I' | b'L' | b'Q' | b'N', 1 | 2 | 4 | 8) => Some(Number::Unsigned(size)),
        (b'e' | b'f' | b'd', 2 | 4 | 8) => Some(Number::Float(size)),
        _ => None,
    }
}
