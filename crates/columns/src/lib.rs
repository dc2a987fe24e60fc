//! Typed columns in Arrow's layout: values are appended without losing anything of them, and read
//! as rows, as Arrow's arrays or as JSON. Nothing here knows a database or Python.
//!
//! ```
//! use onecross_columns::{Batcher, Cell, Limits, Rule, Value};
//!
//! let mut batcher = Batcher::new(vec![Rule::Infer(None); 2], Limits::none());
//! for (number, row) in [(1, "A"), (2, "B")] {
//!     batcher.push(0, Value::Integer(number))?;
//!     batcher.push(1, Value::Text(row.as_bytes()))?;
//!     batcher.end_row();
//! }
//! let (batch, no_text) = batcher.take();
//! assert!(no_text.is_none());
//! assert_eq!(batch.columns[1].cell(1), Cell::Text("B"));
//! # Ok::<(), Box<onecross_columns::Misfit>>(())
//! ```

#![forbid(unsafe_code)]

mod appender;
mod batch;
mod column;
mod decimal;
mod json;
mod kind;
mod misfit;
mod mixed;
mod moment;
mod stored;
mod uniform;
mod value;
mod written;

pub use batch::{Batch, Batcher, Limits};
pub use column::{Cell, Column};
pub use json::{Blobs, JsonRows};
pub use kind::{Kind, Rule};
pub use misfit::{Misfit, Reason};
pub use mixed::Mixed;
pub use moment::{Time, Zone, date_of, date_text, time_of, timestamp_text};
pub use stored::{Stored, Unstorable, declared_for};
pub use uniform::Uniform;
pub use value::Value;
