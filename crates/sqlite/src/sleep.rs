//! How SQLite waits for a lock: as ever, but whoever steps a statement can do so around it.
//!
//! SQLite's own busy handler stays in its place, for `PRAGMA busy_timeout` shows and sets it. It
//! sleeps through the VFS, of which ours is a copy with another `xSleep`.

use std::ffi::{CStr, c_int};
use std::ptr;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use libsqlite3_sys as ffi;

use crate::error::Error;

pub(crate) const VFS_NAME: &CStr = c"onecross";

type Around = fn(Duration, &mut dyn FnMut(Duration));

static AROUND: OnceLock<Around> = OnceLock::new();
static PLAIN_SLEEP: OnceLock<unsafe extern "C" fn(*mut ffi::sqlite3_vfs, c_int) -> c_int> =
    OnceLock::new();

/// Has each sleep of SQLite done by the function, which is told how long and given what sleeps.
///
/// Only the first function counts, for all connections of the process.
pub fn around_sleep(around: Around) {
    let _ = AROUND.set(around);
}

/// Makes SQLite and the VFS ready, once.
pub(crate) fn initialise() -> Result<(), Error> {
    static ONCE: Once = Once::new();
    // SAFETY: SQLite may be initialised any number of times.
    let code = unsafe { ffi::sqlite3_initialize() };
    if code != ffi::SQLITE_OK {
        return Err(Error::of_code(code));
    }
    ONCE.call_once(register);
    Ok(())
}

fn register() {
    // SAFETY: the default VFS lives as long as the process and is a plain record of functions and
    // of data that none of them changes; its copy is leaked, for SQLite keeps it for ever.
    unsafe {
        let default = ffi::sqlite3_vfs_find(ptr::null());
        if default.is_null() {
            return;
        }
        let mut copy = ptr::read(default);
        if let Some(plain) = copy.xSleep {
            let _ = PLAIN_SLEEP.set(plain);
            copy.xSleep = Some(sleep);
        }
        copy.zName = VFS_NAME.as_ptr();
        copy.pNext = ptr::null_mut();
        ffi::sqlite3_vfs_register(Box::leak(Box::new(copy)), 0);
    }
}

/// Returns how many microseconds were slept.
unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    let mut slept: c_int = 0;
    let mut plain = |time: Duration| {
        if let Some(sleep) = PLAIN_SLEEP.get() {
            // SAFETY: the function of the VFS of which ours is a copy.
            slept += unsafe { sleep(vfs, c_int::try_from(time.as_micros()).unwrap_or(c_int::MAX)) };
        }
    };
    let time = Duration::from_micros(u64::try_from(microseconds).unwrap_or(0));
    match AROUND.get() {
        Some(around) => around(time, &mut plain),
        None => plain(time),
    }
    slept
}
