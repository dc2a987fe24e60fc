//! One of Arrow's arrays, taken over as the C interface hands it out.
//!
//! Reference: "The Arrow C data interface", <https://arrow.apache.org/docs/format/CDataInterface.html>.

use std::ffi::c_void;
use std::ptr;

use arrow_array::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use arrow_array::{ArrayRef, make_array};
use arrow_schema::{ArrowError, DataType};

/// What an array begins with, in the C interface.
#[repr(C)]
struct ArrayParts {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const c_void,
    children: *const *mut ArrayParts,
    dictionary: *mut ArrayParts,
}

/// Takes an array over.
///
/// # Errors
///
/// It is none of the type.
///
/// # Safety
///
/// It is a whole array of the C interface, of that type, and not released.
pub(super) unsafe fn taken(
    mut array: FFI_ArrowArray,
    data_type: &DataType,
) -> Result<ArrayRef, ArrowError> {
    // SAFETY: as the caller promises.
    unsafe {
        drop_buffers_of_nothing(ptr::from_mut(&mut array).cast(), data_type);
        from_ffi_and_data_type(array, data_type.clone()).map(make_array)
    }
}

/// Has arrays that are null in every row tell of no buffers, of which they have none to give:
/// polars tells of one, and that is not read here. Who releases them does not ask how many.
///
/// # Safety
///
/// It points to a whole array of the type, which nobody else reads.
unsafe fn drop_buffers_of_nothing(array: *mut ArrayParts, data_type: &DataType) {
    if array.is_null() {
        return;
    }
    // SAFETY: the array is whole, and as many children and values of a dictionary are, as it tells.
    unsafe {
        match data_type {
            DataType::Null => (*array).n_buffers = 0,
            DataType::Dictionary(_, values) => {
                drop_buffers_of_nothing((*array).dictionary, values);
            }
            data_type => {
                let count = usize::try_from((*array).n_children).unwrap_or(0);
                for (place, child) in children(data_type).into_iter().take(count).enumerate() {
                    drop_buffers_of_nothing(*(*array).children.add(place), child);
                }
            }
        }
    }
}

/// The types of an array's children.
fn children(data_type: &DataType) -> Vec<&DataType> {
    match data_type {
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::Map(field, _) => vec![field.data_type()],
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| field.data_type()).collect(),
        DataType::RunEndEncoded(ends, values) => vec![ends.data_type(), values.data_type()],
        _ => Vec::new(),
    }
}
