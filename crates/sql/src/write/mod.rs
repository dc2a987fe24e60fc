//! How columns and rows become a table that a statement reads.

mod cells;
mod rows;

pub use cells::{Cells, Kind};
pub use rows::{Column, Joined, One, Rows, lent};
