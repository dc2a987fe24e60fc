//! How one field is read from the classes of its objects, as one execution has found out.

use std::mem;

use onecross_graphql::plan::Field;
use onecross_graphql::schema::{Position, Shape};
use pyo3::prelude::*;

use super::handles::PythonHandles;
use crate::cpython::{AttributeReader, PlainShape, Row, tuple_item};

/// How many classes are remembered besides the one seen last.
pub(super) const EARLIER_LIMIT: usize = 8;

/// How one field is read.
#[derive(Default)]
pub(crate) struct FieldReader {
    /// Reads what the field's own object has.
    first: ClassReader,
    /// The same for classes seen before.
    earlier: Vec<ClassReader>,
    /// Read what a path leads to behind that.
    further: Vec<ClassReader>,
    /// The item of a pair that the attribute is read from, if it is not the object's own.
    item: Option<usize>,
    /// The type of the field, if the attribute is its value as it stands and can be written so.
    shape: Option<PlainShape>,
}

/// How one attribute is read from the class seen last.
#[derive(Default)]
pub(super) struct ClassReader {
    pub(super) attribute: AttributeReader,
    /// Whether that class is a mapping, whose `get` is asked.
    pub(super) is_mapping: bool,
}

impl FieldReader {
    /// What reads that step of the field's path.
    pub(super) fn step(&mut self, step: usize) -> &mut ClassReader {
        let Some(behind) = step.checked_sub(1) else { return &mut self.first };
        if self.further.len() <= behind {
            self.further.resize_with(behind + 1, Default::default);
        }
        &mut self.further[behind]
    }

    /// What is where the reader of that step knows it to be.
    #[inline]
    pub(super) fn read<'py>(
        &self,
        step: usize,
        source: &Bound<'py, PyAny>,
    ) -> Option<Bound<'py, PyAny>> {
        match step.checked_sub(1) {
            None => self.first.attribute.read(source),
            Some(behind) => self.further.get(behind)?.attribute.read(source),
        }
    }

    /// Turns to the class of the object, if it was seen before but not last.
    fn recall(&mut self, object: &Bound<'_, PyAny>) -> bool {
        let mut earlier = self.earlier.iter_mut();
        let found = earlier.find(|earlier| earlier.attribute.has_seen(object));
        found.map(|found| mem::swap(found, &mut self.first)).is_some()
    }

    /// The item of a pair that the attribute is read from, if it is not the object's own.
    pub(super) fn item(&self) -> Option<usize> {
        self.item
    }

    /// Adds the field of that number to a row of the object's class, if it can be written as it
    /// stands; tells whether it can.
    pub(super) fn add_to(
        &mut self,
        row: &mut Row,
        number: usize,
        object: &Bound<'_, PyAny>,
    ) -> bool {
        let Some(shape) = self.shape.filter(|_| self.has_seen(object)) else { return false };
        row.add(object.py(), number, &self.first.attribute, shape)
    }

    /// Whether the class of the object is known to the reader of the object itself.
    pub(super) fn has_seen(&mut self, object: &Bound<'_, PyAny>) -> bool {
        self.first.attribute.has_seen(object) || self.recall(object)
    }

    /// Whether the reader of that step knows the class of the object; makes room for it if not.
    pub(super) fn has_met(&mut self, step: usize, object: &Bound<'_, PyAny>) -> bool {
        let is_known = if step == 0 {
            self.has_seen(object)
        } else {
            self.step(step).attribute.has_seen(object)
        };
        if is_known {
            return true;
        }
        let previous = mem::take(self.step(step));
        if step == 0 && !previous.attribute.is_blank() {
            if self.earlier.len() == EARLIER_LIMIT {
                self.earlier.remove(0);
            }
            self.earlier.push(previous);
        }
        false
    }

    /// Notes whether and where what was found out can be written as it stands.
    pub(super) fn note_shape(&mut self, shape: Option<PlainShape>, item: Option<usize>) {
        self.shape = shape;
        self.item = item;
    }
}

/// What is read: the object itself, or that item of it.
#[inline]
pub(super) fn object_or_item<'a, 'py>(
    source: &'a Bound<'py, PyAny>,
    item: Option<usize>,
) -> Option<Borrowed<'a, 'py, PyAny>> {
    match item {
        None => Some(source.as_borrowed()),
        Some(index) => tuple_item(source, index),
    }
}

/// The type of a field whose attribute can be written as it stands.
pub(super) fn plain_shape(field: &Field<PythonHandles>) -> Option<PlainShape> {
    let definition = field.definition().filter(|definition| definition.handle.is_plain())?;
    let Position { nullable, shape } = &definition.position;
    let (leaf, items) = match shape {
        Shape::Leaf(leaf) => (leaf, None),
        Shape::List(item) => match &item.shape {
            Shape::Leaf(leaf) => (leaf, Some(item.nullable)),
            _ => return None,
        },
        _ => return None,
    };
    Some(PlainShape { plain: leaf.plain?, nullable: *nullable, items })
}
