//! What `execute` gives when something is awaited: a coroutine that ends with the result.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyException, PyRuntimeError, PyStopIteration, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::held::{Held, Piece};
use crate::cpython::Context;
use crate::errors::CancelledError;
use crate::gate;
use crate::stepping::Sequel;

/// The completion of an operation that awaits something.
///
/// Nothing is begun before it is awaited. From then on each value that comes is taken in where it
/// comes, and whoever awaits this is woken when there is nothing more to come.
#[pyclass(frozen, weakref, module = "onecross._core")]
pub(crate) struct Completion {
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    /// What came while the execution was worked on.
    inbox: VecDeque<Piece>,
    /// Raised as soon as may be.
    failure: Option<PyErr>,
    /// Raised when nothing is awaited any more: it was cancelled from outside.
    cancelled: Option<PyErr>,
    /// The future that whoever awaits this waits for.
    waker: Option<Py<PyAny>>,
}

enum Stage {
    /// Nothing was begun yet.
    Unbegun(Held),
    /// Something was begun.
    Begun(Held),
    /// It is being worked on.
    AtWork,
    /// There is nothing more to be had.
    Ended,
}

/// What to do when it is asked to go on.
enum Step {
    GoOn,
    Wait,
    Finish(Held),
    /// What is given up for the error is dropped when nothing is locked, for that may run anybody's
    /// code.
    Raise(PyErr, Stage),
}

impl Completion {
    pub(super) fn new(held: Held) -> Self {
        Self {
            state: Mutex::new(State {
                stage: Stage::Unbegun(held),
                inbox: VecDeque::new(),
                failure: None,
                cancelled: None,
                waker: None,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        loop {
            let step = slf.get().lock().step();
            match step {
                Step::GoOn => Self::work(slf, Piece::GoOn)?,
                Step::Wait => return slf.get().wait(py),
                Step::Finish(held) => {
                    let result = held.finish(py)?;
                    return Err(PyStopIteration::new_err((result.unbind(),)));
                }
                Step::Raise(error, _given_up) => return Err(error),
            }
        }
    }

    /// Does a piece of work, or leaves it to who is at work already.
    ///
    /// # Errors
    ///
    /// What must end the loop, too.
    fn work(slf: &Bound<'_, Self>, piece: Piece) -> PyResult<()> {
        let py = slf.py();
        let Some((mut held, mut next)) = slf.get().lock().take(piece) else { return Ok(()) };
        let mut fatal = Ok(());
        loop {
            let (piece, is_cancelled) = next;
            let (again, done) = held.work(slf, piece, is_cancelled);
            let Some(again) = again else {
                slf.get().end(done.err());
                break;
            };
            held = again;
            if let Err(error) = done {
                if ends_the_loop(&error, py) {
                    fatal = Err(error.clone_ref(py));
                }
                slf.get().lock().failure.get_or_insert(error);
                let (again, done) = held.cancel(py);
                let Some(again) = again else { break };
                held = again;
                if let Err(error) = done
                    && ends_the_loop(&error, py)
                {
                    fatal = Err(error);
                }
            }
            let mut state = slf.get().lock();
            match state.next() {
                Some(further) => next = further,
                None => {
                    state.stage = Stage::Begun(held);
                    if !state.has_news() {
                        return fatal;
                    }
                    break;
                }
            }
        }
        slf.get().wake(py)?;
        fatal
    }

    /// Leaves nothing to be done but to raise an error.
    fn end(&self, error: Option<PyErr>) {
        let mut state = self.lock();
        state.failure = error;
        state.stage = Stage::Ended;
    }

    /// What lets the error be known, when it is called, that the place of that number was left with.
    pub(super) fn riser<'py>(
        slf: &Bound<'py, Self>,
        number: usize,
    ) -> PyResult<Bound<'py, PyCFunction>> {
        let completion = slf.clone().unbind();
        let rise = move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
            let py = arguments.py();
            gate::guard(|| Self::work(completion.bind(py), Piece::Rise(number)))
        };
        PyCFunction::new_closure(slf.py(), None, None, rise)
    }

    /// Takes what a coroutine came to back to the execution, to the place of that number.
    pub(super) fn sequel(slf: &Bound<'_, Self>, number: usize) -> Sequel {
        Sequel { awaiting: slf.clone().into_any().unbind(), number, come: Self::come }
    }

