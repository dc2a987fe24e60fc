//! Rows and columns that Python has, taken in a chunk at a time for SQL to read.

mod arrays;
mod columns;
mod misfit;
mod records;
mod taken;
mod value;

pub(super) use misfit::Stand;
pub(super) use taken::Chunks;
pub(crate) use taken::Intake;
