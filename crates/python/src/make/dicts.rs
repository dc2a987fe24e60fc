//! A response as plain dicts and lists, made by the same walk that writes JSON.

use std::rc::Rc;

use onecross_graphql::Key;
use onecross_graphql::execute::Sink;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::places::{Place, Places};
use super::templates::Templates;
use crate::cpython::{Template, append, interned, new_float, new_integer, new_list, new_text};
use crate::json::Encoder;
use crate::meter::Tally;
use crate::read::Leaves;

/// As how many bytes of JSON a value counts: making one takes longer than writing one.
const BYTES_PER_VALUE: usize = 32;

/// A response in the making.
pub(crate) struct Dicts<'py> {
    py: Python<'py>,
    templates: Templates<'py>,
    open: Vec<Container<'py>>,
    response: Option<Bound<'py, PyAny>>,
    places: Places<'py>,
    /// The place that is being filled, if not the response is.
    filling: Option<Filling<'py>>,
    /// How many values were made.
    made: usize,
}

/// A kept place whose value is written.
struct Filling<'py> {
    /// The number of the place.
    hole: usize,
    /// How many places there were before.
    first: usize,
    /// The response meanwhile.
    response: Option<Bound<'py, PyAny>>,
}

enum Container<'py> {
    /// Made from a template, with how many of its keys have come.
    Dict(Bound<'py, PyDict>, Rc<Template<'py>>, usize),
    List(Bound<'py, PyList>),
}

impl<'py> Dicts<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        Self {
            py,
            templates: Templates::new(py),
            open: Vec::new(),
            response: None,
            places: Places::default(),
            filling: None,
            made: 0,
        }
    }

    /// The response.
    pub(crate) fn finish(self) -> Bound<'py, PyAny> {
        self.response.expect("a response was written")
    }

    /// Shows the collector what is there between two values that come.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.response.as_ref().map(Bound::as_unbound))?;
        self.places.traverse(visit)
    }

    /// The place of the value that was put last.
    fn last_place(&self, nullable: bool) -> Place<'py> {
        let filled = self.filling.as_ref().and_then(|filling| self.places.awaited(filling.hole));
        let (container, key) = match self.open.last() {
            None => {
                filled.map_or((None, None), |place| (place.container.clone(), place.key.clone()))
            }
            Some(Container::List(list)) => {
                // Whoever came by the list through the collector may have emptied it.
                let index = PyInt::new(self.py, list.len().saturating_sub(1));
                (Some(list.clone().into_any()), Some(index.into_any()))
            }
            Some(Container::Dict(dict, template, keys)) => {
                let key = template.key(keys - 1).clone();
                (Some(dict.clone().into_any()), Some(key.into_any()))
            }
        };
        Place { container, key, nullable, is_awaited: false, around: None, inside: 0..0 }
    }

    /// Notes that places were kept within a value that is complete, where null may stand.
    #[cold]
    fn enclose_places(&mut self, first: usize) {
        let place = self.last_place(true);
        self.places.enclose(first, place);
    }

    /// Puts a value that may hold others in its place.
    fn put(&mut self, value: Bound<'py, PyAny>) {
        self.made += 1;
        match self.open.last() {
            Some(Container::List(list)) => append(list, value),
            Some(Container::Dict(dict, template, keys)) => {
                template.set(dict, keys - 1, &value);
            }
            None => self.response = Some(value),
        }
    }

    /// Puts a value that holds no others in its place.
    #[inline]
    fn put_atom(&mut self, value: Bound<'py, PyAny>) {
        self.made += 1;
        match self.open.last() {
            Some(Container::List(list)) => append(list, value),
            Some(Container::Dict(dict, template, keys)) => {
                template.set_atom(dict, keys - 1, value);
            }
            None => self.response = Some(value),
        }
    }

    fn close_container(&mut self) {
        match self.open.pop().expect("what is closed was opened") {
            Container::Dict(dict, ..) => self.put(dict.into_any()),
            Container::List(list) => self.put(list.into_any()),
        }
    }
}

/// Where the next value will stand: how many containers were open, and how many places were kept.
/// The place in the innermost container stays until its value is put.
#[derive(Clone, Copy)]
pub(crate) struct DictsMark {
    open: usize,
    places: usize,
}

