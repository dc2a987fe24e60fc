//! Answers that the class of a value decides: asked for once, remembered while an execution runs.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};
use pyo3::{PyTraverseError, PyVisit};

use crate::cpython::{ClassTag, InstanceAttribute, class_tag};

/// How many classes are remembered for one type.
const LIMIT: usize = 64;

/// When an `is_type_of` or a `resolve_type` answers alike for all instances of a class.
pub(crate) struct DecidedByClass {
    /// Its place among all of the schema.
    pub(crate) number: usize,
    /// The classes for whose instances that holds; all, if there are none.
    pub(crate) classes: Vec<Py<PyType>>,
    /// The attributes that are looked at as well: no instance may have them of its own.
    pub(crate) attributes: Vec<Py<PyString>>,
}

/// What was answered for the instances of some classes, by the number of who was asked.
pub(crate) struct Decisions<A> {
    known: Vec<Vec<Decision<A>>>,
}

struct Decision<A> {
    class: ClassTag,
    attributes: Vec<InstanceAttribute>,
    answer: A,
}

impl<A> Default for Decisions<A> {
    fn default() -> Self {
        Self { known: Vec::new() }
    }
}

impl DecidedByClass {
    /// What was answered for another value of that class.
    #[inline]
    pub(super) fn answer<A: Copy>(
        &self,
        decisions: &Decisions<A>,
        value: &Bound<'_, PyAny>,
    ) -> Option<A> {
        let known = decisions.known.get(self.number)?;
        let known = known.iter().find(|known| known.class.is_of(value))?;
        let mut attributes = known.attributes.iter().zip(&self.attributes);
        let none_is_own =
            attributes.all(|(found, name)| found.is_inherited(value, name.bind(value.py())));
        none_is_own.then_some(known.answer)
    }

    /// Remembers an answer, if the class decides it.
    pub(super) fn remember<A>(
        &self,
        decisions: &mut Decisions<A>,
        value: &Bound<'_, PyAny>,
        answer: A,
    ) {
        let (py, class) = (value.py(), value.get_type());
        if !self.classes.is_empty() && !self.classes.iter().any(|listed| class.is(listed)) {
            return;
        }
        let find = |name: &Py<PyString>| InstanceAttribute::find(value, name.bind(py));
        let Some(attributes) = self.attributes.iter().map(find).collect() else { return };
        let Some(class) = class_tag(value) else { return };
        if decisions.known.len() <= self.number {
            decisions.known.resize_with(self.number + 1, Vec::new);
        }
        let known = &mut decisions.known[self.number];
        known.retain(|known| !known.class.is_of(value));
        if known.len() < LIMIT {
            known.push(Decision { class, attributes, answer });
        }
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.classes.iter().try_for_each(|class| visit.call(class))
    }
}
