//! Arrow's arrays taken over from whoever hands them out by its interface for Python.
//!
//! Reference: "The Arrow PyCapsule Interface", <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>.

use std::ffi::{CStr, c_void};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, Field};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use super::arrow_array::{Untaken, taken};
use super::arrow_schema::{Unknown, field_of};
use super::arrow_stream::{ImportedStream, Unreadable};
use super::types::optional_attribute;
use crate::errors::new_error;

/// Why arrays are not taken over.
pub(crate) enum Unimported {
    /// Whoever hands them out raised, or hands out something else.
    Raised(PyErr),
    /// What is wrong with a column; with the whole, where none is named.
    Column(Option<String>, String),
}

impl From<PyErr> for Unimported {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// Arrays that come one by one.
pub(crate) struct ImportedArrays {
    field: Field,
    source: Source,
}

enum Source {
    One(Option<ArrayRef>),
    Stream(ImportedStream),
}

/// What a schema begins with, in the C interface.
#[repr(C)]
struct SchemaParts {
    format: *const c_void,
}

impl ImportedArrays {
    /// What the object hands out; `None` where it knows nothing of Arrow.
    ///
    /// # Errors
    ///
    /// What the object raised, or what it handed out is not what it should be.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> Result<Option<Self>, Unimported> {
        let py = object.py();
        if let Some(method) = optional_attribute(object, intern!(py, "__arrow_c_stream__"))? {
            return Self::of_stream(&method.call0()?).map(Some);
        }
        if let Some(method) = optional_attribute(object, intern!(py, "__arrow_c_array__"))? {
            return Self::of_array(&method.call0()?).map(Some);
        }
        Ok(None)
    }

    fn of_stream(capsule: &Bound<'_, PyAny>) -> Result<Self, Unimported> {
        let py = capsule.py();
        let pointer = content(capsule, c"arrow_array_stream")?;
        // SAFETY: a capsule of that name has a stream, which moves out of it.
        let stream = unsafe { ImportedStream::take(pointer.cast()) };
        let stream = stream.map_err(|why| match why {
            Unreadable::Released => Unimported::Raised(released(py)),
            Unreadable::Partial => {
                Unimported::Raised(refusal(py, "it has no function that gives its arrays"))
            }
            Unreadable::Error(error) => Unimported::Raised(of_arrow(py, &error)),
            Unreadable::Unknown(unknown) => of_unknown(unknown),
        })?;
        Ok(Self { field: stream.field().clone(), source: Source::Stream(stream) })
    }

    fn of_array(capsules: &Bound<'_, PyAny>) -> Result<Self, Unimported> {
        let py = capsules.py();
        let pair = capsules.cast::<PyTuple>().ok().filter(|pair| pair.len() == 2);
        let Some(pair) = pair else {
            return Err(refusal(py, "__arrow_c_array__() must return two capsules").into());
        };
        let schema = content(&pair.get_item(0)?, c"arrow_schema")?;
        let array = content(&pair.get_item(1)?, c"arrow_array")?;
        // SAFETY: capsules of these names have these structs. The schema is read while its capsule
        // lives; the array moves out of its capsule, which is left with one that is released.
        unsafe {
            if (*schema.cast::<SchemaParts>()).format.is_null() {
                return Err(released(py).into());
            }
            let field = field_of(&*schema.cast::<FFI_ArrowSchema>()).map_err(of_unknown)?;
            let array = FFI_ArrowArray::from_raw(array.cast());
            if array.is_released() {
                return Err(released(py).into());
            }
            let array = taken(array, field.data_type()).map_err(|why| of_untaken(py, why))?;
            checked(py, &array)?;
            Ok(Self { field, source: Source::One(Some(array)) })
        }
    }

    /// The name and the type of the arrays.
    pub(crate) fn field(&self) -> &Field {
        &self.field
    }

    /// The next array; `None` behind the last.
    ///
    /// # Errors
    ///
    /// Whoever hands it out failed, or the array is none of its type.
    pub(crate) fn next(&mut self, py: Python<'_>) -> Result<Option<ArrayRef>, Unimported> {
        match &mut self.source {
            Source::One(array) => Ok(array.take()),
            Source::Stream(stream) => {
                let array = stream.next().map_err(|why| of_untaken(py, why))?;
                array.as_ref().map_or(Ok(()), |array| checked(py, array))?;
                Ok(array)
            }
        }
    }
}

/// What is checked that can be: offsets, that texts are UTF-8, that keys have a value.
fn checked(py: Python<'_>, array: &ArrayRef) -> PyResult<()> {
    array.to_data().validate_full().map_err(|error| of_arrow(py, &error))
}

/// The pointer in a capsule of that name.
fn content(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<*mut c_void> {
    let py = capsule.py();
    if !capsule.is_exact_instance_of::<PyCapsule>() {
        return Err(refusal(py, "what it handed out is no capsule"));
    }
    // SAFETY: the object is a capsule; answers null with an error set where the name is another.
    let pointer = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), name.as_ptr()) };
    if pointer.is_null() { Err(PyErr::fetch(py)) } else { Ok(pointer) }
}

#[cold]
fn released(py: Python<'_>) -> PyErr {
    refusal(py, "what it handed out was taken before")
}

#[cold]
fn refusal(py: Python<'_>, why: &str) -> PyErr {
    new_error::<PyTypeError>(py, &format!("the object hands out no Arrow data: {why}"))
}

#[cold]
fn of_unknown(unknown: Unknown) -> Unimported {
    let Unknown { column, format } = unknown;
    let why = format!(
        "is of a type that is not known, which Arrow's interface has as '{format}': cast it to \
         another one before"
    );
    Unimported::Column(column, why)
}

#[cold]
fn of_untaken(py: Python<'_>, why: Untaken) -> Unimported {
    match why {
        Untaken::Error(error) => Unimported::Raised(of_arrow(py, &error)),
        Untaken::OtherType(column) => {
            let why = "has another type in one part of the Arrow data than it was said to have: \
                       cast all of them to one schema before";
            Unimported::Column(column, why.to_owned())
        }
    }
}

#[cold]
fn of_arrow(py: Python<'_>, error: &ArrowError) -> PyErr {
    new_error::<PyValueError>(py, &format!("the Arrow data cannot be read: {error}"))
}
