//! Python to Rust: what a walk over Python values hands to whoever takes its leaves.

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::json::Encoder;
use crate::meter::Tally;

/// Where leaves go.
///
/// None of these runs Python code, nor allocates what the collector tracks, for that may set it off
/// and finalizers with it; but for [`object`](Leaves::object), all are given what is only borrowed.
pub(crate) trait Leaves {
    /// Whether a leaf may take the place of what somebody else has put there meanwhile, and letting
    /// go of that may run any code after all, once the leaf is taken.
    const LETS_GO: bool;

    /// Takes an exact int or float as it stands, if this is where Python objects are wanted.
    #[inline]
    fn keep(&mut self, _value: Borrowed<'_, '_, PyAny>) -> bool {
        false
    }
    /// Null.
    fn null(&mut self, py: Python<'_>);
    /// A boolean.
    fn boolean(&mut self, py: Python<'_>, value: bool);
    /// An integer.
    fn integer(&mut self, py: Python<'_>, value: i64);
    /// The decimal digits of an integer, as a text.
    fn integer_as_text(&mut self, py: Python<'_>, value: i64);
    /// A finite number.
    fn float(&mut self, py: Python<'_>, value: f64);
    /// A text known to the program.
    fn ascii(&mut self, py: Python<'_>, text: &'static str);
    /// A text; says whether it was a short one.
    fn text(&mut self, text: Borrowed<'_, '_, PyString>) -> bool;
    /// Whatever a scalar's own code made of a value.
    fn object<'py, T: Tally>(
        &mut self,
        value: &Bound<'py, PyAny>,
        encoder: &mut Encoder<'_, 'py, T>,
    ) -> PyResult<()>;
    /// How many bytes were written so far, or about how many they would be.
    fn written(&self) -> usize;
}
