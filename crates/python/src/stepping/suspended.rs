//! A coroutine that was begun under a task, as what that task goes on with.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyAttributeError, PyBaseException, PyStopIteration, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::cpython::{Context, Sent, send};
use crate::gate;

pyo3::import_exception!(asyncio, CancelledError);

/// What a task runs: nothing, until a coroutine is handed to it.
///
/// It is a coroutine itself, as far as tasks can tell.
#[pyclass(frozen, weakref, module = "onecross._core")]
pub(crate) struct Suspended {
    state: Mutex<State>,
}

#[derive(Default)]
enum State {
    /// There is nothing to do.
    #[default]
    Idle,
    /// There is nothing to do any more, and this came of it.
    Done(Outcome),
    /// There is a coroutine to go on with.
    Begun { coroutine: Py<PyAny>, context: Context, awaited: Option<Yielded> },
}

/// What a coroutine came to.
pub(super) type Outcome = Result<Py<PyAny>, Py<PyBaseException>>;

/// What a coroutine yielded, and whether it awaits that as a future.
struct Yielded(Py<PyAny>, bool);

/// What to do next.
enum Next {
    End(Outcome),
    /// The task is told first what the coroutine awaits.
    Await(Yielded),
    GoOn(Py<PyAny>, Context),
}

impl Suspended {
    /// A coroutine that has not begun, to be run in that context.
    pub(crate) fn within(coroutine: Bound<'_, PyAny>, context: Context) -> Self {
        let begun = State::Begun { coroutine: coroutine.unbind(), context, awaited: None };
        Self { state: Mutex::new(begun) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over a coroutine that has yielded something.
    pub(super) fn take_over(
        &self,
        coroutine: &Bound<'_, PyAny>,
        context: Context,
        yielded: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let py = coroutine.py();
        // A bare yield lets others have a turn, and by the time the task runs they had it.
        let awaited = if yielded.is_none() {
            None
        } else {
            let blocks = blocks(yielded)?;
            if blocks {
                yielded.setattr(intern!(py, "_asyncio_future_blocking"), false)?;
            }
            Some(Yielded(yielded.clone().unbind(), blocks))
        };
        let begun = State::Begun { coroutine: coroutine.clone().unbind(), context, awaited };
        let before = mem::replace(&mut *self.lock(), begun);
        drop(before);
        Ok(())
    }

    /// Ends with what a coroutine came to that did not suspend itself.
    pub(super) fn end_with(&self, outcome: Outcome) {
        let before = mem::replace(&mut *self.lock(), State::Done(outcome));
        drop(before);
    }

    fn next(&self, py: Python<'_>) -> Next {
        let mut state = self.lock();
        match &mut *state {
            State::Begun { coroutine, context, awaited } => match awaited.take() {
                Some(awaited) => Next::Await(awaited),
                None => Next::GoOn(coroutine.clone_ref(py), context.clone_ref(py)),
            },
            State::Idle => Next::End(Ok(py.None())),
            State::Done(_) => match mem::take(&mut *state) {
                State::Done(outcome) => Next::End(outcome),
                _ => unreachable!("it was done"),
            },
        }
    }

    fn resume<'py>(
        &self,
        py: Python<'py>,
        step: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<Sent<'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (coroutine, context) = match self.next(py) {
            Next::End(Ok(value)) => return Err(stop(value.into_bound(py))),
            Next::End(Err(error)) => {
                return Err(PyErr::from_value(error.into_bound(py).into_any()));
            }
            Next::Await(awaited) => return await_again(py, awaited),
            Next::GoOn(coroutine, context) => (coroutine.into_bound(py), context),
        };
        if coroutine.getattr(intern!(py, "cr_running"))?.is_truthy()? {
            return Err(PyValueError::new_err("coroutine already executing"));
        }
        match context.run(py, || step(&coroutine)) {
            Ok(Sent::Yielded(yielded)) => Ok(yielded),
            Ok(Sent::Returned(value)) => {
                self.end_with(Ok(py.None()));
                Err(stop(value))
            }
            Err(error) => {
                self.end_with(Ok(py.None()));
                Err(error)
            }
        }
    }
}

/// The end of a coroutine, as iterators tell it.
fn stop(value: Bound<'_, PyAny>) -> PyErr {
    PyStopIteration::new_err((value.unbind(),))
}

