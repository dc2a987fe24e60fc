//! A coroutine that was begun under a task, as what that task goes on with.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{
    PyAttributeError, PyBaseException, PyException, PyStopIteration, PyValueError,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::cpython::{Context, Sent, send};
use crate::errors::CancelledError;
use crate::gate;

/// What a task runs: nothing, until a coroutine is handed to it.
///
/// It is a coroutine itself, as far as tasks can tell.
#[pyclass(frozen, weakref, module = "onecross._core")]
pub(crate) struct Suspended {
    state: Mutex<State>,
    /// Whether a coroutine takes its first step under the task, and may be handed over yet.
    is_stood_under: AtomicBool,
}

/// Ends the time in which a coroutine takes its first step under a task.
pub(super) struct StoodUnder<'a>(&'a AtomicBool);

impl Drop for StoodUnder<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[derive(Default)]
enum State {
    /// There is nothing to do.
    #[default]
    Idle,
    /// There is nothing to do any more, and this came of it.
    Done(Outcome),
    /// There is a coroutine to go on with.
    Begun(Begun),
}

/// A coroutine, and what is needed to go on with it.
pub(super) struct Begun {
    coroutine: Py<PyAny>,
    context: Context,
    /// Whether that is what the task runs in.
    is_tasks: bool,
    /// What the task is told first that the coroutine awaits.
    awaited: Option<Yielded>,
    sequel: Sequel,
}

impl Begun {
    /// A coroutine to be run in that context, which may be what the task runs in.
    pub(super) fn new(
        coroutine: &Bound<'_, PyAny>,
        (context, is_tasks): (Context, bool),
        sequel: Sequel,
    ) -> Self {
        Self { coroutine: coroutine.clone().unbind(), context, is_tasks, awaited: None, sequel }
    }

    /// What has to be entered for the coroutine to go on.
    fn context_to_enter(&self, py: Python<'_>) -> Option<Context> {
        (!self.is_tasks).then(|| self.context.clone_ref(py))
    }
}

/// What goes on with what a coroutine comes to.
pub(crate) struct Sequel {
    /// Who awaits that.
    pub(crate) awaiting: Py<PyAny>,
    /// What it is there.
    pub(crate) number: usize,
    /// Takes it there.
    pub(crate) come: Come,
}

/// Takes what the coroutine of that number came to, and the context that it left.
///
/// # Errors
///
/// What must end the loop, too.
pub(crate) type Come = for<'py> fn(
    awaiting: &Bound<'py, PyAny>,
    number: usize,
    context: Context,
    outcome: PyResult<Bound<'py, PyAny>>,
) -> PyResult<()>;

impl Sequel {
    fn come<'py>(
        self,
        py: Python<'py>,
        context: Context,
        outcome: PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        (self.come)(self.awaiting.bind(py), self.number, context, outcome)
    }
}

/// What a coroutine that did not suspend itself came to.
pub(super) type Outcome = Result<Py<PyAny>, Py<PyBaseException>>;

/// What a coroutine yielded before its task could see it.
pub(super) struct Yielded {
    object: Py<PyAny>,
    /// Whether the task has to be shown once more that it is awaited as a future.
    is_to_block: bool,
}

impl Yielded {
    /// What the task sees at once.
    pub(super) fn seen(object: &Bound<'_, PyAny>) -> Self {
        Self { object: object.clone().unbind(), is_to_block: false }
    }

    /// What the task sees later, while somebody else may await it, too.
    pub(super) fn kept(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let is_to_block = blocks(object)?;
        if is_to_block {
            object.setattr(intern!(object.py(), "_asyncio_future_blocking"), false)?;
        }
        Ok(Self { object: object.clone().unbind(), is_to_block })
    }

    /// The same, as the coroutine yielded it.
    fn again(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let object = self.object.into_bound(py);
        if self.is_to_block {
            object.setattr(intern!(py, "_asyncio_future_blocking"), true)?;
        }
        Ok(object)
    }
}

/// What to do next.
enum Next {
    End(Outcome),
    /// Nothing in this turn of a loop that is run within the first step of a coroutine.
    Wait,
    /// The task is told first what the coroutine awaits.
    Await(Yielded),
    /// In that context, if it is not the task's.
    GoOn(Py<PyAny>, Option<Context>),
}

