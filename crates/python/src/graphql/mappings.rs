//! Which classes are no mappings, so that the abstract class is asked about each only once.

use std::collections::HashSet;
use std::sync::Mutex;

use pyo3::prelude::*;

use super::runtime::Runtime;
use super::serve::lock;
use crate::cpython::{ClassTag, class_tag};
use crate::meter::Tally;

/// How many classes are remembered at most.
const LIMIT: usize = 4_096;

/// Classes known to be no mappings; none of them is kept alive.
#[derive(Default)]
pub(crate) struct Mappings {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// `abc.get_cache_token()` at the time: another one says that some class was registered with
    /// some abstract class since.
    token: u64,
    classes: HashSet<ClassTag>,
}

impl Mappings {
    /// Whether the value is a mapping.
    pub(crate) fn has(
        &self,
        value: &Bound<'_, PyAny>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<bool> {
        let py = value.py();
        let token = runtime.abstract_classes_token.bind(py).call0()?.extract()?;
        let tag = class_tag(value);
        tally.lock();
        if tag.is_some_and(|tag| lock(&self.known).knows(tag, token)) {
            return Ok(false);
        }
        let mapping = runtime.mapping.bind(py);
        let is_mapping = tally.call(|| value.is_instance(mapping))?;
        if let Some(tag) = tag.filter(|_| !is_mapping) {
            tally.lock();
            lock(&self.known).add(tag, token);
        }
        Ok(is_mapping)
    }
}

impl Known {
    fn knows(&self, tag: ClassTag, token: u64) -> bool {
        token == self.token && self.classes.contains(&tag)
    }

    fn add(&mut self, tag: ClassTag, token: u64) {
        if token != self.token || self.classes.len() >= LIMIT {
            self.classes.clear();
            self.token = token;
        }
        self.classes.insert(tag);
    }
}
