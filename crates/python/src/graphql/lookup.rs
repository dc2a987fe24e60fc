//! Fields that are a key or an attribute with a default, as Graphene has them.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::host::{PythonCall, PythonHost};
use crate::cpython::has_python_method;
use crate::meter::Tally;

/// Where a value is looked up, by what name, and what stands for a missing one.
pub(crate) struct Lookup {
    pub(crate) places: Places,
    pub(crate) name: Py<PyString>,
    pub(crate) default: Py<PyAny>,
}

/// Where a value is looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Places {
    /// `dict.get`, and the attribute where the object is no dict.
    KeysOrAttributes,
    /// The attribute.
    Attributes,
    /// Whatever the object's `get` says.
    Keys,
}

impl Lookup {
    /// Whether objects that are no dicts have their attribute read.
    pub(super) fn reads_attributes(&self) -> bool {
        self.places != Places::Keys
    }

    /// How it is got, in a few words.
    pub(super) fn how(&self, py: Python<'_>) -> String {
        let places = match self.places {
            Places::KeysOrAttributes => "key or attribute",
            Places::Attributes => "attribute",
            Places::Keys => "key",
        };
        format!("{places} {}", self.name.bind(py))
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The value under a name, or its default.
    pub(super) fn look_up(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
        lookup: &Lookup,
    ) -> PyResult<Bound<'py, PyAny>> {
        // What the arguments are does not matter, but whether they can be had does.
        self.arguments(call.field)?;
        let py = self.py;
        let default = || lookup.default.bind(py).clone();
        if lookup.places != Places::Attributes {
            if source.is_exact_instance_of::<PyDict>() {
                self.tally.read(1);
                let found = source.cast::<PyDict>()?.get_item(&lookup.name)?;
                return Ok(found.unwrap_or_else(default));
            }
            if lookup.places == Places::Keys || self.is_dict(call, source)? {
                let arguments = (&lookup.name, &lookup.default);
                let get = || source.call_method1(intern!(py, "get"), arguments);
                let by_python = has_python_method(source, c"get");
                return if by_python { self.tally.call(get) } else { get() };
            }
        }
        let found = self.attribute_if_any(call.field, 0, source, &lookup.name)?;
        Ok(found.unwrap_or_else(default))
    }

    /// Whether an object passes for a dict.
    fn is_dict(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        // A class whose attributes the reader knows is known to be no dict.
        if self.reader(call.field).has_seen(source) {
            return Ok(false);
        }
        source.is_instance(&self.py.get_type::<PyDict>())
    }
}
