//! Calls whose arguments lie in place: neither a tuple nor a dict is made for them.

use std::marker::PhantomData;
use std::ptr;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// How many arguments need no allocation; the slot before them is the callee's.
const IN_PLACE: usize = 8;

/// Arguments laid out as the interpreter takes them: those by position, then those by name.
pub(crate) struct CallArguments<'a, 'py> {
    in_place: [*mut PyObject; IN_PLACE + 1],
    overflow: Vec<*mut PyObject>,
    count: usize,
    owners: PhantomData<&'a Bound<'py, PyAny>>,
}

impl<'a, 'py> CallArguments<'a, 'py> {
    /// No arguments.
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            in_place: [ptr::null_mut(); IN_PLACE + 1],
            overflow: Vec::new(),
            count: 0,
            owners: PhantomData,
        }
    }

    /// Adds one, which its owner keeps alive for as long as the arguments are there.
    #[inline]
    pub(crate) fn push(&mut self, argument: &'a Bound<'py, PyAny>) {
        if self.count < IN_PLACE {
            self.in_place[self.count + 1] = argument.as_ptr();
        } else {
            self.push_further(argument);
        }
        self.count += 1;
    }

    #[cold]
    fn push_further(&mut self, argument: &Bound<'_, PyAny>) {
        if self.overflow.is_empty() {
            self.overflow.extend(self.in_place);
        }
        self.overflow.push(argument.as_ptr());
    }

    /// Calls the function; the last arguments have these names.
    #[inline]
    pub(crate) fn call(
        &mut self,
        function: &Bound<'py, PyAny>,
        names: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = function.py();
        let named = names.map_or(0, |names| names.len());
        let positional = self.count.checked_sub(named).expect("each name has its argument");
        let slots =
            if self.overflow.is_empty() { &mut self.in_place[..] } else { &mut self.overflow };
        let names = names.map_or(ptr::null_mut(), |names| names.as_ptr());
        // SAFETY: the first slot is free for the callee to use and to restore, as the flag says;
        // `count` slots behind it hold objects whose owners are borrowed for as long as the
        // arguments live. The names are a tuple, as many as there are arguments at the end.
        unsafe {
            let first = slots.as_mut_ptr().add(1);
            let shape = positional | ffi::PY_VECTORCALL_ARGUMENTS_OFFSET;
            let result = ffi::PyObject_Vectorcall(function.as_ptr(), first, shape, names);
            Bound::from_owned_ptr_or_err(py, result)
        }
    }
}
