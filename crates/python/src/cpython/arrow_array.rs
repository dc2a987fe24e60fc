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

/// Why an array is not taken over.
pub(super) enum Untaken {
    /// It is not made as those of the type are: the column where that is so, if it is in one.
    OtherType(Option<String>),
    /// It cannot be read.
    Error(ArrowError),
}

/// Takes an array over.
///
/// # Errors
///
/// It is none of the type.
///
/// # Safety
///
/// It is a whole array of the C interface, and not released.
pub(super) unsafe fn taken(
    mut array: FFI_ArrowArray,
    data_type: &DataType,
) -> Result<ArrayRef, Untaken> {
    // SAFETY: as the caller promises.
    unsafe {
        let parts: *mut ArrayParts = ptr::from_mut(&mut array).cast();
        drop_buffers_of_nothing(parts, data_type);
        refuse_other_type(parts, data_type).map_err(Untaken::OtherType)?;
        from_ffi_and_data_type(array, data_type.clone()).map(make_array).map_err(Untaken::Error)
    }
}

/// # Errors
///
/// The array is made in another way than those of the type: the column where that is so.
///
/// # Safety
///
/// It points to a whole array.
unsafe fn refuse_other_type(
    array: *const ArrayParts,
    data_type: &DataType,
) -> Result<(), Option<String>> {
    // SAFETY: the array is whole, and as many children are as it tells.
    unsafe {
        if let DataType::Struct(fields) = data_type
            && has_children(array, fields.len())
        {
            for (place, field) in fields.iter().enumerate() {
                if !is_of(*(*array).children.add(place), field.data_type()) {
                    return Err(Some(field.name().clone()));
                }
            }
        }
        if is_of(array, data_type) { Ok(()) } else { Err(None) }
    }
}

/// Whether an array has the buffers, children and dictionary that those of the type have.
///
/// # Safety
///
/// It points to a whole array, or is null.
unsafe fn is_of(array: *const ArrayParts, data_type: &DataType) -> bool {
    if array.is_null() {
        return false;
    }
    // SAFETY: the array is whole, and as many children and values of a dictionary are, as it tells.
    unsafe {
        let has_buffers = match data_type {
            DataType::Binary
            | DataType::LargeBinary
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::ListView(_)
            | DataType::LargeListView(_) => (*array).n_buffers == 3,
            DataType::BinaryView | DataType::Utf8View => (*array).n_buffers >= 3,
            // Of these, nobody reads a buffer that is there beside those that should be.
            DataType::Null
            | DataType::Struct(_)
            | DataType::FixedSizeList(..)
            | DataType::RunEndEncoded(..)
            | DataType::Union(..) => true,
            _ => (*array).n_buffers == 2,
        };
        let has_dictionary = match data_type {
            DataType::Dictionary(_, values) => is_of((*array).dictionary, values),
            _ => (*array).dictionary.is_null(),
        };
        let types = children(data_type);
        has_buffers
            && has_dictionary
            && has_children(array, types.len())
            && (types.into_iter().enumerate())
                .all(|(place, child)| is_of(*(*array).children.add(place), child))
    }
}

/// Whether an array has that many children.
///
/// # Safety
///
/// It points to a whole array.
unsafe fn has_children(array: *const ArrayParts, count: usize) -> bool {
    // SAFETY: as the caller promises.
    unsafe { usize::try_from((*array).n_children) == Ok(count) }
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
