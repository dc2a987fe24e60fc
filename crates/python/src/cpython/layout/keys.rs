//! The place of a key among the entries of dicts that were filled alike.
//!
//! A dict has a hash table of indices and behind it its entries, in the order in which the keys
//! came. Rows made by the same code have the same keys in the same order, so that an entry is found
//! by looking whether its key is the very object it was in the first row.

use std::ptr;

use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::knows_layout;

/// `DICT_KEYS_GENERAL`: keys of which some may be no strs, or of a subclass.
const GENERAL: u8 = 0;

/// `DICT_KEYS_SPLIT`: keys shared by the instances of a class, their values apart.
const SPLIT: u8 = 2;

/// Up to which entry a key is looked for: a dict with more is no row.
const ROW_LIMIT: usize = 256;

/// The head of `struct _dictkeysobject`, the same in the three versions.
#[repr(C)]
pub(super) struct Keys {
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

/// Where the array begins in `struct _dictvalues`.
#[cfg(not(Py_3_13))]
pub(super) const VALUES_OFFSET: usize = 0;
#[cfg(Py_3_13)]
pub(super) const VALUES_OFFSET: usize = 8;

impl Keys {
    /// Where the entries begin and how many they are; none if they have another form.
    ///
    /// # Safety
    ///
    /// The keys must be live.
    #[inline(always)]
    unsafe fn entries(keys: *const Self) -> (*const Entry, usize) {
        // SAFETY: the caller's. Keys that are not general hold `entries` Unicode entries right
        // behind their hash table.
        unsafe {
            let count = if (*keys).kind == GENERAL { 0 } else { (*keys).entries as usize };
            let table = keys.add(1).cast::<u8>();
            (table.add(1 << (*keys).log2_index_bytes).cast(), count)
        }
    }

    /// The entry at an index, null when there is none or it has another form.
    ///
    /// # Safety
    ///
    /// The keys must be live.
    #[inline]
    unsafe fn entry(keys: *const Self, index: usize) -> *mut Entry {
        // SAFETY: the caller's; the index is compared with the number of entries.
        unsafe {
            let (first, count) = Self::entries(keys);
            if index < count { first.cast_mut().add(index) } else { ptr::null_mut() }
        }
    }

    /// The index of a name among keys that instances share.
    ///
    /// # Safety
    ///
    /// The keys must be live or null.
    pub(super) unsafe fn shared_index(keys: *const Self, name: *mut PyObject) -> Option<usize> {
        // SAFETY: the caller's.
        unsafe {
            if keys.is_null() || (*keys).kind != SPLIT {
                return None;
            }
            (0..(*keys).entries as usize).find(|index| (*Self::entry(keys, *index)).key == name)
        }
    }
}

/// The place of one key in dicts that were filled alike.
pub(in crate::cpython) struct KeyPlace {
    /// The key itself, owned so that no other can take its address.
    key: Py<PyString>,
    index: usize,
}

/// What a dict has for a key, borrowed: valid until any Python code runs.
pub(in crate::cpython) enum Found {
    Value(*mut PyObject),
    Missing,
    /// To be asked for by the public API, for that may run the code of other keys.
    Unknown,
}

impl Found {
    /// The value, `None` where it is missing; null where the public API is to be asked.
    #[inline(always)]
    pub(in crate::cpython) fn or_none(self) -> *mut PyObject {
        match self {
            Self::Value(value) => value,
            // SAFETY: only the address of an object that lives for ever.
            Self::Missing => unsafe { ffi::Py_None() },
            Self::Unknown => ptr::null_mut(),
        }
    }
}

/// The entries of a dict as they are now: valid until any Python code runs.
pub(in crate::cpython) struct Entries {
    dict: *mut PyObject,
    first: *const Entry,
    /// How many there are; none of a dict whose keys are general.
    count: usize,
    /// The values, if the dict has them apart: one, or null, for each of its keys.
    values: *const *mut PyObject,
}

impl Entries {
    /// Those of no dict.
    pub(in crate::cpython) const NONE: Self =
        Self { dict: ptr::null_mut(), first: ptr::null(), count: 0, values: ptr::null() };