    fn come<'py>(
        slf: &Bound<'py, PyAny>,
        number: usize,
        context: Context,
        outcome: PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let completion = slf.cast::<Self>().expect("a completion has given itself");
        Self::work(completion, Piece::Come { number, context, outcome: outcome.map(Bound::unbind) })
    }

    /// A future that is done when there is something to do again.
    fn wait<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let waker = match self.waiting(py)? {
            Some(waker) => waker,
            None => {
                let state = self.lock();
                let Stage::Begun(held) = &state.stage else {
                    return Err(already_running());
                };
                let create = held.future_maker(py);
                drop(state);
                let waker = create.call0()?;
                self.lock().waker = Some(waker.clone().unbind());
                waker
            }
        };
        waker.setattr(intern!(py, "_asyncio_future_blocking"), true)?;
        Ok(waker)
    }

    /// The future that is waited for, if it is still to be done.
    fn waiting<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(waker) = self.lock().waker.as_ref().map(|waker| waker.clone_ref(py)) else {
            return Ok(None);
        };
        let is_done = waker.bind(py).call_method0(intern!(py, "done"))?.is_truthy()?;
        Ok((!is_done).then(|| waker.into_bound(py)))
    }

    /// Wakes whoever awaits this, if there is something for them.
    fn wake(&self, py: Python<'_>) -> PyResult<()> {
        if !self.lock().has_news() {
            return Ok(());
        }
        if let Some(waker) = self.waiting(py)? {
            waker.call_method1(intern!(py, "set_result"), (py.None(),))?;
        }
        Ok(())
    }

    /// Cancels what another waits for, who is not the one that ends this.
    fn abandon_waker(&self, py: Python<'_>) {
        // Where the loop is closed already, nobody waits any more.
        let _ = self.waiting(py).and_then(|waker| {
            waker.map_or(Ok(()), |waker| waker.call_method0(intern!(py, "cancel")).map(|_| ()))
        });
    }

    /// Ends it because of an error from outside: at once, or once all that was begun has ended.
    fn interrupt<'py>(slf: &Bound<'py, Self>, error: PyErr) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let stage = mem::replace(&mut slf.get().lock().stage, Stage::AtWork);
        match stage {
            Stage::AtWork => return Err(already_running()),
            Stage::Begun(held) if error.is_instance_of::<CancelledError>(py) => {
                slf.get().lock().cancelled = Some(error);
                let (held, done) = held.cancel(py);
                slf.get().lock().stage = held.map_or(Stage::Ended, Stage::Begun);
                done?;
                // Some may have come while they were cancelled.
                Self::work(slf, Piece::GoOn)?;
                return Self::advance(slf);
            }
            Stage::Begun(held) => {
                slf.get().lock().stage = Stage::Ended;
                let done = held.cancel(py).1;
                slf.get().abandon_waker(py);
                done?;
            }
            Stage::Unbegun(held) => {
                slf.get().lock().stage = Stage::Ended;
                drop(held);
            }
            Stage::Ended => slf.get().lock().stage = Stage::Ended,
        }
        Err(error)
    }
}

/// Whether an error must reach whoever runs the loop.
fn ends_the_loop(error: &PyErr, py: Python<'_>) -> bool {
    !error.is_instance_of::<PyException>(py) && !error.is_instance_of::<CancelledError>(py)
}

fn already_running() -> PyErr {
    PyValueError::new_err("coroutine already executing")
}

impl State {
    fn step(&mut self) -> Step {
        if matches!(self.stage, Stage::AtWork) {
            return Step::Raise(already_running(), Stage::Ended);
        }
        if let Some(error) = self.failure.take() {
            return Step::Raise(error, mem::replace(&mut self.stage, Stage::Ended));
        }
        let is_idle = match &self.stage {
            Stage::AtWork | Stage::Ended => {
                let message = "cannot reuse already awaited coroutine";
                return Step::Raise(PyRuntimeError::new_err(message), Stage::Ended);
            }
            Stage::Unbegun(_) => return Step::GoOn,
            Stage::Begun(held) => held.is_idle(),
        };
        if !is_idle {
            return Step::Wait;
        }
        if let Some(error) = self.cancelled.take() {
            return Step::Raise(error, mem::replace(&mut self.stage, Stage::Ended));
        }
        match mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Begun(held) if held.has_next() => {
                self.stage = Stage::Begun(held);
                Step::GoOn
            }
            Stage::Begun(held) => Step::Finish(held),
            _ => unreachable!("it was begun"),
        }
    }

    /// The next piece of work that came meanwhile, and whether all is cancelled.
    fn next(&mut self) -> Option<(Piece, bool)> {
        self.inbox.pop_front().map(|piece| (piece, self.is_cancelled()))
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.is_some() || self.failure.is_some()
    }

    /// Whether whoever awaits this has something to do.
    fn has_news(&self) -> bool {
        let is_idle = matches!(&self.stage, Stage::Begun(held) if held.is_idle());
        is_idle || self.failure.is_some()
    }

    /// Takes the execution for a piece of work, and tells whether all is cancelled. The piece is left
    /// in the inbox if somebody is at work, and is dropped if there is nothing more to do.
    fn take(&mut self, piece: Piece) -> Option<(Held, (Piece, bool))> {
        match mem::replace(&mut self.stage, Stage::AtWork) {
            Stage::Unbegun(held) | Stage::Begun(held) => Some((held, (piece, self.is_cancelled()))),
            Stage::AtWork => {
                self.inbox.push_back(piece);
                None
            }
            Stage::Ended => {
                self.stage = Stage::Ended;
                None
            }
        }
    }
}

#[pymethods]
impl Completion {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Self::advance(slf))
    }

    /// Goes on; there is nothing that a value could be for.
    #[expect(unused_variables, reason = "coroutines have it")]
    fn send<'py>(slf: &Bound<'py, Self>, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Self::advance(slf))
    }

    /// Ends it with an error.
    #[expect(unused_variables, reason = "coroutines have it")]
    #[pyo3(signature = (error, value=None, traceback=None))]
    fn throw<'py>(
        slf: &Bound<'py, Self>,
        error: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
        traceback: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let error = PyErr::from_value(value.unwrap_or(error).clone());
        gate::guard(|| Self::interrupt(slf, error))
    }

    /// Gives it up, with all that it has begun.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        let error = PyRuntimeError::new_err("closed");
        gate::guard(|| match Self::interrupt(slf, error) {
            Err(error) if error.is_instance_of::<PyValueError>(slf.py()) => Err(error),
            _ => Ok(()),
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(state) = self.state.try_lock() else { return Ok(()) };
        if let Stage::Unbegun(held) | Stage::Begun(held) = &state.stage {
            held.traverse(&visit)?;
        }
        visit.call(&state.waker)
    }

    fn __clear__(&self) {
        let before = mem::replace(&mut self.lock().stage, Stage::Ended);
        drop(before);
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        let before = mem::replace(&mut self.lock().stage, Stage::Ended);
        // What was never begun is closed, which may run anybody's code.
        gate::destroy(|| drop(before));
    }
}
