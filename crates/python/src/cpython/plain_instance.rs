//! Instances that are made by `object.__new__`, and given their attributes as `__init__` would.

use std::ffi::c_int;
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use super::types::look_up;
use crate::errors::new_error;

/// Makes instances of a class, each with a value for each of some attributes.
pub(crate) struct InstanceMaker<'py> {
    class: Bound<'py, PyType>,
    arguments: Bound<'py, PyTuple>,
    new: ffi::newfunc,
    attributes: Vec<(Bound<'py, PyString>, Option<usize>)>,
}

unsafe extern "C" {
    fn PyObject_GenericSetAttr(
        object: *mut PyObject,
        name: *mut PyObject,
        value: *mut PyObject,
    ) -> c_int;
}

impl<'py> InstanceMaker<'py> {
    /// A maker for attributes of these names. Setting them must run no Python code.
    ///
    /// # Errors
    ///
    /// The instances of the class are not made by `object.__new__`.
    pub(crate) fn new(
        class: Bound<'py, PyType>,
        names: Vec<Bound<'py, PyString>>,
    ) -> PyResult<Self> {
        let py = class.py();
        let Some(new) = constructor(&class) else {
            let message = "the instances of this class are not made by object.__new__";
            return Err(new_error::<PyTypeError>(py, message));
        };
        let with_slot = |name: Bound<'py, PyString>| {
            let slot = slot(&class, &name);
            (name, slot)
        };
        let attributes = names.into_iter().map(with_slot).collect();
        Ok(Self { class, arguments: PyTuple::empty(py), new, attributes })
    }

    /// A new instance, none of whose attributes is set.
    #[inline]
    pub(crate) fn make(&self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.class.py();
        // SAFETY: the class is live, and `object` makes its instances: a class keeps its layout,
        // whatever it is given. Returns a new reference, or null with an error set.
        unsafe {
            let (class, arguments) = (self.class.as_type_ptr(), self.arguments.as_ptr());
            Bound::from_owned_ptr_or_err(py, (self.new)(class, arguments, ptr::null_mut()))
        }
    }

    /// Gives a new instance its value for an attribute, which was not set before.
    #[inline]
    pub(crate) fn set(
        &self,
        instance: &Bound<'py, PyAny>,
        attribute: usize,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let (name, slot) = &self.attributes[attribute];
        // SAFETY: the instance is one of the class, in which the slot was found: it lies within,
        // and holds a reference or null. What it held is let go after the new value is there.
        unsafe {
            if let Some(offset) = slot {
                let place = instance.as_ptr().cast::<u8>().add(*offset).cast::<*mut PyObject>();
                let before = ptr::replace(place, value.into_ptr());
                ffi::Py_XDECREF(before);
                return Ok(());
            }
            let status = PyObject_GenericSetAttr(instance.as_ptr(), name.as_ptr(), value.as_ptr());
            if status == 0 { Ok(()) } else { Err(PyErr::fetch(instance.py())) }
        }
    }
}

/// The constructor of a class, if that is the one of `object`.
fn constructor(class: &Bound<'_, PyType>) -> Option<ffi::newfunc> {
    // SAFETY: both classes are live, and their constructors are only compared.
    unsafe {
        let of_object = ffi::PyBaseObject_Type.tp_new?;
        let of_class = (*class.as_type_ptr()).tp_new?;
        ptr::fn_addr_eq(of_class, of_object).then_some(of_object)
    }
}

/// Where the instances of a class keep an attribute that is one of its `__slots__`.
fn slot(class: &Bound<'_, PyType>, name: &Bound<'_, PyString>) -> Option<usize> {
    // SAFETY: the class is live and the name a str; a member descriptor has a member of its class.
    unsafe {
        let found = look_up(class.as_type_ptr(), name.as_ptr());
        if found.is_null() || ffi::Py_TYPE(found) != &raw mut ffi::PyMemberDescr_Type {
            return None;
        }
        let descriptor = found.cast::<ffi::PyMemberDescrObject>();
        let member = (*descriptor).d_member;
        let belongs = ffi::PyType_IsSubtype(class.as_type_ptr(), (*descriptor).d_common.d_type);
        let is_object = (*member).type_code == ffi::Py_T_OBJECT_EX && (*member).flags == 0;
        let offset = usize::try_from((*member).offset).ok()?;
        (belongs != 0 && is_object && offset > 0).then_some(offset)
    }
}
