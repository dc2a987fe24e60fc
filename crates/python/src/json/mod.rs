//! Python objects to JSON bytes.

mod leaves;
mod value;

pub(crate) use value::write_value;
