//! Where CPython 3.11, 3.12 and 3.13 keep the entries of dicts and the attributes of instances.
//!
//! Reading there neither makes an instance's `__dict__` nor runs any code.
//!
//! Reference: CPython's `Include/internal/pycore_dict.h`, `pycore_object.h` and
//! `Objects/dictnotes.txt` of each version. On any other build nothing here matches, and the
//! public API is used.

#[cfg(known_layout)]
mod instance;
#[cfg(known_layout)]
mod keys;
#[cfg(not(known_layout))]
mod unknown;

use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(known_layout)]
pub(super) use instance::InstancePlace;
#[cfg(known_layout)]
pub(super) use keys::{Entries, KeyPlace, replace_value};
#[cfg(not(known_layout))]
pub(super) use unknown::{Entries, InstancePlace, KeyPlace, replace_value};

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
