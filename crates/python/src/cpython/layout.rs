//! Where CPython 3.11, 3.12 and 3.13 keep the attributes of plain instances.
//!
//! An instance whose class names its attributes once shares the names with all its siblings: the
//! class holds the keys, the instance an array of values in the order of the keys. Reading a value
//! there neither makes the instance's `__dict__` nor runs any code.
//!
//! Reference: CPython's `Include/internal/pycore_dict.h`, `pycore_object.h` and
//! `Objects/dictnotes.txt` of each version. On any other build nothing here matches, and the
//! public API is used.

use std::sync::atomic::{AtomicBool, Ordering};

const LAYOUT_IS_KNOWN: bool = cfg!(known_layout);

static PUBLIC_API_ONLY: AtomicBool = AtomicBool::new(false);

/// Whether this build's layout is known and used.
pub(crate) fn knows_layout() -> bool {
    LAYOUT_IS_KNOWN && !PUBLIC_API_ONLY.load(Ordering::Relaxed)
}

/// From now on recognises no layout, as on a build that is not known.
pub(crate) fn force_public_api() {
    PUBLIC_API_ONLY.store(true, Ordering::Relaxed);
}

#[cfg(known_layout)]
pub(super) use known::SharedKeys;

#[cfg(not(known_layout))]
pub(super) use unknown::SharedKeys;

#[cfg(known_layout)]
mod known {
    use std::ptr;
    use std::sync::atomic::Ordering;

    use pyo3::ffi::{self, PyObject, PyTypeObject};

    use super::PUBLIC_API_ONLY;

    /// `DICT_KEYS_SPLIT`: keys shared by the instances of a class.
    const SPLIT: u8 = 2;

    /// The head of `struct _dictkeysobject`, the same in the three versions.
    #[repr(C)]
    struct Keys {
        references: isize,
        log2_size: u8,
        log2_index_bytes: u8,
        kind: u8,
        version: u32,
        usable: isize,
        entries: isize,
        // Followed by 2 to the power of `log2_index_bytes` bytes of hash table, then the entries.
    }

    /// `PyDictUnicodeEntry`.
    #[repr(C)]
    struct Entry {
        key: *mut PyObject,
        value: *mut PyObject,
    }

    /// The place of one attribute among those that the instances of a class share.
    #[derive(Clone, Copy)]
    pub(in crate::cpython) struct SharedKeys {
        keys: *const Keys,
        index: usize,
    }

    impl SharedKeys {
        /// The place of the attribute in instances of the class, when it has one.
        ///
        /// # Safety
        ///
        /// `class` must be a live type and `name` a live str.
        pub(in crate::cpython) unsafe fn find(
            class: *mut PyTypeObject,
            name: *mut PyObject,
        ) -> Option<Self> {
            if PUBLIC_API_ONLY.load(Ordering::Relaxed) {
                return None;
            }
            // SAFETY: a heap type with a managed dict is a PyHeapTypeObject whose cached keys are
            // null or live as long as the class. Split keys hold `entries` Unicode entries right
            // behind their hash table.
            unsafe {
                let needed = ffi::Py_TPFLAGS_HEAPTYPE | ffi::Py_TPFLAGS_MANAGED_DICT;
                if (*class).tp_flags & needed != needed || !values_are_at_known_place(class) {
                    return None;
                }
                let keys: *const Keys =
                    (*class.cast::<ffi::PyHeapTypeObject>()).ht_cached_keys.cast();
                if keys.is_null() || (*keys).kind != SPLIT {
                    return None;
                }
                let table = keys.add(1).cast::<u8>();
                let entries = table.add(1 << (*keys).log2_index_bytes).cast::<Entry>();
                let index = (0..(*keys).entries as usize)
                    .find(|index| (*entries.add(*index)).key == name)?;
                Some(Self { keys, index })
            }
        }