impl Sink<Py<PyString>> for Dicts<'_> {
    type Mark = DictsMark;
    type Hole = usize;

    #[inline]
    fn mark(&self) -> DictsMark {
        DictsMark { open: self.open.len(), places: self.places.len() }
    }

    fn rollback(&mut self, mark: DictsMark) {
        self.open.truncate(mark.open);
        self.places.forget(mark.places);
    }

    #[inline]
    fn enclose(&mut self, mark: DictsMark) {
        if self.places.len() > mark.places {
            self.enclose_places(mark.places);
        }
    }

    fn null(&mut self) {
        self.put_atom(self.py.None().into_bound(self.py));
    }

    fn constant(&mut self, text: &Key<Py<PyString>>) {
        let handle = text.handle(|text| interned(self.py, text).unbind());
        self.put_atom(handle.bind(self.py).clone().into_any());
    }

    fn begin_object<'k>(
        &mut self,
        keys: impl ExactSizeIterator<Item = &'k Key<Py<PyString>>> + Clone,
    ) {
        let template = self.templates.find(keys);
        let dict = template.copy();
        self.open.push(Container::Dict(dict, template, 0));
    }

    #[inline]
    fn key(&mut self, _key: &Key<Py<PyString>>) {
        if let Some(Container::Dict(_, _, keys)) = self.open.last_mut() {
            *keys += 1;
        }
    }

    fn end_object(&mut self) {
        self.close_container();
    }

    fn begin_list(&mut self, items: usize) {
        self.open.push(Container::List(new_list(self.py, items)));
    }

    fn end_list(&mut self) {
        self.close_container();
    }

    fn hole(&mut self, nullable: bool) -> usize {
        Sink::null(self);
        let place = Place { is_awaited: true, ..self.last_place(nullable) };
        self.places.add(place)
    }

    fn is_kept(&self, hole: usize) -> bool {
        self.places.awaited(hole).is_some()
    }

    fn open(&mut self, hole: usize) -> bool {
        if !self.is_kept(hole) {
            return false;
        }
        let response = self.response.take();
        self.filling = Some(Filling { hole, first: self.places.len(), response });
        true
    }

    fn close(&mut self) {
        let Filling { hole, first, response } = self.filling.take().expect("a place is filled");
        let value = std::mem::replace(&mut self.response, response).expect("a value was written");
        if let Some(place) = self.places.awaited(hole) {
            place.put(value);
        }
        self.places.fill(hole, first);
    }

    fn abandon(&mut self) {
        let Filling { first, response, .. } = self.filling.take().expect("a place is filled");
        self.open.clear();
        self.response = response;
        self.places.forget(first);
    }

    fn void(&mut self, hole: usize) -> Vec<usize> {
        if !self.is_kept(hole) {
            return Vec::new();
        }
        let null = self.py.None().into_bound(self.py);
        let (place, lost) = self.places.void(hole);
        match place {
            Some(place) if place.container.is_some() => place.put(null),
            _ => self.response = Some(null),
        }
        lost
    }
}

impl Leaves for Dicts<'_> {
    const LETS_GO: bool = true;

    #[inline]
    fn keep(&mut self, value: Borrowed<'_, '_, PyAny>) -> bool {
        let owned = value.to_owned().unbind().into_bound(self.py);
        self.put_atom(owned);
        true
    }

    fn null(&mut self, _py: Python<'_>) {
        Sink::null(self);
    }

    fn boolean(&mut self, _py: Python<'_>, value: bool) {
        self.put_atom(PyBool::new(self.py, value).to_owned().into_any());
    }

    fn integer(&mut self, _py: Python<'_>, value: i64) {
        self.put_atom(new_integer(self.py, value));
    }

    fn integer_as_text(&mut self, _py: Python<'_>, value: i64) {
        self.put_atom(new_text(self.py, &value.to_string()).into_any());
    }

    fn float(&mut self, _py: Python<'_>, value: f64) {
        self.put_atom(new_float(self.py, value));
    }

    fn ascii(&mut self, _py: Python<'_>, text: &'static str) {
        self.put_atom(interned(self.py, text).into_any());
    }

    #[inline]
    fn text(&mut self, text: Borrowed<'_, '_, PyString>) -> bool {
        let owned = text.to_owned().unbind().into_bound(self.py);
        self.put_atom(owned.into_any());
        true
    }

    fn object<'py, T: Tally>(
        &mut self,
        value: &Bound<'py, PyAny>,
        _encoder: &mut Encoder<'_, 'py, T>,
    ) -> PyResult<()> {
        let owned = value.clone().unbind().into_bound(self.py);
        self.put(owned);
        Ok(())
    }

    fn written(&self) -> usize {
        self.made * BYTES_PER_VALUE
    }
}
