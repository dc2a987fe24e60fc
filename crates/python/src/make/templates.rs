//! Dicts with the keys of a selection and no values yet, made once and then copied.

use std::rc::Rc;

use onecross_graphql::Key;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::cpython::{Template, interned};
use crate::errors::or_unwind;

/// How many templates are kept; a response that needs more makes some of them again.
const LIMIT: usize = 64;

/// The templates of a response.
pub(super) struct Templates<'py> {
    py: Python<'py>,
    kept: Vec<Rc<Template<'py>>>,
    last: usize,
}

impl<'py> Templates<'py> {
    pub(super) fn new(py: Python<'py>) -> Self {
        Self { py, kept: Vec::new(), last: 0 }
    }

    /// The template for these keys: most often the one used last.
    #[inline]
    pub(super) fn find<'k>(
        &mut self,
        keys: impl ExactSizeIterator<Item = &'k Key<Py<PyString>>> + Clone,
    ) -> Rc<Template<'py>> {
        let py = self.py;
        let names = keys.map(|key| key.handle(|text| interned(py, text).unbind()));
        if !self.kept.get(self.last).is_some_and(|last| last.has_keys(names.clone())) {
            self.last = self.find_or_make(names);
        }
        Rc::clone(&self.kept[self.last])
    }

    #[inline(never)]
    fn find_or_make<'k>(
        &mut self,
        names: impl ExactSizeIterator<Item = &'k Py<PyString>> + Clone,
    ) -> usize {
        let found = self.kept.iter().position(|template| template.has_keys(names.clone()));
        found.unwrap_or_else(|| {
            if self.kept.len() >= LIMIT {
                self.kept.clear();
            }
            let names = names.map(|name| name.bind(self.py).clone()).collect();
            let template = Template::new(self.py, names);
            self.kept.push(Rc::new(or_unwind(template)));
            self.kept.len() - 1
        })
    }
}