impl Suspended {
    /// Nothing to do, yet.
    pub(super) fn idle() -> Self {
        Self { state: Mutex::default(), is_stood_under: AtomicBool::new(false) }
    }

    /// A coroutine that has not begun.
    pub(super) fn with(begun: Begun) -> Self {
        Self { state: Mutex::new(State::Begun(begun)), is_stood_under: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a coroutine takes its first step under the task, for as long as what is given
    /// lives.
    pub(super) fn stand_under(&self) -> StoodUnder<'_> {
        self.is_stood_under.store(true, Ordering::Relaxed);
        StoodUnder(&self.is_stood_under)
    }

    fn is_stood_under(&self) -> bool {
        self.is_stood_under.load(Ordering::Relaxed)
    }

    /// Whether its task has nothing more to do.
    pub(super) fn is_done(&self) -> bool {
        matches!(*self.lock(), State::Done(_))
    }

    /// Takes over a coroutine, and what it awaits.
    pub(super) fn take_over(&self, begun: Begun, awaited: Option<Yielded>) {
        let begun = State::Begun(Begun { awaited, ..begun });
        let before = mem::replace(&mut *self.lock(), begun);
        drop(before);
    }

    /// Ends with what a coroutine came to that did not suspend itself.
    pub(super) fn end_with(&self, outcome: Outcome) {
        let before = mem::replace(&mut *self.lock(), State::Done(outcome));
        drop(before);
    }

    fn next(&self, py: Python<'_>) -> Next {
        let mut state = self.lock();
        match &mut *state {
            State::Begun(begun) => match begun.awaited.take() {
                Some(awaited) => Next::Await(awaited),
                None => Next::GoOn(begun.coroutine.clone_ref(py), begun.context_to_enter(py)),
            },
            State::Idle if self.is_stood_under() => Next::Wait,
            State::Idle => {
                *state = State::Done(Ok(py.None()));
                Next::End(Ok(py.None()))
            }
            State::Done(outcome) => Next::End(mem::replace(outcome, Ok(py.None()))),
        }
    }

    fn resume<'py>(
        &self,
        py: Python<'py>,
        step: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<Sent<'py>>,
    ) -> PyResult<Sent<'py>> {
        let (coroutine, context) = match self.next(py) {
            Next::End(Ok(value)) => return Ok(Sent::Returned(value.into_bound(py))),
            Next::End(Err(error)) => {
                return Err(PyErr::from_value(error.into_bound(py).into_any()));
            }
            Next::Wait => return Ok(Sent::Yielded(py.None().into_bound(py))),
            Next::Await(awaited) => return awaited.again(py).map(Sent::Yielded),
            Next::GoOn(coroutine, context) => (coroutine.into_bound(py), context),
        };
        let stepped = match context {
            Some(context) => context.run(py, || step(&coroutine)),
            None => step(&coroutine),
        };
        match stepped {
            Ok(Sent::Yielded(yielded)) => Ok(Sent::Yielded(yielded)),
            Ok(Sent::Returned(value)) => {
                self.go_on(py, Ok(value))?;
                Ok(Sent::Returned(py.None().into_bound(py)))
            }
            Err(_) if coroutine.getattr(intern!(py, "cr_running"))?.is_truthy()? => {
                // It was not this step that raised the error, for none was taken.
                Err(PyValueError::new_err("coroutine already executing"))
            }
            Err(error) => {
                let ends_task = !error.is_instance_of::<PyException>(py);
                let told = if ends_task { Some(error.clone_ref(py)) } else { None };
                self.go_on(py, Err(error))?;
                told.map_or_else(|| Ok(Sent::Returned(py.None().into_bound(py))), Err)
            }
        }
    }

    /// Lets what comes behind the coroutine have what that came to.
    fn go_on<'py>(&self, py: Python<'py>, outcome: PyResult<Bound<'py, PyAny>>) -> PyResult<()> {
        let before = mem::replace(&mut *self.lock(), State::Done(Ok(py.None())));
        let State::Begun(Begun { context, is_tasks, sequel, .. }) = before else { return Ok(()) };
        if !is_tasks {
            return sequel.come(py, context, outcome);
        }
        let left = context.clone_ref(py);
        left.run_outside(py, || sequel.come(py, context, outcome))
    }
}

