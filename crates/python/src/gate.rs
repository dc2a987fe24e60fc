//! The way in from Python: panics stop here, and signals and other threads get their turn.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::cpython::{HeldThread, SavedThread, attach, memory_error, with_interpreter};
use crate::errors::InternalError;

/// After how many bytes of a response the clock is looked at, at first and at most.
const FIRST_STRIDE: usize = 2 * 1024;
const LONGEST_STRIDE: usize = 256 * 1024;

/// After how many things done without writing the clock is looked at.
const IDLE_STRIDE: usize = 256;

/// How far apart two looks at the clock should be.
const BEAT: Duration = Duration::from_micros(200);

/// How long the interpreter is kept while others wait: the interpreter's own interval.
const TURN: Duration = Duration::from_millis(5);

/// As how many bytes a call counts that may run anybody's code.
const CALL: usize = 256;

/// One call from Python, from its way in to its way out.
pub(crate) struct Passage<'py> {
    py: Python<'py>,
    /// How deep the response is nested where the execution is.
    ///
    /// The counts of calls within calls are not added up: a thread's stack, which is looked at as
    /// responses nest, bounds them all, and greenlets, which leave in any order, would upset a sum.
    pub(crate) depth: Cell<usize>,
    /// The size of the response at which the clock is looked at next.
    next: Cell<usize>,
    stride: Cell<usize>,
    looked: Cell<Option<Instant>>,
    taken: Cell<Option<Instant>>,
    releases: Cell<usize>,
    is_interrupted: Cell<bool>,
}

/// Runs what a call from Python asks for.
pub(crate) fn enter<'py, T>(
    py: Python<'py>,
    work: impl FnOnce(&Passage<'py>) -> PyResult<T>,
) -> PyResult<T> {
    guard(|| work(&Passage::new(py)))
}

/// Runs what is done at once and needs no passage.
#[inline(always)]
pub(crate) fn guard<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let _held = HeldThread::new();
    // Boxed, so that no room for an error is passed on where there is none.
    match catch_unwind(AssertUnwindSafe(|| work().map_err(Box::new))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(settled(*error)),
        Err(panic) => Err(settled(error(panic))),
    }
}

/// An error whose object is there. PyO3 may leave the making of it to where it is raised, behind
/// the gate: there a panic, as where memory runs out, would end the process.
#[cold]
fn settled(error: PyErr) -> PyErr {
    attach(|py| {
        let settle = AssertUnwindSafe(|| {
            error.value(py);
            error
        });
        catch_unwind(settle).unwrap_or_else(|_| memory_error(py))
    })
}

/// Runs what an object does as it goes, when there is nobody left to raise an error for.
pub(crate) fn destroy(work: impl FnOnce()) {
    let destroyed = guard(|| {
        work();
        Ok(())
    });
    if let Err(error) = destroyed {
        attach(|py| error.write_unraisable(py, None));
    }
}

/// A panic that carries a Python error is that error; any other is a defect of ours.
#[cold]
fn error(panic: Box<dyn Any + Send>) -> PyErr {
    let panic = match panic.downcast::<PyErr>() {
        Ok(error) => return *error,
        Err(panic) => panic,
    };
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    InternalError::new_err(format!("a defect in onecross stopped this call: {message}"))
}

impl<'py> Passage<'py> {
    fn new(py: Python<'py>) -> Self {
        Self {
            py,
            depth: Cell::new(0),
            next: Cell::new(FIRST_STRIDE),
            stride: Cell::new(FIRST_STRIDE),
            looked: Cell::new(None),
            taken: Cell::new(None),
            releases: Cell::new(0),
            is_interrupted: Cell::new(false),
        }
    }

    /// Notes how much of the response was written before.
    pub(crate) fn go_on_from(&self, size: usize) {
        self.next.set(size.saturating_add(FIRST_STRIDE));
    }

