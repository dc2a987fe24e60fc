//! Python objects to JSON bytes.

mod encoder;
mod leaves;
mod value;

pub(crate) use encoder::Encoder;
pub(crate) use value::write_value;
