//! Lists and dicts in the making, whose values are given away to them.
//!
//! The collector knows of them while they are made, so that Python code which runs meanwhile can
//! come by them and do anything to them: what they hold is looked at anew each time.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::collector::without_collector;
use super::layout::replace_value;
use crate::errors::or_unwind;

/// An empty list with room for about that many items.
#[inline]
pub(crate) fn new_list(py: Python<'_>, items: usize) -> Bound<'_, PyList> {
    // SAFETY: the new list is nobody else's; with its length taken back, nobody ever sees the
    // items it does not have yet.
    let made = without_collector(py, || unsafe {
        let list = Bound::from_owned_ptr_or_err(py, ffi::PyList_New(items as ffi::Py_ssize_t))?;
        (*list.as_ptr().cast::<ffi::PyVarObject>()).ob_size = 0;
        Ok(list)
    });
    // SAFETY: it is a list.
    unsafe { or_unwind(made).cast_into_unchecked() }
}

/// An empty dict.
pub(crate) fn new_dict(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    // SAFETY: returns a new dict, or null with an error set.
    unsafe { Ok(Bound::from_owned_ptr_or_err(py, ffi::PyDict_New())?.cast_into_unchecked()) }
}

/// Appends a value.
#[inline]
pub(crate) fn append<'py>(list: &Bound<'py, PyList>, value: Bound<'py, PyAny>) {
    let object = list.as_ptr().cast::<ffi::PyListObject>();
    // SAFETY: a list has room for `allocated` items, the first `size` of which count.
    unsafe {
        let size = (*object).ob_base.ob_size;
        if cfg!(known_layout) && size < (*object).allocated {
            (*object).ob_item.offset(size).write(value.into_ptr());
            (*object).ob_base.ob_size = size + 1;
            return;
        }
    }
    or_unwind(list.append(value));
}

/// The keys of dicts to be made, each with null for its value.
pub(crate) struct Template<'py> {
    dict: Bound<'py, PyDict>,
    keys: Vec<Bound<'py, PyString>>,
}

impl<'py> Template<'py> {
    /// A template for dicts with these keys.
    pub(crate) fn new(py: Python<'py>, keys: Vec<Bound<'py, PyString>>) -> PyResult<Self> {
        let dict = new_dict(py)?;
        for key in &keys {
            dict.set_item(key, py.None())?;
        }
        Ok(Self { dict, keys })
    }

    /// Whether dicts made from it have these keys.
    #[inline]
    pub(crate) fn has_keys<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = &'a Py<PyString>>,
    ) -> bool {
        keys.len() == self.keys.len() && keys.zip(&self.keys).all(|(key, mine)| key.is(mine))
    }

    /// The key of that index.
    pub(crate) fn key(&self, index: usize) -> &Bound<'py, PyString> {
        &self.keys[index]
    }

    /// A dict with all of the keys.
    #[inline]
    pub(crate) fn copy(&self) -> Bound<'py, PyDict> {
        let py = self.dict.py();
        // SAFETY: the object is a dict.
        let made = without_collector(py, || unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyDict_Copy(self.dict.as_ptr()))
        });
        // SAFETY: the copy of a dict is one.
        unsafe { or_unwind(made).cast_into_unchecked() }
    }

    /// Gives a copy its value for the key of that index.
    #[inline]
    pub(crate) fn set(&self, copy: &Bound<'py, PyDict>, index: usize, value: &Bound<'py, PyAny>) {
        or_unwind(copy.set_item(&self.keys[index], value));
    }

    /// Gives a copy a value that holds no others, and so is of no interest to the collector.
    #[inline]
    pub(crate) fn set_atom(
        &self,
        copy: &Bound<'py, PyDict>,
        index: usize,
        value: Bound<'py, PyAny>,
    ) {
        let key = self.keys[index].as_ptr();
        // SAFETY: the copy is a dict, and the key is alive.
        if let Err(value) = unsafe { replace_value(copy.as_ptr(), index, key, value) } {
            self.set(copy, index, &value);
        }
    }
}
