//! A response as plain dicts and lists, made by the same walk that writes JSON.

use onecross_graphql::Key;
use onecross_graphql::execute::Sink;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};

use crate::json::Encoder;
use crate::meter::Tally;
use crate::read::Leaves;

/// As how many bytes of JSON a value counts: making one takes longer than writing one.
const BYTES_PER_VALUE: usize = 32;

/// A response in the making.
pub(crate) struct Dicts<'py> {
    py: Python<'py>,
    open: Vec<Container<'py>>,
    response: Option<Bound<'py, PyAny>>,
    /// How many values were made.
    made: usize,
    failure: Option<PyErr>,
}

enum Container<'py> {
    Dict(Bound<'py, PyDict>, Option<Py<PyString>>),
    List(Bound<'py, PyList>),
}

impl<'py> Dicts<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        Self { py, open: Vec::new(), response: None, made: 0, failure: None }
    }

    /// The response.
    ///
    /// # Errors
    ///
    /// When memory ran out on the way.
    pub(crate) fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.response.expect("a response was written")),
        }
    }

    fn put(&mut self, value: Bound<'py, PyAny>) {
        self.made += 1;
        let stored = match self.open.last_mut() {
            None => {
                self.response = Some(value);
                Ok(())
            }
            Some(Container::List(list)) => list.append(value),
            Some(Container::Dict(dict, key)) => {
                dict.set_item(key.take().expect("a key comes before its value"), value)
            }
        };
        if let Err(error) = stored {
            self.failure.get_or_insert(error);
        }
    }

    fn close(&mut self) {
        match self.open.pop().expect("what is closed was opened") {
            Container::Dict(dict, _) => self.put(dict.into_any()),
            Container::List(list) => self.put(list.into_any()),
        }
    }
}

/// How many containers were open, and the key under which the next value will stand.
pub(crate) type DictsMark = usize;

impl Sink<Py<PyString>> for Dicts<'_> {
    type Mark = DictsMark;

    fn mark(&self) -> DictsMark {
        self.open.len()
    }

    fn rollback(&mut self, mark: DictsMark) {
        self.open.truncate(mark);
    }

    fn enclose(&mut self, _mark: DictsMark) {}

    fn null(&mut self) {
        self.put(self.py.None().into_bound(self.py));
    }

    fn constant(&mut self, text: &Key<Py<PyString>>) {
        let handle = text.handle(|text| PyString::intern(self.py, text).unbind());
        self.put(handle.bind(self.py).clone().into_any());
    }

    fn begin_object(&mut self, _fields: usize) {
        self.open.push(Container::Dict(PyDict::new(self.py), None));
    }

    fn key(&mut self, key: &Key<Py<PyString>>) {
        let handle = key.handle(|text| PyString::intern(self.py, text).unbind());
        if let Some(Container::Dict(_, next)) = self.open.last_mut() {
            *next = Some(handle.clone_ref(self.py));
        }
    }

    fn end_object(&mut self) {
        self.close();
    }

    fn begin_list(&mut self, _items: usize) {
        self.open.push(Container::List(PyList::empty(self.py)));
    }

    fn end_list(&mut self) {
        self.close();
    }
}

impl Leaves for Dicts<'_> {
    fn null(&mut self, _py: Python<'_>) {
        Sink::null(self);
    }

    fn boolean(&mut self, _py: Python<'_>, value: bool) {
        self.put(PyBool::new(self.py, value).to_owned().into_any());
    }

    fn integer(&mut self, _py: Python<'_>, value: i64) {
        self.put(PyInt::new(self.py, value).into_any());
    }

    fn integer_as_text(&mut self, _py: Python<'_>, value: i64) {
        self.put(PyString::new(self.py, &value.to_string()).into_any());
    }

    fn float(&mut self, _py: Python<'_>, value: f64) {
        self.put(PyFloat::new(self.py, value).into_any());
    }

    fn ascii(&mut self, _py: Python<'_>, text: &'static str) {
        self.put(PyString::intern(self.py, text).into_any());
    }

    fn text(&mut self, text: Borrowed<'_, '_, PyString>) -> bool {
        let owned = text.to_owned().unbind().into_bound(self.py);
        self.put(owned.into_any());
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
