//! JSON as onecross writes it: text, numbers, and a writer that leaves holes for values that come
//! later; it reads no JSON and knows nothing of Python's objects.
//!
//! The bytes are those of `json.dumps(value, separators=(",", ":"), ensure_ascii=False)` in
//! UTF-8, except that a lone surrogate, which UTF-8 cannot hold, becomes an escape.
//!
//! ```
//! use onecross_json::{Encoded, Growing, Output, Writer};
//!
//! let (name, seats) = (Encoded::key("name"), Encoded::key("seats"));
//! let mut writer = Writer::new(Growing::default());
//! writer.begin_object();
//! writer.key(&name);
//! writer.utf8("North \"A\"");
//! writer.key(&seats);
//! let seats = writer.hole(true);
//! writer.end_object();
//!
//! assert!(writer.open(seats));
//! writer.integer(450);
//! writer.close();
//! assert_eq!(writer.finish().as_slice(), br#"{"name":"North \"A\"","seats":450}"#);
//! ```

#![forbid(unsafe_code)]

mod assembly;
mod character;
mod encoded;
mod escape;
mod growing;
mod holes;
mod number;
mod output;
mod places;
mod scan;
mod text;
mod writer;

pub use encoded::Encoded;
pub use growing::Growing;
pub use output::Output;
pub use places::HoleId;
pub use text::Ends;
pub use writer::{Mark, Writer};
