//! Questions about the class of a value, answered from the type object alone.

use std::ffi::{CStr, c_int};
use std::ptr;

use pyo3::exceptions::PyAttributeError;
use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyFunction, PyString};

unsafe extern "C" {
    fn _PyType_Lookup(class: *mut PyTypeObject, name: *mut PyObject) -> *mut PyObject;

    /// Public since 3.13.
    #[cfg_attr(Py_3_13, link_name = "PyObject_GetOptionalAttr")]
    #[cfg_attr(not(Py_3_13), link_name = "_PyObject_LookupAttr")]
    pub(super) fn get_optional_attribute(
        object: *mut PyObject,
        name: *mut PyObject,
        found: *mut *mut PyObject,
    ) -> c_int;
}

/// What a class or one it extends has under a name, borrowed: valid until Python code runs.
///
/// Gives the class a version tag if it can have one.
///
/// # Safety
///
/// Both must be live, and the name a str.
pub(super) unsafe fn look_up(class: *mut PyTypeObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's.
    unsafe { _PyType_Lookup(class, name) }
}

/// Whether a class looks attributes up by the very function that `object` has for it.
pub(super) fn is_generic(look_up: Option<ffi::getattrofunc>) -> bool {
    // SAFETY: reads a static type that the interpreter has initialised.
    let generic = unsafe { ffi::PyBaseObject_Type.tp_getattro };
    match (look_up, generic) {
        (Some(look_up), Some(generic)) => ptr::fn_addr_eq(look_up, generic),
        _ => false,
    }
}

/// Whether a class finds what is stored in its instances as `object` does, whatever it does about
/// what is missing.
///
/// # Safety
///
/// The class must be live.
pub(super) unsafe fn looks_up_as_object(class: *mut PyTypeObject) -> bool {
    // SAFETY: the caller's.
    unsafe {
        is_generic((*class).tp_getattro)
            || (*class).tp_getattro.is_some()
                && (*class).tp_flags & ffi::Py_TPFLAGS_HEAPTYPE != 0
                && has_same(class, &raw mut ffi::PyBaseObject_Type, c"__getattribute__")
    }
}

/// Whether two classes have the same under a name.
///
/// # Safety
///
/// Both must be live.
unsafe fn has_same(class: *mut PyTypeObject, other: *mut PyTypeObject, name: &CStr) -> bool {
    // SAFETY: the caller's; what is found is only compared.
    unsafe {
        let name = ffi::PyUnicode_InternFromString(name.as_ptr());
        if name.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        let usual = look_up(other, name);
        let found = look_up(class, name);
        ffi::Py_DECREF(name);
        found == usual
    }
}

/// Whether `get` of every instance is that of dicts.
pub(crate) fn gets_as_dict(value: &Bound<'_, PyAny>) -> bool {
    let class = value.get_type_ptr();
    // SAFETY: a live object has a live class.
    unsafe {
        let dict = &raw mut ffi::PyDict_Type;
        let is_dict = (*class).tp_flags & ffi::Py_TPFLAGS_DICT_SUBCLASS != 0;
        let has_attributes =
            (*class).tp_dictoffset != 0 || (*class).tp_flags & ffi::Py_TPFLAGS_MANAGED_DICT != 0;
        let is_plain = is_generic((*class).tp_getattro) && !has_attributes;
        class == dict || is_dict && is_plain && has_same(class, dict, c"get")
    }
}

/// Whether a class has a function written in Python under that name.
///
/// # Safety
///
/// The class must be live.
pub(super) unsafe fn defined_in_python(class: *mut PyTypeObject, name: &CStr) -> bool {
    // SAFETY: the caller's; what is found is borrowed from a class and no code runs meanwhile.
    unsafe {
        let interned = ffi::PyUnicode_InternFromString(name.as_ptr());
        if interned.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        let found = look_up(class, interned);
        ffi::Py_DECREF(interned);
        !found.is_null() && ffi::Py_TYPE(found) == &raw mut ffi::PyFunction_Type
    }
}

/// Whether `__class__` of every instance is the class itself, as it is unless someone saw to it:
/// proxies pass for what they stand for.
///
/// # Safety
///
/// The class must be live.
pub(super) unsafe fn tells_its_class(py: Python<'_>, class: *mut PyTypeObject) -> bool {
    let name = intern!(py, "__class__").as_ptr();
    // SAFETY: the caller's; what is found is only compared.
    unsafe {
        if !is_generic((*class).tp_getattro) {
            let is_heap = (*class).tp_flags & ffi::Py_TPFLAGS_HEAPTYPE != 0;
            if !is_heap || defined_in_python(class, c"__getattribute__") {
                return false;
            }
        }
        look_up(class, name) == look_up(&raw mut ffi::PyBaseObject_Type, name)
    }
}

