//! One attribute of many objects, its place found once per class.

use std::ptr;

use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::layout::SharedKeys;
use super::types::{defined_in_python, look_up, tells_its_class};

/// Reads one attribute; remembers how for the class it saw last.
///
/// The class is told by its address and its version tag. Tags are never used twice and 0 never
/// matches, so a changed class, or another one at the address of a dead one, is recognised anew;
/// the reader keeps no class alive.
pub(crate) struct AttributeReader {
    class: *mut PyTypeObject,
    version: u32,
    place: Place,
    code: Code,
}

/// Whether Python code runs when an attribute is read by name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Never.
    Never,
    /// Only when the attribute is missing, as with `__getattr__`.
    IfMissing,
    /// Always.
    Always,
}

#[derive(Clone, Copy)]
enum Place {
    /// Asked for by name.
    ByName,
    /// Where the instances of the class share their keys.
    Shared(SharedKeys),
    /// At an offset, as `__slots__` have it.
    Slot(usize),
}

impl Default for AttributeReader {
    fn default() -> Self {
        Self { class: ptr::null_mut(), version: 0, place: Place::ByName, code: Code::Never }
    }
}

impl AttributeReader {
    /// The attribute, owned; `None` unless it is where the class seen last keeps it.
    #[inline]
    pub(crate) fn read<'py>(&self, object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
        let value = self.borrowed(object.as_ptr());
        // SAFETY: the value is alive: nothing ran since it was read.
        (!value.is_null()).then(|| unsafe { Bound::from_borrowed_ptr(object.py(), value) })
    }

    /// Whether the object is of the class seen last, unchanged since.
    #[inline]
    pub(crate) fn has_seen(&self, object: &Bound<'_, PyAny>) -> bool {
        self.knows(object.as_ptr())
    }

    /// Whether Python code runs when the attribute is read by name from an object of the class seen
    /// last.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// The attribute, borrowed: valid until any Python code runs. Null as for [`Self::read`].
    #[inline]
    pub(super) fn borrowed(&self, object: *mut PyObject) -> *mut PyObject {
        if !self.knows(object) {
            return ptr::null_mut();
        }
        // SAFETY: the object is a live instance of the class the place was found in, unchanged
        // since. A slot's offset lies within every instance of its class.
        unsafe {
            match self.place {
                Place::Shared(shared) => shared.read(object),
                Place::Slot(offset) => *object.cast::<u8>().add(offset).cast::<*mut PyObject>(),
                Place::ByName => ptr::null_mut(),
            }
        }
    }

    #[inline]
    fn knows(&self, object: *mut PyObject) -> bool {
        // SAFETY: a live object has a live class.
        unsafe {
            let class = ffi::Py_TYPE(object);
            class == self.class && (*class).tp_version_tag == self.version
        }
    }

    /// Finds out how the class of the object keeps the attribute.
    ///
    /// A class whose instances may say that they are of another is not remembered: each of them is
    /// asked anew.
    #[cold]
    #[inline(never)]
    pub(crate) fn recognise(&mut self, object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) {
        *self = Self::default();
        let class = object.get_type();
        // SAFETY: the class is owned, and so is what is found in it: looking up may compare keys
        // by anybody's code, which may change the class and the object.
        unsafe {
            let found = look_up(class.as_type_ptr(), name.as_ptr());
            let found = Bound::from_borrowed_ptr_or_opt(object.py(), found);
            self.version = (*class.as_type_ptr()).tp_version_tag;
            let pointer = found.as_ref().map_or(ptr::null_mut(), Bound::as_ptr);
            self.code = code(class.as_type_ptr(), pointer);
            if self.version == 0 || !tells_its_class(class.as_type_ptr()) {
                return;
            }
            self.class = class.as_type_ptr();
            if is_generic((*self.class).tp_getattro) {
                self.place = place(self.class, name.as_ptr(), pointer);
            }
        }
        self.doubt(object, name);
    }

    /// Holds the place against the answer of the public API, for the first object of the class.
    fn doubt(&mut self, object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) {
        let value = self.borrowed(object.as_ptr());
        if !value.is_null() && !object.getattr(name).is_ok_and(|told| told.as_ptr() == value) {
            self.place = Place::ByName;
        }
    }
}

/// Whether a class looks attributes up as `object` does.
pub(super) fn is_generic(look_up: Option<ffi::getattrofunc>) -> bool {
    // SAFETY: reads a static type that the interpreter has initialised.
    let generic = unsafe { ffi::PyBaseObject_Type.tp_getattro };
    match (look_up, generic) {
        (Some(look_up), Some(generic)) => ptr::fn_addr_eq(look_up, generic),
        _ => false,
    }
}

/// Where instances of the class keep the attribute for which the class itself has `found`.
///
/// # Safety
///
/// All three must be live, `found` possibly null.
unsafe fn place(class: *mut PyTypeObject, name: *mut PyObject, found: *mut PyObject) -> Place {
    // SAFETY: the caller's; a member descriptor has a member of its own class.
    unsafe {
        if found.is_null() || (*ffi::Py_TYPE(found)).tp_descr_set.is_none() {
            return SharedKeys::find(class, name).map_or(Place::ByName, Place::Shared);
        }
        if ffi::Py_TYPE(found) != &raw mut ffi::PyMemberDescr_Type {
            return Place::ByName;
        }
        let descriptor = found.cast::<ffi::PyMemberDescrObject>();
        let member = (*descriptor).d_member;
        let belongs = ffi::PyType_IsSubtype(class, (*descriptor).d_common.d_type) != 0;
        let is_object = (*member).type_code == ffi::Py_T_OBJECT_EX && (*member).flags & !1 == 0;
        match usize::try_from((*member).offset) {
            Ok(offset) if belongs && is_object && offset > 0 => Place::Slot(offset),
            _ => Place::ByName,
        }
    }
}

/// Whether Python code runs to look up in a class what it has `found`.
///
/// # Safety
///
/// Both must be live, `found` possibly null.
unsafe fn code(class: *mut PyTypeObject, found: *mut PyObject) -> Code {
    // SAFETY: the caller's. Names are interned strs that live for ever.
    unsafe {
        if is_generic((*class).tp_getattro) {
            return if gives_by_python(found) { Code::Always } else { Code::Never };
        }
        if defined_in_python(class, c"__getattribute__") {
            return Code::Always;
        }
        if !defined_in_python(class, c"__getattr__") {
            return Code::Never;
        }
        if gives_by_python(found) { Code::Always } else { Code::IfMissing }
    }
}

/// Whether what a class has for an attribute gives its value by running Python code: a property
/// over a function, or a descriptor written in Python.
///
/// # Safety
///
/// `found` must be live or null.
unsafe fn gives_by_python(found: *mut PyObject) -> bool {
    if found.is_null() {
        return false;
    }
    // SAFETY: the caller's. `fget` of a property is a member that is read without code.
    unsafe {
        let class = ffi::Py_TYPE(found);
        if class != &raw mut ffi::PyProperty_Type {
            return defined_in_python(class, c"__get__");
        }
        let getter = ffi::PyObject_GetAttrString(found, c"fget".as_ptr());
        if getter.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        let is_function = ffi::Py_TYPE(getter) == &raw mut ffi::PyFunction_Type;
        ffi::Py_DECREF(getter);
        is_function
    }
}
