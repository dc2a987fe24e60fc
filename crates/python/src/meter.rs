//! The meter: what a piece of work cost in crossings, reads, makes, bytes and time.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;
use pyo3::{PyTraverseError, PyVisit, intern};

use crate::cpython::{new_count, new_dict, new_text};
use crate::errors::new_error;
use crate::gate;

/// How many meters are on, in any thread; when none is, nothing is looked up.
static ON: AtomicUsize = AtomicUsize::new(0);

/// The `contextvars.ContextVar` that holds the innermost meter.
static CURRENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// A part of the work whose time is told apart.
#[derive(Clone, Copy)]
pub(crate) enum Stage {
    /// Parsing, validating and reading documents seen for the first time.
    Prepare,
    /// Coercing variables.
    Variables,
    /// Running plans, Python's resolvers included.
    Execute,
    /// Python code called while plans run.
    Python,
    /// Writing errors and making the result.
    Finish,
    /// What was left to graphql-core.
    Reference,
}

const STAGES: [(Stage, &str); 6] = [
    (Stage::Prepare, "prepare documents"),
    (Stage::Variables, "coerce variables"),
    (Stage::Execute, "execute"),
    (Stage::Python, "  of which Python code"),
    (Stage::Finish, "finish"),
    (Stage::Reference, "left to graphql-core"),
];

/// What is counted.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) calls_in: usize,
    pub(crate) calls_out: usize,
    pub(crate) releases: usize,
    pub(crate) locks: usize,
    pub(crate) reads: usize,
    pub(crate) makes: usize,
    pub(crate) bytes: usize,
    pub(crate) fallbacks: usize,
    times: [Duration; STAGES.len()],
}

impl Counts {
    /// What one call into the extension begins with.
    pub(crate) fn of_one_call() -> Self {
        Self { calls_in: 1, ..Self::default() }
    }

    fn add(&mut self, other: &Self) {
        self.calls_in += other.calls_in;
        self.calls_out += other.calls_out;
        self.releases += other.releases;
        self.locks += other.locks;
        self.reads += other.reads;
        self.makes += other.makes;
        self.bytes += other.bytes;
        self.fallbacks += other.fallbacks;
        for (mine, theirs) in self.times.iter_mut().zip(other.times) {
            *mine += theirs;
        }
    }
}

/// Counts while a plan runs; resolved at compile time, so that not counting costs nothing.
pub(crate) trait Tally {
    /// Something was read from a Python object.
    fn read(&mut self, count: usize);
    /// A Python object was made.
    fn make(&mut self);
    /// A lock was taken.
    fn lock(&mut self);
    /// Bytes were written.
    fn bytes(&mut self, count: usize);
    /// An operation was left to graphql-core.
    fn fallback(&mut self);
    /// Calls what runs Python code.
    fn call<R>(&mut self, work: impl FnOnce() -> R) -> R;
    /// Times a part of the work.
    fn stage<R>(&mut self, stage: Stage, work: impl FnOnce(&mut Self) -> R) -> R;
}

/// Counts nothing.
pub(crate) struct Silent;

impl Tally for Silent {
    #[inline]
    fn read(&mut self, _count: usize) {}
    #[inline]
    fn make(&mut self) {}
    #[inline]
    fn lock(&mut self) {}
    #[inline]
    fn bytes(&mut self, _count: usize) {}
    #[inline]
    fn fallback(&mut self) {}
    #[inline]
    fn call<R>(&mut self, work: impl FnOnce() -> R) -> R {
        work()
    }
    #[inline]
    fn stage<R>(&mut self, _stage: Stage, work: impl FnOnce(&mut Self) -> R) -> R {
        work(self)
    }
}

impl Tally for Counts {
    fn read(&mut self, count: usize) {
        self.reads += count;
    }
    fn make(&mut self) {
        self.makes += 1;
    }
    fn lock(&mut self) {
        self.locks += 1;
    }
    fn bytes(&mut self, count: usize) {
        self.bytes += count;
    }
    fn fallback(&mut self) {
        self.fallbacks += 1;
    }
    fn call<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.calls_out += 1;
        self.stage(Stage::Python, |_| work())
    }
    fn stage<R>(&mut self, stage: Stage, work: impl FnOnce(&mut Self) -> R) -> R {
        let begun = Instant::now();
        let result = work(self);
        self.times[stage as usize] += begun.elapsed();
        result
    }
}

/// Counts what onecross does between `__enter__` and `__exit__` in the same context.
///
/// Meters may be nested: what an inner one counts, the outer one counts too.
#[pyclass(frozen, module = "onecross._core")]
#[derive(Default)]
pub(crate) struct Meter {
    counts: Mutex<Counts>,
    is_on: AtomicBool,
    entered: Mutex<Option<Entered>>,
}

struct Entered {
    outer: Py<PyAny>,
    token: Py<PyAny>,
}

impl Meter {
    /// Whether any meter is on, in whatever context.
    #[inline]
    pub(crate) fn is_any_on() -> bool {
        ON.load(Ordering::Relaxed) > 0
    }

