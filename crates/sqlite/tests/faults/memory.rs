//! SQLite's memory, counted for each thread, and failing where it is told to.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::{Once, OnceLock};

use libsqlite3_sys as ffi;

static PLAIN: OnceLock<Plain> = OnceLock::new();

/// What SQLite uses when nobody says otherwise.
struct Plain {
    allocate: unsafe extern "C" fn(c_int) -> *mut c_void,
    reallocate: unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
}

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static ASKED: Cell<usize> = const { Cell::new(0) };
    /// Which allocation fails, and how many behind it; 0 is none.
    static FAILING: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Has SQLite ask here for its memory. To be called before any connection of the process opens.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut methods = MaybeUninit::<ffi::sqlite3_mem_methods>::zeroed();
        // SAFETY: SQLite is not initialised yet; it copies what it is given.
        unsafe {
            let told = ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, methods.as_mut_ptr());
            assert_eq!(told, ffi::SQLITE_OK);
            let plain = methods.assume_init();
            let mut watched = plain;
            watched.xMalloc = Some(allocate);
            watched.xRealloc = Some(reallocate);
            watched.xFree = Some(free);
            let _ = PLAIN.set(Plain {
                allocate: plain.xMalloc.unwrap(),
                reallocate: plain.xRealloc.unwrap(),
                free: plain.xFree.unwrap(),
            });
            let taken = ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw const watched);
            assert_eq!(taken, ffi::SQLITE_OK);
        }
    });
}

/// How many pieces of memory this thread has asked for and not given back.
pub(crate) fn held() -> isize {
    HELD.get()
}

/// Fails so many allocations of this thread, from that number on, counted from 1.
pub(crate) fn fail(number: usize, count: usize) {
    ASKED.set(0);
    HAS_FAILED.set(false);
    FAILING.set((number, count));
}

/// Fails none any more; answers whether one has failed.
pub(crate) fn heal() -> bool {
    FAILING.set((0, 0));
    HAS_FAILED.get()
}

fn is_failing() -> bool {
    let (first, count) = FAILING.get();
    ASKED.set(ASKED.get() + 1);
    let is_failing = first > 0 && ASKED.get() >= first && ASKED.get() - first < count;
    if is_failing {
        HAS_FAILED.set(true);
    }
    is_failing
}

fn plain() -> &'static Plain {
    PLAIN.get().expect("SQLite asks only after it was told to")
}

unsafe extern "C" fn allocate(size: c_int) -> *mut c_void {
    if is_failing() {
        return ptr::null_mut();
    }
    // SAFETY: SQLite's own function.
    let memory = unsafe { (plain().allocate)(size) };
    HELD.set(HELD.get() + isize::from(!memory.is_null()));
    memory
}

unsafe extern "C" fn reallocate(memory: *mut c_void, size: c_int) -> *mut c_void {
    if is_failing() {
        return ptr::null_mut();
    }
    // SAFETY: SQLite's own function, of memory that it has allocated.
    unsafe { (plain().reallocate)(memory, size) }
}

unsafe extern "C" fn free(memory: *mut c_void) {
    HELD.set(HELD.get() - 1);
    // SAFETY: SQLite's own function, of memory that it has allocated.
    unsafe { (plain().free)(memory) }
}