/// What a step gave, as coroutines tell it to Python code: their end by an error.
fn told(step: Sent<'_>) -> PyResult<Bound<'_, PyAny>> {
    match step {
        Sent::Yielded(yielded) => Ok(yielded),
        Sent::Returned(value) => Err(PyStopIteration::new_err((value.unbind(),))),
    }
}

/// Whether a coroutine that yielded this is awaiting it as a future.
fn blocks(yielded: &Bound<'_, PyAny>) -> PyResult<bool> {
    match yielded.getattr(intern!(yielded.py(), "_asyncio_future_blocking")) {
        Ok(blocking) => blocking.is_truthy(),
        Err(error) if error.is_instance_of::<PyAttributeError>(yielded.py()) => Ok(false),
        Err(error) => Err(error),
    }
}

#[pymethods]
impl Suspended {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let step = || self.resume(py, |coroutine| send(coroutine, py.None().bind(py)));
        gate::guard(|| match step()? {
            // Tasks take the end without a value for what it is, and no error has to be made.
            Sent::Returned(value) if value.is_none() => Ok(None),
            step => told(step).map(Some),
        })
    }

    /// Goes on with a value.
    fn send<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| self.resume(value.py(), |coroutine| send(coroutine, value)).and_then(told))
    }

    /// Raises an error where the coroutine is suspended.
    #[pyo3(signature = (error, value=None, traceback=None))]
    fn throw<'py>(
        &self,
        error: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
        traceback: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| self.throw_into(error, value, traceback).and_then(told))
    }

    /// Ends the coroutine where it is suspended.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        gate::guard(|| {
            let begun = self.begun(py);
            if let Some((coroutine, context)) = begun {
                let close = || coroutine.bind(py).call_method0(intern!(py, "close")).map(|_| ());
                context.map_or_else(close, |context| context.run(py, close))?;
            }
            self.go_on(py, Err(CancelledError::new_err(())))?;
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
        match self.begun(py) {
            Some((coroutine, _)) => coroutine.into_bound(py).getattr(name),
            None => Err(PyAttributeError::new_err(name.clone().unbind())),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(state) = self.state.try_lock() else { return Ok(()) };
        match &*state {
            State::Begun(Begun { coroutine, context, awaited, sequel, .. }) => {
                visit.call(coroutine)?;
                visit.call(context.object())?;
                if let Some(awaited) = awaited {
                    visit.call(&awaited.object)?;
                }
                visit.call(&sequel.awaiting)
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
    /// The coroutine, if there is one, and what has to be entered for it to go on.
    fn begun(&self, py: Python<'_>) -> Option<(Py<PyAny>, Option<Context>)> {
        match &*self.lock() {
            State::Begun(begun) => {
                Some((begun.coroutine.clone_ref(py), begun.context_to_enter(py)))
            }
            State::Idle | State::Done(_) => None,
        }
    }

    fn throw_into<'py>(
        &self,
        error: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
        traceback: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Sent<'py>> {
        let py = error.py();
        if self.is_stood_under() {
            // Nothing can be raised in what runs; it is given up when it suspends itself.
            self.end_with(Ok(py.None()));
            return Err(PyErr::from_value(value.unwrap_or(error).clone()));
        }
        let awaited = match &mut *self.lock() {
            State::Begun(begun) => begun.awaited.take(),
            State::Idle | State::Done(_) => None,
        };
        if let Some(awaited) = awaited
            && error.is_instance_of::<CancelledError>()
            && (awaited.is_to_block || blocks(awaited.object.bind(py))?)
        {
            // A task that waits cancels what it waits for, and is told by that.
            let arguments = error.getattr(intern!(py, "args"))?.cast_into::<PyTuple>()?;
            let cancelled =
                awaited.object.bind(py).call_method1(intern!(py, "cancel"), arguments)?;
            if cancelled.is_truthy()? {
                return awaited.again(py).map(Sent::Yielded);
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
