//! A column whose rows may hold any of the types that a database stores.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, Float64Array, Int64Array, NullArray, StringArray, UnionArray,
};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, Field, UnionFields};

use crate::appender::{Appender, Several};
use crate::column::{Cell, Column};
use crate::kind::Rule;
use crate::value::Value;

pub(crate) const NULL: i8 = 0;
pub(crate) const INTEGER: i8 = 1;
pub(crate) const REAL: i8 = 2;
pub(crate) const TEXT: i8 = 3;
pub(crate) const BLOB: i8 = 4;

/// Values of several types: a dense union, as Arrow calls it.
#[derive(Clone, Debug)]
pub struct Mixed {
    pub(crate) types: Vec<i8>,
    /// Where the value of each row stands among those of its type.
    pub(crate) places: Vec<i32>,
    pub(crate) integers: Int64Array,
    pub(crate) reals: Float64Array,
    pub(crate) texts: StringArray,
    pub(crate) blobs: BinaryArray,
}

impl Mixed {
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    pub(crate) fn null_count(&self) -> usize {
        self.types.iter().filter(|of| **of == NULL).count()
    }

    /// Some of the rows, which may be of one type.
    pub(crate) fn slice(&self, first: usize, rows: usize) -> Column {
        let mut appender = Appender::new(Rule::Infer(None));
        for row in first..first + rows {
            appender.push(stored(self.cell(row))).expect("any value is taken");
        }
        appender.finish(rows)
    }

    #[inline]
    pub(crate) fn cell(&self, row: usize) -> Cell<'_> {
        let place = self.places[row] as usize;
        match self.types[row] {
            INTEGER => Cell::Integer(self.integers.value(place)),
            REAL => Cell::Real(self.reals.value(place)),
            TEXT => Cell::Text(self.texts.value(place)),
            BLOB => Cell::Blob(self.blobs.value(place)),
            _ => Cell::Null,
        }
    }
}

/// Values of whatever column as a union of all types.
///
/// # Panics
///
/// The column has a type that no database stores.
pub(crate) fn union_of(column: &Column) -> UnionArray {
    let mixed = match column {
        Column::Mixed(mixed) => Mixed::clone(mixed),
        column => mixed_of(column),
    };
    let is_null = |(_, of): (_, &i8)| *of == NULL;
    let nulls = mixed.places.iter().zip(&mixed.types).filter(|it| is_null(*it));
    let nulls = nulls.map(|(place, _)| *place as usize + 1).max().unwrap_or_default();
    let children: Vec<ArrayRef> = vec![
        Arc::new(NullArray::new(nulls)),
        Arc::new(mixed.integers),
        Arc::new(mixed.reals),
        Arc::new(mixed.texts),
        Arc::new(mixed.blobs),
    ];
    let (types, places) = (ScalarBuffer::from(mixed.types), ScalarBuffer::from(mixed.places));
    UnionArray::try_new(fields(), types, Some(places), children).expect("the parts fit each other")
}

fn mixed_of(column: &Column) -> Mixed {
    let mut several = Several::new();
    for row in 0..column.len() {
        several.push(stored(column.cell(row))).expect("there was room for it before");
    }
    several.finish(column.len())
}

/// What a database stores for a cell.
fn stored(cell: Cell<'_>) -> Value<'_> {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(integer) => Value::Integer(integer),
        Cell::Real(real) => Value::Real(real),
        Cell::Text(text) => Value::Text(text.as_bytes()),
        Cell::Blob(bytes) => Value::Blob(bytes),
        cell => unreachable!("{cell:?} is of no type that a database stores"),
    }
}

pub(crate) fn fields() -> UnionFields {
    let types = [
        ("null", DataType::Null),
        ("integer", DataType::Int64),
        ("real", DataType::Float64),
        ("text", DataType::Utf8),
        ("blob", DataType::Binary),
    ];
    let fields = types.map(|(name, of)| Field::new(name, of, name == "null"));
    UnionFields::from_fields(fields)
}