/// A class by its address and version tag. Tags are never used twice, so that neither a changed
/// class nor another one at the address of a dead one has the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ClassTag {
    address: usize,
    version: u32,
}

impl ClassTag {
    /// Whether the value is of the class, unchanged since.
    #[inline]
    pub(crate) fn is_of(self, value: &Bound<'_, PyAny>) -> bool {
        // SAFETY: a live object has a live class.
        unsafe {
            let class = ffi::Py_TYPE(value.as_ptr());
            class.addr() == self.address && (*class).tp_version_tag == self.version
        }
    }
}

/// The tag of the value's class; `None` when the class can have none, or when its instances may say
/// that they are of another.
pub(crate) fn class_tag(value: &Bound<'_, PyAny>) -> Option<ClassTag> {
    let class = value.get_type();
    let address = class.as_type_ptr();
    // SAFETY: the class is owned. Looking up any name gives it its version.
    let version = unsafe {
        if !tells_its_class(value.py(), address) {
            return None;
        }
        (*address).tp_version_tag
    };
    (version != 0).then(|| ClassTag { address: address.addr(), version })
}

/// Whether a special method of the value's class is written in Python.
pub(crate) fn has_python_method(value: &Bound<'_, PyAny>, name: &CStr) -> bool {
    // SAFETY: a live object has a live class.
    unsafe { defined_in_python(ffi::Py_TYPE(value.as_ptr()), name) }
}

/// Whether the value is exactly a generator.
pub(crate) fn is_generator(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: compares the exact class.
    unsafe { ffi::Py_TYPE(value.as_ptr()) == &raw mut ffi::PyGen_Type }
}

/// Whether the next item of an iterator is made by Python code.
pub(crate) fn iterates_by_python(iterator: &Bound<'_, PyAny>) -> bool {
    is_generator(iterator) || has_python_method(iterator, c"__next__")
}

/// An attribute as `object.__getattribute__` finds it, or `None` when it is missing.
pub(crate) fn generic_attribute<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = object.py();
    // SAFETY: both are live; the result is a new reference or null with an error set.
    let found = unsafe {
        let found = ffi::PyObject_GenericGetAttr(object.as_ptr(), name.as_ptr());
        Bound::from_owned_ptr_or_err(py, found)
    };
    match found {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An attribute that `object.__getattribute__` has not found: what the class's `__getattr__` gives.
pub(crate) fn missing_attribute<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, class) = (object.py(), object.get_type());
    // SAFETY: the class is owned, and what is found in it is before anything else happens.
    let hook = unsafe {
        let found = look_up(class.as_type_ptr(), intern!(py, "__getattr__").as_ptr());
        Bound::from_borrowed_ptr_or_opt(py, found)
    };
    match hook {
        Some(hook) if hook.is_exact_instance_of::<PyFunction>() => hook.call1((object, name)),
        // The class has changed meanwhile.
        _ => object.getattr(name),
    }
}

/// An attribute, or `None` when it is missing: no error is made then where none would be seen.
pub(crate) fn optional_attribute<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut found = ptr::null_mut();
    // SAFETY: both are live; what is found is a new reference, or null, with an error set where
    // the answer is negative.
    unsafe {
        if get_optional_attribute(object.as_ptr(), name.as_ptr(), &raw mut found) < 0 {
            return Err(PyErr::fetch(object.py()));
        }
        Ok(Bound::from_owned_ptr_or_opt(object.py(), found))
    }
}

/// Whether the value may be an exception: it is one, or can say that it is of another class.
pub(crate) fn may_be_exception(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object has a live class.
    unsafe {
        ffi::PyExceptionInstance_Check(value.as_ptr()) != 0
            || !tells_its_class(value.py(), value.get_type_ptr())
    }
}

/// Whether the value's class defines `__await__` in C or Python; `await` would accept it.
#[inline]
pub(crate) fn may_be_awaitable(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: reads the slots of the value's type, which lives as long as the value.
    unsafe {
        let methods = (*ffi::Py_TYPE(value.as_ptr())).tp_as_async;
        !methods.is_null() && (*methods).am_await.is_some()
    }
}

/// Whether the running interpreter is the main one of the process.
pub(crate) fn is_main_interpreter() -> bool {
    // SAFETY: the interpreter is attached; both only return pointers, which are only compared.
    unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() }
}