/// Whether a coroutine that yielded this is awaiting it as a future.
fn blocks(yielded: &Bound<'_, PyAny>) -> PyResult<bool> {
    match yielded.getattr(intern!(yielded.py(), "_asyncio_future_blocking")) {
        Ok(blocking) => blocking.is_truthy(),
        Err(error) if error.is_instance_of::<PyAttributeError>(yielded.py()) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Yields once more what the coroutine yielded before there was a task to see it.
fn await_again(py: Python<'_>, Yielded(awaited, blocks): Yielded) -> PyResult<Bound<'_, PyAny>> {
    let awaited = awaited.into_bound(py);
    if blocks {
        awaited.setattr(intern!(py, "_asyncio_future_blocking"), true)?;
    }
    Ok(awaited)
}

#[pymethods]
impl Suspended {
    #[new]
    fn new() -> Self {
        Self { state: Mutex::default() }
    }

    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| self.resume(py, |coroutine| send(coroutine, py.None().bind(py))))
    }

    /// Goes on with a value.
    fn send<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| self.resume(value.py(), |coroutine| send(coroutine, value)))
    }

    /// Raises an error where the coroutine is suspended.
    #[pyo3(signature = (error, value=None, traceback=None))]
    fn throw<'py>(
        &self,
        error: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
        traceback: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| self.throw_into(error, value, traceback))
    }

    /// Ends the coroutine where it is suspended.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        gate::guard(|| {
            let begun = match &*self.lock() {
                State::Begun { coroutine, context, .. } => {
                    Some((coroutine.clone_ref(py), context.clone_ref(py)))
                }
                State::Idle | State::Done(_) => None,
            };
            if let Some((coroutine, context)) = begun {
                let close = || coroutine.bind(py).call_method0(intern!(py, "close"));
                context.run(py, close)?;
            }
            self.end_with(Ok(py.None()));
            Ok(())
        })
    }

    /// What tools that show tasks ask of coroutines is the coroutine's own.
    fn __getattr__<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let coroutine = match &*self.lock() {
            State::Begun { coroutine, .. } => Some(coroutine.clone_ref(py)),
            State::Idle | State::Done(_) => None,
        };
        match coroutine {
            Some(coroutine) => coroutine.into_bound(py).getattr(name),
            None => Err(PyAttributeError::new_err(name.clone().unbind())),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(state) = self.state.try_lock() else { return Ok(()) };
        match &*state {
            State::Begun { coroutine, context, awaited } => {
                visit.call(coroutine)?;
                visit.call(context.object())?;
                match awaited {
                    Some(Yielded(awaited, _)) => visit.call(awaited),
                    None => Ok(()),
                }
            }
            State::Done(Ok(value)) => visit.call(value),
            State::Done(Err(error)) => visit.call(error),
            State::Idle => Ok(()),
        }
    }

    fn __clear__(&self) {
        let before = mem::take(&mut *self.lock());
        drop(before);
    }
}

impl Suspended {
    fn throw_into<'py>(
        &self,
        error: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
        traceback: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = error.py();
        let awaited = match &mut *self.lock() {
            State::Begun { awaited, .. } => awaited.take(),
            State::Idle | State::Done(_) => None,
        };
        if let Some(awaited) = awaited
            && awaited.1
            && error.is_instance_of::<CancelledError>()
        {
            // A task that waits cancels what it waits for, and is told by that.
            let arguments = error.getattr(intern!(py, "args"))?.cast_into::<PyTuple>()?;
            if awaited.0.bind(py).call_method1(intern!(py, "cancel"), arguments)?.is_truthy()? {
                return await_again(py, awaited);
            }
        }
        self.resume(py, |coroutine| {
            let throw = intern!(py, "throw");
            let thrown = match (value, traceback) {
                (None, None) => coroutine.call_method1(throw, (error,)),
                _ => coroutine.call_method1(throw, (error, value, traceback)),
            };
            match thrown {
                Ok(yielded) => Ok(Sent::Yielded(yielded)),
                Err(stopped) if stopped.is_instance_of::<PyStopIteration>(py) => {
                    Ok(Sent::Returned(stopped.value(py).getattr(intern!(py, "value"))?))
                }
                Err(error) => Err(error),
            }
        })
    }
}
