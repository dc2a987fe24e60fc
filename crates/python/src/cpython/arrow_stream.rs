//! A stream of Arrow's arrays, taken over as the C interface hands it out.
//!
//! Reference: "The Arrow C stream interface", <https://arrow.apache.org/docs/format/CStreamInterface.html>.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use arrow_array::ArrayRef;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_schema::{ArrowError, Field};

use super::arrow_array::{Untaken, taken};
use super::arrow_schema::{Unknown, field_of};

/// Arrays that come one by one.
pub(super) struct ImportedStream {
    stream: FFI_ArrowArrayStream,
    parts: Parts,
    field: Field,
}

/// What a stream begins with, in the C interface.
#[repr(C)]
struct StreamParts {
    get_schema: Option<GetSchema>,
    get_next: Option<GetNext>,
    get_last_error: Option<GetLastError>,
    release: Option<unsafe extern "C" fn(*mut FFI_ArrowArrayStream)>,
}

type GetSchema = unsafe extern "C" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowSchema) -> c_int;
type GetNext = unsafe extern "C" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowArray) -> c_int;
type GetLastError = unsafe extern "C" fn(*mut FFI_ArrowArrayStream) -> *const c_char;

/// What is called of a stream.
struct Parts {
    get_next: GetNext,
    get_last_error: Option<GetLastError>,
}

/// Why what is handed out is no stream.
pub(super) enum Unreadable {
    /// It was taken before.
    Released,
    /// It has no function that gives its arrays.
    Partial,
    /// It gave no type.
    Error(ArrowError),
    /// Its type is not known.
    Unknown(Unknown),
}

impl ImportedStream {
    /// Takes over a stream, and leaves one that counts as released.
    ///
    /// # Safety
    ///
    /// The pointer is to a struct of the C interface, which nobody else uses.
    pub(super) unsafe fn take(pointer: *mut FFI_ArrowArrayStream) -> Result<Self, Unreadable> {
        // SAFETY: a stream begins so.
        let StreamParts { get_schema, get_next, get_last_error, release } =
            unsafe { ptr::read(pointer.cast::<StreamParts>()) };
        if release.is_none() {
            return Err(Unreadable::Released);
        }
        let (Some(get_schema), Some(get_next)) = (get_schema, get_next) else {
            return Err(Unreadable::Partial);
        };
        // SAFETY: the stream is whole and not released.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer) };
        let parts = Parts { get_next, get_last_error };
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the functions are of this stream, which fills in the schema.
        let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
        if code != 0 {
            return Err(Unreadable::Error(parts.error(&mut stream, "type", code)));
        }
        let field = field_of(&schema).map_err(Unreadable::Unknown)?;
        Ok(Self { stream, parts, field })
    }

    /// The name and the type of the arrays.
    pub(super) fn field(&self) -> &Field {
        &self.field
    }

    /// The next array; `None` behind the last.
    ///
    /// # Errors
    ///
    /// Whoever hands it out failed.
    pub(super) fn next(&mut self) -> Result<Option<ArrayRef>, Untaken> {
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the function is of this stream, which fills in the array.
        let code = unsafe { (self.parts.get_next)(&raw mut self.stream, &raw mut array) };
        if code != 0 {
            return Err(Untaken::Error(self.parts.error(&mut self.stream, "next array", code)));
        }
        if array.is_released() {
            return Ok(None);
        }
        // SAFETY: the array is what the stream gave, which says that it is of the type.
        unsafe { taken(array, self.field.data_type()) }.map(Some)
    }
}

impl Parts {
    #[cold]
    fn error(&self, stream: &mut FFI_ArrowArrayStream, what: &str, code: c_int) -> ArrowError {
        // SAFETY: the function is of this stream, which has just failed; it answers null, or a text
        // that is there until the stream is used again.
        let told = self.get_last_error.and_then(|get_last_error| unsafe {
            let told = get_last_error(stream);
            (!told.is_null())
                .then(|| String::from_utf8_lossy(CStr::from_ptr(told).to_bytes()).into_owned())
        });
        let told = told.map_or(String::new(), |told| format!(": {told}"));
        ArrowError::CDataInterface(format!("the stream gave no {what}, with code {code}{told}"))
    }
}
