//! One attribute or key of many objects, its place found once per class.

use std::ptr;

use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::known_class::KnownClass;
use super::layout::{Entries, InstancePlace, KeyPlace};
use super::named_tuple::{item_index, read_item};
use super::types::{defined_in_python, is_generic, look_up, looks_up_as_object};

/// Reads one attribute, or one key of dicts; remembers how for the class it saw last.
///
/// A class that was changed since is recognised anew.
pub(crate) struct AttributeReader {
    class: KnownClass,
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

/// Where the instances of a class keep an attribute.
pub(super) enum Place {
    /// Asked for by name.
    ByName,
    /// Where the instances of the class keep what is in no slot.
    Instance(InstancePlace),
    /// At an offset, as `__slots__` have it.
    Slot(usize),
    /// At an index, as named tuples have it.
    Item(usize),
    /// The key of the dict that the object is.
    Key(KeyPlace),
}

impl Place {
    /// The same place.
    pub(super) fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::ByName => Self::ByName,
            Self::Instance(place) => Self::Instance(place.clone_ref(py)),
            Self::Slot(offset) => Self::Slot(*offset),
            Self::Item(index) => Self::Item(*index),
            Self::Key(place) => Self::Key(place.clone_ref(py)),
        }
    }

    /// What is there, borrowed: valid until any Python code runs. Null where it is not.
    ///
    /// # Safety
    ///
    /// `object` must be a live instance of the class the place was found in, unchanged since.
    #[inline(always)]
    pub(super) unsafe fn read(&self, object: *mut PyObject) -> *mut PyObject {
        // SAFETY: the caller's. A slot's offset lies within every instance of its class.
        unsafe {
            match self {
                Self::Instance(place) => place.read(object),
                Self::Slot(offset) => *object.cast::<u8>().add(*offset).cast::<*mut PyObject>(),
                Self::Item(index) => read_item(object, *index),
                Self::Key(place) => place.read(&Entries::of(object)).or_none(),
                Self::ByName => ptr::null_mut(),
            }
        }
    }
}

impl Default for AttributeReader {
    fn default() -> Self {
        Self { class: KnownClass::NONE, place: Place::ByName, code: Code::Never }
    }
}

