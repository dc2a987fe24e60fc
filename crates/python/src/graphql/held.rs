//! An execution that awaits something, put aside in whichever form its answer has.

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use super::answer::Answer;
use super::completion::Completion;
use super::serve::{Work, metered};
use super::unfinished::Unfinished;
use crate::cpython::{Context, Parked, UnfinishedDicts, UnfinishedJson};
use crate::gate::Passage;
use crate::meter::Tally;

/// An execution that is put aside.
pub(crate) enum Held {
    Dicts(Parked<UnfinishedDicts>),
    Json(Parked<UnfinishedJson>),
}

/// A piece of work on an execution.
pub(super) enum Piece {
    /// To begin what comes next.
    GoOn,
    /// To take what the coroutine for the place of that number came to.
    Come { number: usize, context: Context, outcome: PyResult<Py<PyAny>> },
    /// To let the error be known that the place of that number was left with.
    Rise(usize),
}

/// Does the same with an execution of either form, and puts it aside again, if it is still there.
macro_rules! either {
    ($held:expr, $py:expr, |$unfinished:ident| $work:expr) => {
        match $held {
            Held::Dicts(parked) => {
                let $unfinished = parked.take($py);
                let (unfinished, done) = $work;
                (unfinished.map(Parked::park).map(Held::Dicts), done)
            }
            Held::Json(parked) => {
                let $unfinished = parked.take($py);
                let (unfinished, done) = $work;
                (unfinished.map(Parked::park).map(Held::Json), done)
            }
        }
    };
}

impl Held {
    /// Does a piece of work; what comes is only noted where all is cancelled. What is left of the
    /// execution is `None` after a defect of ours.
    pub(super) fn work(
        self,
        completion: &Bound<'_, Completion>,
        piece: Piece,
        is_cancelled: bool,
    ) -> (Option<Self>, PyResult<()>) {
        let py = completion.py();
        if is_cancelled {
            return either!(self, py, |unfinished| (Some(forget(unfinished, &piece)), Ok(())));
        }
        either!(self, py, |unfinished| run(unfinished, completion, piece))
    }

    /// Ends the tasks of what is suspended, and gives up what was not begun.
    pub(super) fn cancel(self, py: Python<'_>) -> (Option<Self>, PyResult<()>) {
        either!(self, py, |unfinished| {
            let mut unfinished = unfinished;
            let done = unfinished.cancel(py);
            (Some(unfinished), done)
        })
    }

    /// The result, all of which is there.
    pub(super) fn finish<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Dicts(parked) => metered(py, Finish(parked.take(py))),
            Self::Json(parked) => metered(py, Finish(parked.take(py))),
        }
    }

    /// Whether there is nothing to wait for.
    pub(super) fn is_idle(&self) -> bool {
        match self {
            Self::Dicts(parked) => parked.look().awaited.is_idle(),
            Self::Json(parked) => parked.look().awaited.is_idle(),
        }
    }

    /// Whether there is something that was not begun.
    pub(super) fn has_next(&self) -> bool {
        match self {
            Self::Dicts(parked) => !parked.look().awaited.next.is_empty(),
            Self::Json(parked) => !parked.look().awaited.next.is_empty(),
        }
    }

    /// What makes futures of the loop in which something is suspended.
    pub(super) fn future_maker<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        let stepper = match self {
            Self::Dicts(parked) => &parked.look().awaited.stepper,
            Self::Json(parked) => &parked.look().awaited.stepper,
        };
        let stepper = stepper.as_ref().expect("nothing is suspended without one");
        stepper.stepping().create_future.as_unbound().bind(py).clone()
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::Dicts(parked) => parked.look().traverse(visit),
            Self::Json(parked) => parked.look().traverse(visit),
        }
    }
}

/// Notes that what was suspended has ended.
fn forget<'py, A: Answer<'py>>(
    mut unfinished: Box<Unfinished<'py, A>>,
    piece: &Piece,
) -> Box<Unfinished<'py, A>> {
    match piece {
        Piece::GoOn => {}
        Piece::Come { number, .. } => drop(unfinished.awaited.take_suspended(*number)),
        Piece::Rise(number) => drop(unfinished.awaited.rising.remove(number)),
    }
    unfinished
}

fn run<'py, A: Answer<'py>>(
    unfinished: Box<Unfinished<'py, A>>,
    completion: &Bound<'py, Completion>,
    piece: Piece,
) -> (Option<Box<Unfinished<'py, A>>>, PyResult<()>) {
    let mut again = None;
    let work = Run { unfinished, completion, piece, again: &mut again };
    let done = metered(completion.py(), work);
    (again, done)
}

struct Run<'a, 'py, A: Answer<'py>> {
    unfinished: Box<Unfinished<'py, A>>,
    completion: &'a Bound<'py, Completion>,
    piece: Piece,
    again: &'a mut Option<Box<Unfinished<'py, A>>>,
}

impl<'py, A: Answer<'py>> Work<'py> for Run<'_, 'py, A> {
    type Output = ();

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<()> {
        let Self { mut unfinished, completion, piece, again } = self;
        let py = completion.py();
        let done = unfinished.take_up(completion, passage, tally, |session| match piece {
            Piece::GoOn => session.go_on(),
            Piece::Rise(number) => session.rise(number),
            Piece::Come { number, context, outcome } => {
                session.come(number, context, outcome.map(|value| value.into_bound(py)))
            }
        });
        *again = Some(unfinished);
        done
    }
}

struct Finish<'py, A: Answer<'py>>(Box<Unfinished<'py, A>>);

impl<'py, A: Answer<'py>> Work<'py> for Finish<'py, A> {
    type Output = Bound<'py, PyAny>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        self.0.finish(passage, tally)
    }
}
