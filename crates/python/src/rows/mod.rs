//! The one result of all faces: rows that are read once, in the form that is asked for.

mod ahead;
mod arrow;
mod asked;
mod elements;
mod html;
mod instances;
mod json;
mod listed;
mod numpy;
mod objects;
mod part;
mod reading;
mod result;
mod source;

pub(crate) use arrow::ArrowStream;
pub(crate) use asked::Asked;
pub(crate) use part::Parts;
pub(crate) use result::Rows;
pub(crate) use source::{Header, Misfits, Refusals, Source};