impl AttributeReader {
    /// The attribute, owned; `None` unless it is where the class seen last keeps it.
    #[inline]
    pub(crate) fn read<'py>(&self, object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
        let value = self.borrowed(object);
        // SAFETY: the value is alive: nothing ran since it was read.
        (!value.is_null()).then(|| unsafe { Bound::from_borrowed_ptr(object.py(), value) })
    }

    /// Whether the object is of the class seen last, unchanged since.
    #[inline]
    pub(crate) fn has_seen(&self, object: &Bound<'_, PyAny>) -> bool {
        // SAFETY: the object is owned.
        unsafe { self.class.has(object.as_ptr()) }
    }

    /// Whether no class has been seen.
    pub(crate) fn is_blank(&self) -> bool {
        self.class.pointer().is_null()
    }

    /// Where the instances of the class seen last keep the attribute, if it can be read there.
    pub(super) fn place(&self) -> Option<&Place> {
        (!matches!(self.place, Place::ByName)).then_some(&self.place)
    }

    /// Whether Python code runs when the attribute is read by name from an object of the class seen
    /// last.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// The attribute, borrowed: valid until any Python code runs. Null as for [`Self::read`].
    #[inline]
    fn borrowed(&self, object: &Bound<'_, PyAny>) -> *mut PyObject {
        if !self.has_seen(object) {
            return ptr::null_mut();
        }
        // SAFETY: the object is owned, and an instance of the class the place was found in.
        unsafe { self.place.read(object.as_ptr()) }
    }

    /// Finds out how the class of the object keeps the attribute.
    #[cold]
    #[inline(never)]
    pub(crate) fn recognise(&mut self, object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) {
        let class = object.get_type();
        // SAFETY: the class is owned, and so is what is found in it: looking up may compare keys
        // by anybody's code, which may change the class and the object.
        unsafe {
            let found = look_up(class.as_type_ptr(), name.as_ptr());
            let found = Bound::from_borrowed_ptr_or_opt(object.py(), found);
            let version = (*class.as_type_ptr()).tp_version_tag;
            let pointer = found.as_ref().map_or(ptr::null_mut(), Bound::as_ptr);
            let code = code(class.as_type_ptr(), pointer);
            self.remember(object);
            self.code = code;
            let is_same = self.class.is(class.as_type_ptr(), version);
            if is_same && looks_up_as_object(self.class.pointer()) {
                self.place = place(object, name, found.as_ref());
            }
        }
        self.doubt(object, name);
    }

    /// Remembers the class of the object, and that its attributes are asked for by name.
    pub(crate) fn remember(&mut self, object: &Bound<'_, PyAny>) {
        *self = Self { class: KnownClass::of(object), ..Self::default() };
    }

    /// Finds out where dicts like this one have the key.
    #[cold]
    #[inline(never)]
    pub(crate) fn recognise_key(&mut self, dict: &Bound<'_, PyDict>, name: &Bound<'_, PyString>) {
        self.remember(dict);
        // SAFETY: the dict is one.
        if let Some(place) = unsafe { KeyPlace::find(dict.as_ptr(), name) } {
            self.place = Place::Key(place);
        }
    }

    /// Remembers exact tuples, and that an item of theirs is read.
    pub(crate) fn recognise_item(&mut self, tuple: &Bound<'_, PyAny>, index: usize) {
        *self = Self::default();
        if !tuple.is_exact_instance_of::<PyTuple>() {
            return;
        }
        // SAFETY: the class is live, and the name a str; what is found is not used.
        unsafe { look_up(tuple.get_type_ptr(), intern!(tuple.py(), "count").as_ptr()) };
        self.remember(tuple);
        self.place = Place::Item(index);
    }

    /// Holds the place against the answer of the public API, for the first object of the class.
    fn doubt(&mut self, object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) {
        let value = self.borrowed(object);
        if !value.is_null() && !object.getattr(name).is_ok_and(|told| told.as_ptr() == value) {
            self.place = Place::ByName;
        }
    }
}

/// What the class of an object has under a name, no descriptor being asked.
pub(crate) fn class_attribute<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> Option<Bound<'py, PyAny>> {
    let class = object.get_type();
    // SAFETY: the class is owned while it is looked up in; what is found is owned at once.
    unsafe {
        let found = look_up(class.as_type_ptr(), name.as_ptr());
        Bound::from_borrowed_ptr_or_opt(object.py(), found)
    }
}

/// Where instances of the object's class keep the attribute for which the class itself has `found`.
fn place(
    object: &Bound<'_, PyAny>,
    name: &Bound<'_, PyString>,
    found: Option<&Bound<'_, PyAny>>,
) -> Place {
    // SAFETY: what was found is owned and so has a live class.
    let decides = |found: &&Bound<'_, PyAny>| unsafe {
        (*ffi::Py_TYPE(found.as_ptr())).tp_descr_set.is_some()
    };
    match found.filter(decides) {
        None => InstancePlace::find(object, name).map_or(Place::ByName, Place::Instance),
        Some(found) => slot(object, found)
            .map(Place::Slot)
            .or_else(|| item_index(object, found).map(Place::Item))
            .unwrap_or(Place::ByName),
    }
}

/// The offset of a slot of the object's class.
fn slot(object: &Bound<'_, PyAny>, found: &Bound<'_, PyAny>) -> Option<usize> {
    // SAFETY: both are owned; a member descriptor has a member of its own class.
    unsafe {
        if ffi::Py_TYPE(found.as_ptr()) != &raw mut ffi::PyMemberDescr_Type {
            return None;
        }
        let descriptor = found.as_ptr().cast::<ffi::PyMemberDescrObject>();
        let member = (*descriptor).d_member;
        let class = object.get_type_ptr();
        let belongs = ffi::PyType_IsSubtype(class, (*descriptor).d_common.d_type) != 0;
        let is_object = (*member).type_code == ffi::Py_T_OBJECT_EX && (*member).flags & !1 == 0;
        let offset = usize::try_from((*member).offset).ok()?;
        (belongs && is_object && offset > 0).then_some(offset)
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