    /// Notes a call that may run anybody's code: the clock is looked at the sooner.
    #[inline]
    pub(crate) fn note_call(&self) {
        self.next.set(self.next.get().saturating_sub(CALL));
    }

    /// Told the size of the response so far, now and then runs the handlers of signals and lets
    /// other threads have the interpreter.
    ///
    /// Nothing may be borrowed from any object here.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised.
    #[inline]
    pub(crate) fn pulse(&self, size: usize) -> Result<(), Box<PyErr>> {
        if size < self.next.get() { Ok(()) } else { self.look(size) }
    }

    /// The same where nothing is written: told how many things were done.
    ///
    /// # Errors
    ///
    /// What the handler of a signal raised.
    #[inline]
    pub(crate) fn pulse_idle(&self, done: usize) -> Result<(), Box<PyErr>> {
        if done.is_multiple_of(IDLE_STRIDE) { self.look(0) } else { Ok(()) }
    }

    /// Whether the handler of a signal ended the call.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.is_interrupted.get()
    }

    /// How often the interpreter was released.
    pub(crate) fn releases(&self) -> usize {
        self.releases.get()
    }

    #[cold]
    #[inline(never)]
    fn look(&self, size: usize) -> Result<(), Box<PyErr>> {
        if let Err(error) = self.py.check_signals() {
            self.is_interrupted.set(true);
            return Err(Box::new(error));
        }
        let now = Instant::now();
        if let Some(before) = self.looked.replace(Some(now)) {
            self.stride.set(next_stride(self.stride.get(), now - before));
        }
        self.next.set(size.saturating_add(self.stride.get()));
        match self.taken.get() {
            None => self.taken.set(Some(now)),
            Some(taken) if now - taken >= TURN => self.release(),
            Some(_) => {}
        }
        Ok(())
    }

    /// Gives up the interpreter and takes it back: whoever waits for it has it in between.
    fn release(&self) {
        self.py.detach(|| ());
        self.releases.update(|releases| releases + 1);
        let now = Some(Instant::now());
        self.looked.set(now);
        self.taken.set(now);
    }
}

/// How many bytes to write until the next look, when so many took so long.
fn next_stride(stride: usize, took: Duration) -> usize {
    if took <= BEAT / 2 {
        return (stride * 2).min(LONGEST_STRIDE);
    }
    let fitting = stride as u128 * BEAT.as_nanos() / took.as_nanos();
    (fitting as usize).clamp(1, LONGEST_STRIDE)
}

/// The interpreter, for work that is mostly short: it is kept at first, given up in the middle of
/// what proves long, and there again whenever Python code is to run.
///
/// One thread at a time uses it.
#[derive(Default)]
pub(crate) struct Lease {
    thread: SavedThread,
    releases: AtomicUsize,
}

impl Lease {
    /// Gives up the interpreter. Nothing of Python's may be touched until it is taken back.
    pub(crate) fn give_up(&self) {
        if !self.thread.is_saved() {
            self.thread.save();
            self.releases.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes the interpreter back, if it was given up.
    #[inline]
    pub(crate) fn take_back(&self) {
        self.thread.restore();
    }

    /// Runs what needs the interpreter, in the middle of what may have given it up.
    pub(crate) fn attached<T>(&self, work: impl FnOnce(Python<'_>) -> T) -> T {
        self.take_back();
        attach(work)
    }

    /// How often it was given up.
    pub(crate) fn releases(&self) -> usize {
        self.releases.load(Ordering::Relaxed)
    }
}

/// Waits for something without the interpreter, if this thread has it.
pub(crate) fn wait(waiting: &mut dyn FnMut()) {
    let thread = SavedThread::default();
    thread.save();
    waiting();
    thread.restore();
}

/// Runs what needs the interpreter, in the middle of what may have given it up by any lease.
pub(crate) fn attached<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    with_interpreter(work)
}

/// Runs the handlers of signals that came, in the main thread.
pub(crate) fn run_signal_handlers(py: Python<'_>) -> PyResult<()> {
    py.check_signals()
}