    /// The innermost meter that is on in this context.
    #[inline]
    pub(crate) fn current(py: Python<'_>) -> PyResult<Option<Bound<'_, Self>>> {
        if !Self::is_any_on() {
            return Ok(None);
        }
        let value = variable(py)?.call_method0(intern!(py, "get"))?;
        if value.is_none() { Ok(None) } else { Ok(Some(value.cast_into()?)) }
    }

    /// Adds what was counted.
    pub(crate) fn add(&self, counts: &Counts) {
        self.counts.lock().expect("nothing panics while it counts").add(counts);
    }

    fn read(&self) -> Counts {
        *self.counts.lock().expect("nothing panics while it counts")
    }
}

fn variable(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    let made = CURRENT.get_or_try_init(py, || {
        let class = py.import(intern!(py, "contextvars"))?.getattr(intern!(py, "ContextVar"))?;
        let options = new_dict(py)?;
        options.set_item(intern!(py, "default"), py.None())?;
        Ok::<_, PyErr>(class.call((intern!(py, "onecross.meter"),), Some(&options))?.unbind())
    })?;
    Ok(made.bind(py))
}

#[pymethods]
impl Meter {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// A meter that is never left is in the context that its own token holds.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.entered.try_lock() {
            Ok(entered) => match &*entered {
                Some(Entered { outer, token }) => {
                    visit.call(outer)?;
                    visit.call(token)
                }
                None => Ok(()),
            },
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let entered = self.entered.try_lock().ok().and_then(|mut entered| entered.take());
        if entered.is_some() {
            ON.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn __enter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        gate::guard(|| {
            if slf.get().is_on.swap(true, Ordering::Relaxed) {
                let message = "this meter is already on: make another one";
                return Err(new_error::<PyRuntimeError>(slf.py(), message));
            }
            slf.get()
                .enter(&slf)
                .inspect_err(|_| slf.get().is_on.store(false, Ordering::Relaxed))?;
            Ok(slf)
        })
    }

    #[pyo3(signature = (_type=None, _error=None, _traceback=None, /))]
    fn __exit__(
        slf: &Bound<'_, Self>,
        _type: Option<&Bound<'_, PyAny>>,
        _error: Option<&Bound<'_, PyAny>>,
        _traceback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        gate::guard(|| slf.get().exit(slf))
    }

    /// Calls into the extension and calls from Rust that ran Python code, together.
    #[getter]
    fn crossings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.calls_in + counts.calls_out)
    }

    /// Calls from Python into the extension.
    #[getter]
    fn calls_in<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.calls_in)
    }

    /// Calls from Rust that ran Python code.
    #[getter]
    fn calls_out<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.calls_out)
    }

    /// How often the interpreter was released.
    #[getter]
    fn releases<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.releases)
    }

    /// How often a lock was taken.
    #[getter]
    fn locks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.locks)
    }

    /// Attributes and items read from Python objects.
    #[getter]
    fn reads<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.reads)
    }

    /// Python objects made.
    #[getter]
    fn makes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.makes)
    }

    /// Bytes of JSON written.
    #[getter]
    fn bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.bytes)
    }

    /// Operations left to graphql-core.
    #[getter]
    fn fallbacks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, |counts| counts.fallbacks)
    }

    fn __str__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        gate::guard(|| Ok(new_text(py, &self.table())))
    }

    fn __repr__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        gate::guard(|| {
            let Counts { calls_in, calls_out, reads, .. } = self.read();
            let crossings = calls_in + calls_out;
            Ok(new_text(py, &format!("<Meter: {crossings} crossings, {reads} reads>")))
        })
    }
}

impl Meter {
    fn enter(&self, own: &Bound<'_, Self>) -> PyResult<()> {
        let py = own.py();
        let variable = variable(py)?;
        let outer = variable.call_method0(intern!(py, "get"))?.unbind();
        let token = variable.call_method1(intern!(py, "set"), (own,))?.unbind();
        *self.entered.lock().expect("nothing panics while it is held") =
            Some(Entered { outer, token });
        ON.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn exit(&self, own: &Bound<'_, Self>) -> PyResult<()> {
        let py = own.py();
        let entered = self.entered.lock().expect("nothing panics while it is held").take();
        let Some(entered) = entered else {
            return Err(new_error::<PyRuntimeError>(py, "this meter is not on"));
        };
        self.is_on.store(false, Ordering::Relaxed);
        ON.fetch_sub(1, Ordering::Relaxed);
        // A copy of a context goes on having the meter that was on when it was made.
        let outer = entered.outer.bind(py).cast::<Self>();
        if let Ok(outer) = outer
            && !outer.is(own)
        {
            outer.get().add(&self.read());
        }
        variable(py)?.call_method1(intern!(py, "reset"), (entered.token,))?;
        Ok(())
    }

    fn told<'py>(
        &self,
        py: Python<'py>,
        count: impl FnOnce(&Counts) -> usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Ok(new_count(py, count(&self.read()))))
    }

    /// Where time went, and the counts.
    fn table(&self) -> String {
        let counts = self.read();
        let calls = if counts.calls_in == 1 { "call" } else { "calls" };
        let mut text = format!("where time went, in {} {calls} to onecross\n", counts.calls_in);
        for (stage, name) in STAGES {
            let time = counts.times[stage as usize];
            if !time.is_zero() {
                let _ = writeln!(text, "  {name:<24}{:>12.3} ms", time.as_secs_f64() * 1e3);
            }
        }
        let rows = [
            ("crossings", counts.calls_in + counts.calls_out),
            ("  into Rust", counts.calls_in),
            ("  out to Python code", counts.calls_out),
            ("releases", counts.releases),
            ("locks", counts.locks),
            ("reads", counts.reads),
            ("makes", counts.makes),
            ("bytes", counts.bytes),
            ("left to graphql-core", counts.fallbacks),
        ];
        for (name, count) in rows {
            let _ = writeln!(text, "  {name:<24}{count:>12}");
        }
        text
    }
}