        /// The value of the attribute, borrowed; null when the instance keeps it elsewhere.
        ///
        /// # Safety
        ///
        /// `object` must be a live instance of the class the place was found in, and that class
        /// unchanged since.
        #[inline]
        pub(in crate::cpython) unsafe fn read(self, object: *mut PyObject) -> *mut PyObject {
            // SAFETY: the class keeps its keys as long as it lives, their entries are only ever
            // added to, and arrays of values are as long as the keys can become.
            unsafe {
                if let Some(values) = inline_values(object, self.index) {
                    return *values.add(self.index);
                }
                let dict = *object.cast::<*mut ffi::PyDictObject>().sub(3);
                if dict.is_null() || is_tagged(dict) {
                    return ptr::null_mut();
                }
                let values = (*dict).ma_values;
                if values.is_null() || !ptr::eq((*dict).ma_keys.cast(), self.keys) {
                    return ptr::null_mut();
                }
                *values.cast::<u8>().add(VALUES_OFFSET).cast::<*mut PyObject>().add(self.index)
            }
        }
    }

    /// Where the array begins in `struct _dictvalues`.
    #[cfg(not(Py_3_13))]
    const VALUES_OFFSET: usize = 0;
    #[cfg(Py_3_13)]
    const VALUES_OFFSET: usize = 8;

    /// 3.11: the pointer before the dict pointer; null once a dict took the values over.
    #[cfg(not(Py_3_12))]
    #[inline]
    unsafe fn inline_values(object: *mut PyObject, _index: usize) -> Option<*mut *mut PyObject> {
        // SAFETY: instances with a managed dict have four words before the object's head.
        let values = unsafe { *object.cast::<*mut *mut PyObject>().sub(4) };
        (!values.is_null()).then_some(values)
    }

    /// 3.12: one word holds either the dict or, with its lowest bit set, one less than the values.
    #[cfg(all(Py_3_12, not(Py_3_13)))]
    #[inline]
    unsafe fn inline_values(object: *mut PyObject, _index: usize) -> Option<*mut *mut PyObject> {
        // SAFETY: instances with a managed dict have three words before the object's head.
        let word = unsafe { *object.cast::<*mut u8>().sub(3) };
        (word.addr() & 1 == 1).then(|| word.wrapping_add(1).cast())
    }

    /// 3.13: behind the object's head, with a capacity and a byte that says whether they count.
    #[cfg(Py_3_13)]
    #[inline]
    unsafe fn inline_values(object: *mut PyObject, index: usize) -> Option<*mut *mut PyObject> {
        // SAFETY: `find` made sure that the class has inline values and a basic size of one head.
        unsafe {
            let values = object.add(1).cast::<u8>();
            let (capacity, valid) = (*values, *values.add(3));
            (valid == 1 && index < usize::from(capacity)).then(|| values.add(VALUES_OFFSET).cast())
        }
    }

    #[cfg(not(Py_3_13))]
    unsafe fn values_are_at_known_place(_class: *mut PyTypeObject) -> bool {
        true
    }

    #[cfg(Py_3_13)]
    unsafe fn values_are_at_known_place(class: *mut PyTypeObject) -> bool {
        /// `Py_TPFLAGS_INLINE_VALUES`.
        const INLINE_VALUES: std::ffi::c_ulong = 1 << 2;
        // SAFETY: the caller hands a live type.
        let (flags, size) = unsafe { ((*class).tp_flags, (*class).tp_basicsize) };
        flags & INLINE_VALUES != 0 && size as usize == size_of::<PyObject>()
    }

    #[cfg(all(Py_3_12, not(Py_3_13)))]
    fn is_tagged(dict: *mut ffi::PyDictObject) -> bool {
        dict.addr() & 1 == 1
    }

    #[cfg(not(all(Py_3_12, not(Py_3_13))))]
    fn is_tagged(_dict: *mut ffi::PyDictObject) -> bool {
        false
    }
}

#[cfg(not(known_layout))]
mod unknown {
    use pyo3::ffi::{PyObject, PyTypeObject};

    /// Never found: no layout is known.
    #[derive(Clone, Copy)]
    pub(in crate::cpython) enum SharedKeys {}

    impl SharedKeys {
        /// # Safety
        ///
        /// None is needed.
        pub(in crate::cpython) unsafe fn find(
            _class: *mut PyTypeObject,
            _name: *mut PyObject,
        ) -> Option<Self> {
            None
        }

        /// # Safety
        ///
        /// None is needed.
        pub(in crate::cpython) unsafe fn read(self, _object: *mut PyObject) -> *mut PyObject {
            match self {}
        }
    }
}