    /// # Safety
    ///
    /// `dict` must be a live dict.
    #[inline(always)]
    pub(in crate::cpython) unsafe fn of(dict: *mut PyObject) -> Self {
        // SAFETY: the caller's.
        unsafe {
            let object = dict.cast::<ffi::PyDictObject>();
            let keys = (*object).ma_keys.cast();
            let mut values = (*object).ma_values.cast::<u8>().cast_const();
            if !values.is_null() {
                values = values.add(VALUES_OFFSET);
            }
            let (first, count) = Keys::entries(keys);
            Self { dict, first, count, values: values.cast() }
        }
    }
}

impl KeyPlace {
    /// The same place.
    pub(in crate::cpython) fn clone_ref(&self, py: Python<'_>) -> Self {
        Self { key: self.key.clone_ref(py), index: self.index }
    }

    /// Where a name is most likely found: at an index.
    pub(super) fn at(index: usize, name: &Bound<'_, PyString>) -> Self {
        Self { key: name.clone().unbind(), index }
    }

    /// The place of a name among the entries of a dict, or any place when it is not there.
    ///
    /// # Safety
    ///
    /// `dict` must be a live dict.
    pub(in crate::cpython) unsafe fn find(
        dict: *mut PyObject,
        name: &Bound<'_, PyString>,
    ) -> Option<Self> {
        if !knows_layout() {
            return None;
        }
        // SAFETY: the caller's. Keys of these entries are null or exactly strs, whose comparison
        // runs no code.
        unsafe {
            let keys: *const Keys = (*dict.cast::<ffi::PyDictObject>()).ma_keys.cast();
            for index in 0..ROW_LIMIT {
                let entry = Keys::entry(keys, index);
                if entry.is_null() {
                    break;
                }
                let key = (*entry).key;
                if !key.is_null() && ffi::PyUnicode_Compare(key, name.as_ptr()) == 0 {
                    let key = Bound::from_borrowed_ptr(name.py(), key).cast_into_unchecked();
                    return Some(Self { key: key.unbind(), index });
                }
            }
        }
        Some(Self::at(0, name))
    }

    /// What the dict has for the key.
    ///
    /// # Safety
    ///
    /// `entries` must be those of a live dict as it is now.
    #[inline(always)]
    pub(in crate::cpython) unsafe fn read(&self, entries: &Entries) -> Found {
        // SAFETY: the caller's; the index is compared with the number of entries.
        let value = unsafe {
            let entry = entries.first.wrapping_add(self.index);
            if self.index >= entries.count || (*entry).key != self.key.as_ptr() {
                return self.look_up(entries.dict);
            }
            if entries.values.is_null() { (*entry).value } else { *entries.values.add(self.index) }
        };
        if value.is_null() { Found::Missing } else { Found::Value(value) }
    }

    /// # Safety
    ///
    /// `dict` must be a live dict.
    #[inline(never)]
    unsafe fn look_up(&self, dict: *mut PyObject) -> Found {
        // SAFETY: the caller's. Where all keys are exactly strs, no code runs and nothing fails.
        unsafe {
            let keys: *const Keys = (*dict.cast::<ffi::PyDictObject>()).ma_keys.cast();
            if (*keys).kind == GENERAL {
                return Found::Unknown;
            }
            let value = ffi::PyDict_GetItemWithError(dict, self.key.as_ptr());
            if value.is_null() { Found::Missing } else { Found::Value(value) }
        }
    }
}

/// Has the entry at an index, if it is that of the key, hold another value that is an atom; else
/// gives the value back.
///
/// # Safety
///
/// `dict` must be a live dict that is not watched, and `key` a live str.
#[inline]
pub(in crate::cpython) unsafe fn replace_value<'py>(
    dict: *mut PyObject,
    index: usize,
    key: *mut PyObject,
    value: Bound<'py, PyAny>,
) -> Result<(), Bound<'py, PyAny>> {
    // SAFETY: the caller's. The entry is looked at anew, and owns its value, which is given up
    // only when the dict holds the new one: giving it up may run any code.
    unsafe {
        let object = dict.cast::<ffi::PyDictObject>();
        let entry = Keys::entry((*object).ma_keys.cast(), index);
        let is_there = !entry.is_null()
            && (*object).ma_values.is_null()
            && (*entry).key == key
            && !(*entry).value.is_null();
        if !is_there || !knows_layout() {
            return Err(value);
        }
        let before = ptr::replace(&raw mut (*entry).value, value.into_ptr());
        ffi::Py_DECREF(before);
        Ok(())
    }
}
