//! Threads that the interpreter ends as it is finalised, while they are within onecross.
//!
//! Before 3.14 a daemon thread that asks for the interpreter then is ended by `pthread_exit`, and
//! glibc unwinds its stack for that. Frames of Rust cannot be unwound so: the process would abort.
//! Such a thread is stopped for good instead, as 3.14 does it, before its first frame is unwound.

#[cfg(all(target_os = "linux", target_env = "gnu", not(Py_3_14)))]
mod glibc {
    use std::cell::{Cell, UnsafeCell};
    use std::ffi::{c_int, c_void};
    use std::ptr;

    type Routine = unsafe extern "C" fn(*mut c_void);

    /// `struct _pthread_cleanup_buffer` of `<pthread.h>`.
    #[repr(C)]
    struct CleanupBuffer {
        routine: Option<Routine>,
        argument: *mut c_void,
        cancel_type: c_int,
        previous: *mut CleanupBuffer,
    }

    unsafe extern "C" {
        fn _pthread_cleanup_push(
            buffer: *mut CleanupBuffer,
            routine: Routine,
            argument: *mut c_void,
        );
        fn pause() -> c_int;
    }

    /// What a thread has of its own for this, without a destructor, so that it costs one look.
    pub(super) struct Own {
        held: Cell<usize>,
        /// Registered once per thread, for what is held may be let go in any order: greenlets.
        is_registered: Cell<bool>,
        buffer: UnsafeCell<CleanupBuffer>,
    }

    thread_local! {
        static OWN: Own = const {
            Own {
                held: Cell::new(0),
                is_registered: Cell::new(false),
                buffer: UnsafeCell::new(CleanupBuffer {
                    routine: None,
                    argument: ptr::null_mut(),
                    cancel_type: 0,
                    previous: ptr::null_mut(),
                }),
            }
        };
    }

    /// The first thing that happens when a thread is ended, as long as the buffer lies anywhere
    /// but in the frames that are to be unwound.
    unsafe extern "C" fn stop(_argument: *mut c_void) {
        while OWN.with(|own| own.held.get() > 0) {
            // SAFETY: waits for a signal, and has nothing to do with memory.
            unsafe { pause() };
        }
    }

    #[inline]
    pub(super) fn hold() -> *const Own {
        OWN.with(|own| {
            if !own.is_registered.get() {
                register(own);
            }
            own.held.set(own.held.get() + 1);
            ptr::from_ref(own)
        })
    }

    #[cold]
    fn register(own: &Own) {
        own.is_registered.set(true);
        // SAFETY: the buffer has glibc's layout, and stays where it is until the thread has run its
        // handlers: what is local to a thread is freed after them.
        unsafe { _pthread_cleanup_push(own.buffer.get(), stop, ptr::null_mut()) };
    }

    /// # Safety
    ///
    /// The thread is the one that `hold` answered in.
    #[inline]
    pub(super) unsafe fn let_go(own: *const Own) {
        // SAFETY: what is local to a thread is there as long as the thread runs.
        let held = unsafe { &(*own).held };
        held.set(held.get() - 1);
    }
}

/// The thread it was made in is not unwound by the interpreter as long as it lives.
pub(crate) struct HeldThread {
    #[cfg(all(target_os = "linux", target_env = "gnu", not(Py_3_14)))]
    own: *const glibc::Own,
}

impl HeldThread {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(all(target_os = "linux", target_env = "gnu", not(Py_3_14)))]
            own: glibc::hold(),
        }
    }
}

impl Drop for HeldThread {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a pointer keeps it from being sent to another thread.
        #[cfg(all(target_os = "linux", target_env = "gnu", not(Py_3_14)))]
        unsafe {
            glibc::let_go(self.own);
        }
    }
}
