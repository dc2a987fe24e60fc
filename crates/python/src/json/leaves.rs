//! Leaves written as JSON.

use onecross_json::{Output, Writer};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{Encoder, write_value};
use crate::cpython::Text;
use crate::meter::Tally;
use crate::read::Leaves;

impl<O: Output> Leaves for Writer<O> {
    const LETS_GO: bool = false;

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

    #[inline(always)]
    fn text(&mut self, text: Borrowed<'_, '_, PyString>) -> bool {
        if let Some(ends) = Text::ends(&text)
            && self.ascii_ends(ends)
        {
            return true;
        }
        match Text::compact_ascii(&text) {
            Some(units) => Writer::ascii(self, units),
            None => write_any_text(self, &text),
        }
        false
    }

    fn object<'py, T: Tally>(
        &mut self,
        value: &Bound<'py, PyAny>,
        encoder: &mut Encoder<'_, 'py, T>,
    ) -> PyResult<()> {
        write_value(self, value, encoder)
    }

    #[inline]
    fn written(&self) -> usize {
        Writer::written(self)
    }
}

#[inline(never)]
fn write_any_text<O: Output>(writer: &mut Writer<O>, text: &Bound<'_, PyString>) {
    match Text::of(text) {
        Text::Ascii(units) => writer.ascii(units),
        Text::Latin1(units) => writer.latin1(units),
        Text::Ucs2(units) => writer.ucs2(units),
        Text::Ucs4(units) => writer.ucs4(units),
    }
}
