//! Rows as JSON, of the columns that hold them.

use base64::prelude::{BASE64_STANDARD, Engine};
use onecross_json::{Encoded, Output, Writer};
use serde::de::IgnoredAny;

use crate::batch::Batch;
use crate::column::Cell;
use crate::misfit::{Misfit, Reason};
use crate::moment::{date_text, timestamp_text};
use crate::value::Value;

/// What stands for bytes, of which JSON has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blobs {
    /// Nothing: they are an error.
    #[default]
    Refused,
    /// A text in base 64, of the alphabet with `+` and `/`, padded.
    Base64,
}

/// Writes each row as an object.
#[derive(Debug)]
pub struct JsonRows {
    keys: Vec<Encoded>,
    blobs: Blobs,
}

impl JsonRows {
    /// Writes objects with these keys, one for each column.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, blobs: Blobs) -> Self {
        Self { keys: names.into_iter().map(Encoded::key).collect(), blobs }
    }

    /// Writes the rows of a batch as the items of a list that was begun.
    ///
    /// # Errors
    ///
    /// A value that JSON has no form for.
    pub fn items<O: Output>(&self, batch: &Batch, writer: &mut Writer<O>) -> Result<(), Misfit> {
        (0..batch.rows).try_for_each(|row| self.object(batch, row, writer))
    }

    /// Writes each row of a batch as a line.
    ///
    /// # Errors
    ///
    /// A value that JSON has no form for.
    pub fn lines<O: Output>(&self, batch: &Batch, writer: &mut Writer<O>) -> Result<(), Misfit> {
        (0..batch.rows).try_for_each(|row| {
            self.object(batch, row, writer)?;
            writer.end_line();
            Ok(())
        })
    }

    fn object<O: Output>(
        &self,
        batch: &Batch,
        row: usize,
        writer: &mut Writer<O>,
    ) -> Result<(), Misfit> {
        writer.begin_object();
        for (place, (key, column)) in self.keys.iter().zip(&batch.columns).enumerate() {
            writer.key(key);
            if let Err(misfit) = self.value(column.cell(row), writer) {
                return Err(misfit.at(batch.first_row + row).of(place));
            }
        }
        writer.end_object();
        Ok(())
    }

    #[inline]
    fn value<O: Output>(&self, cell: Cell<'_>, writer: &mut Writer<O>) -> Result<(), Misfit> {
        match cell {
            Cell::Null => writer.null(),
            Cell::Integer(integer) => writer.integer(integer),
            Cell::Real(real) if real.is_finite() => writer.float(real),
            Cell::Real(real) => return Err(Misfit::new(&Value::Real(real), Reason::NotFinite)),
            Cell::Text(text) => writer.utf8(text),
            Cell::Boolean(value) => writer.boolean(value),
            Cell::Date(days) => writer.ascii(date_text(days).as_bytes()),
            Cell::Timestamp(micros, zone) => {
                writer.ascii(timestamp_text(micros, zone, 'T').as_bytes());
            }
            Cell::Decimal(text) => writer.ascii(text.as_bytes()),
            Cell::Json(text) => return embed(text, writer),
            Cell::Blob(bytes) => return self.blob(bytes, writer),
        }
        Ok(())
    }

    fn blob<O: Output>(&self, bytes: &[u8], writer: &mut Writer<O>) -> Result<(), Misfit> {
        match self.blobs {
            Blobs::Refused => Err(Misfit::new(&Value::Blob(bytes), Reason::Bytes)),
            Blobs::Base64 => {
                writer.ascii(BASE64_STANDARD.encode(bytes).as_bytes());
                Ok(())
            }
        }
    }
}

/// Writes a text that is JSON already. A line stays one: where JSON may be broken into lines, a
/// blank means as much.
fn embed<O: Output>(text: &str, writer: &mut Writer<O>) -> Result<(), Misfit> {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Err(Misfit::new(&Value::Text(text.as_bytes()), Reason::NoJson));
    }
    if text.contains(['\n', '\r']) {
        writer.number_text(text.replace(['\n', '\r'], " ").as_bytes());
    } else {
        writer.number_text(text.as_bytes());
    }
    Ok(())
}
