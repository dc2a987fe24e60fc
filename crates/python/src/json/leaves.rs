//! Leaves written as JSON.

use onecross_json::{Output, Writer};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::write_value;
use crate::cpython::Text;
use crate::read::Leaves;

impl<O: Output> Leaves for Writer<O> {
    #[inline]
    fn null(&mut self, _py: Python<'_>) {
        Writer::null(self);
    }

    #[inline]
    fn boolean(&mut self, _py: Python<'_>, value: bool) {
        Writer::boolean(self, value);
    }

    #[inline]
    fn integer(&mut self, _py: Python<'_>, value: i64) {
        Writer::integer(self, value);
    }

    fn integer_as_text(&mut self, _py: Python<'_>, value: i64) {
        self.utf8(&value.to_string());
    }

    #[inline]
    fn float(&mut self, _py: Python<'_>, value: f64) {
        Writer::float(self, value);
    }

    fn ascii(&mut self, _py: Python<'_>, text: &'static str) {
        self.utf8(text);
    }

    #[inline]
    fn text(&mut self, text: Borrowed<'_, '_, PyString>) {
        match Text::of(&text) {
            Text::Ascii(units) => Writer::ascii(self, units),
            Text::Latin1(units) => self.latin1(units),
            Text::Ucs2(units) => self.ucs2(units),
            Text::Ucs4(units) => self.ucs4(units),
        }
    }

    fn object(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        write_value(self, value)
    }
}
