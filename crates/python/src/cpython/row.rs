//! Attributes of one object that are written one after another, its class told once for all.

use onecross_graphql::Key;
use onecross_graphql::execute::Sink;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::attribute::{AttributeReader, Place};
use super::known_class::KnownClass;
use super::layout::Entries;
use super::plain::{PlainShape, write_plain};
use crate::read::Leaves;

/// Fields that stand side by side, and where the objects of a class keep them.
pub(crate) struct Row {
    class: KnownClass,
    columns: Vec<Column>,
}

struct Column {
    number: usize,
    place: Place,
    shape: PlainShape,
}

/// What was written of a row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Written {
    /// How many fields.
    pub(crate) fields: usize,
    /// How many values were read for them.
    pub(crate) values: usize,
}

impl Default for Row {
    fn default() -> Self {
        Self { class: KnownClass::NONE, columns: Vec::new() }
    }
}

impl Row {
    /// A row without fields, of the object's class.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> Self {
        Self { class: KnownClass::of(object), columns: Vec::new() }
    }

    /// Adds the field of that number if the reader, which knows the class, knows a place for it;
    /// tells whether it does. Keys of a dict and attributes of its own are never in one row.
    pub(crate) fn add(
        &mut self,
        py: Python<'_>,
        number: usize,
        reader: &AttributeReader,
        shape: PlainShape,
    ) -> bool {
        let is_alike = |place: &&Place| self.is_empty() || self.holds_keys() == is_key(place);
        let place = reader.place().filter(is_alike).map(|place| place.clone_ref(py));
        let column = place.map(|place| Column { number, place, shape });
        let is_known = column.is_some();
        self.columns.extend(column);
        is_known
    }

    /// Whether there are no fields in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Whether its fields are keys of dicts.
    #[inline(always)]
    fn holds_keys(&self) -> bool {
        self.columns.first().is_some_and(|column| is_key(&column.place))
    }

    /// Whether the object is of the row's class.
    #[inline]
    pub(crate) fn has_seen(&self, object: &Bound<'_, PyAny>) -> bool {
        // SAFETY: the object is owned.
        unsafe { self.class.has(object.as_ptr()) }
    }

    /// Writes fields with their keys up to the first that takes Python code, or is an error, or is
    /// none of the row's; of that one only the key.
    #[inline]
    pub(crate) fn write<'k, S: Sink<Py<PyString>> + Leaves>(
        &self,
        object: &Bound<'_, PyAny>,
        fields: impl Iterator<Item = (usize, &'k Key<Py<PyString>>)>,
        sink: &mut S,
    ) -> Written {
        let py = object.py();
        let object = object.as_ptr();
        let mut written = Written::default();
        let mut columns = self.columns.iter();
        // SAFETY: the object is owned by the caller. A row that holds keys holds nothing else, and
        // is of a class of dicts. What was found in the object stays there as long as no code runs;
        // where the sink may let any run, everything is looked at anew.
        unsafe {
            let is_known = self.class.has(object);
            let reads_keys = is_known && self.holds_keys();
            let entries = if reads_keys { Entries::of(object) } else { Entries::NONE };
            for (number, key) in fields {
                sink.key(key);
                let is_known = if S::LETS_GO { self.class.has(object) } else { is_known };
                let Some(column) = columns.next() else { break };
                if !is_known || column.number != number {
                    break;
                }
                let value = match &column.place {
                    Place::Key(place) if !S::LETS_GO => place.read(&entries).or_none(),
                    place => place.read(object),
                };
                let Some(values) = write_plain(py, value, column.shape, sink) else { break };
                written.fields += 1;
                written.values += values;
            }
        }
        written
    }
}

#[inline(always)]
fn is_key(place: &Place) -> bool {
    matches!(place, Place::Key(_))
}
