//! How fields that stand side by side are read together, as one execution has found out.

use std::mem;

use onecross_graphql::execute::Sink;
use onecross_graphql::plan::Field;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::handles::PythonHandles;
use super::host::PythonHost;
use super::reader::{EARLIER_LIMIT, object_or_item};
use crate::cpython::Row;
use crate::meter::Tally;
use crate::read::Leaves;

/// The rows that begin with one field.
#[derive(Default)]
pub(crate) struct Rows {
    /// The item of a pair that the row is read from, if it is not the object's own.
    item: Option<usize>,
    /// That of the class seen last.
    last: Row,
    /// Those of classes seen before.
    earlier: Vec<Row>,
}

impl Rows {
    #[inline]
    fn has_seen(&self, source: &Bound<'_, PyAny>) -> bool {
        object_or_item(source, self.item).is_some_and(|object| self.last.has_seen(&object))
    }

    fn put(&mut self, row: Row) {
        let previous = mem::replace(&mut self.last, row);
        if previous.is_empty() {
            return;
        }
        if self.earlier.len() == EARLIER_LIMIT {
            self.earlier.remove(0);
        }
        self.earlier.push(previous);
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// Writes what can be written of the fields as they stand, and the key of the next.
    #[inline]
    pub(super) fn write_row<S: Sink<Py<PyString>> + Leaves>(
        &mut self,
        fields: &[Field<PythonHandles>],
        source: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> usize {
        let number = fields[0].number;
        let is_known = self.known.rows.get(number).is_some_and(|rows| rows.has_seen(source));
        if (is_known || self.turn_to_row(fields, source))
            && let Some(object) = object_or_item(source, self.known.rows[number].item)
        {
            let keys = fields.iter().map(|field| (field.number, &field.key));
            let written = self.known.rows[number].last.write(&object, keys, sink);
            self.tally.read(written.values);
            return written.fields;
        }
        sink.key(&fields[0].key);
        0
    }

    /// Turns to the row of the object's class, or makes it of what the readers have found out;
    /// false while they do not know the class.
    #[inline(never)]
    fn turn_to_row(&mut self, fields: &[Field<PythonHandles>], source: &Bound<'py, PyAny>) -> bool {
        let number = fields[0].number;
        let Some(first) = self.known.readers.get(number) else { return false };
        let item = first.item();
        let Some(object) = object_or_item(source, item) else { return false };
        if let Some(rows) = self.known.rows.get_mut(number)
            && let Some(row) = rows.earlier.iter_mut().find(|row| row.has_seen(&object))
        {
            mem::swap(row, &mut rows.last);
            return true;
        }
        let mut row = Row::of(&object);
        for field in fields {
            let reader =
                self.known.readers.get_mut(field.number).filter(|reader| reader.item() == item);
            if !reader.is_some_and(|reader| reader.add_to(&mut row, field.number, &object)) {
                break;
            }
        }
        if row.is_empty() {
            return false;
        }
        if self.known.rows.len() <= number {
            self.known.rows.resize_with(number + 1, Rows::default);
        }
        self.known.rows[number].item = item;
        self.known.rows[number].put(row);
        true
    }
}
