//! The type of Arrow's arrays, read as the C interface hands it out.
//!
//! Reference: "The Arrow C data interface", <https://arrow.apache.org/docs/format/CDataInterface.html>.

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_schema::Field;

/// A type that is none of Arrow's, or none that is known here.
pub(super) struct Unknown {
    /// The column that has it, if it is in one.
    pub(super) column: Option<String>,
    /// What the C interface calls it.
    pub(super) format: String,
}

/// The name and the type that a schema tells.
///
/// # Errors
///
/// A type is not known.
pub(super) fn field_of(schema: &FFI_ArrowSchema) -> Result<Field, Unknown> {
    Field::try_from(schema).map_err(|_| {
        let column = schema.children().find(|child| Field::try_from(*child).is_err());
        Unknown {
            column: column.map(|column| column.name().unwrap_or_default().to_owned()),
            format: column.unwrap_or(schema).format().to_owned(),
        }
    })
}
