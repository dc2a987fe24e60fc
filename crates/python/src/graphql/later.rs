//! Values that are awaited: graphql-core's executor completes them, each in a coroutine.
//!
//! The place of such a value is kept in the response; who awaits the coroutines puts their results
//! there.

use std::convert::Infallible;

use onecross_graphql::execute::{Awaited, Execution, Holes, Link, Pending, Place, Segment, Sink};
use onecross_graphql::schema::{Handles, Shape};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::answer::Json;
use super::handles::PythonHandles;
use super::host::{PythonHost, PythonPath, handle, path_object};
use super::turns;
use crate::cpython::{Context, is_coroutine, is_generator};
use crate::make::Dicts;
use crate::meter::Tally;
use crate::read::Leaves;
use crate::stepping::{Stepped, Stepping};

/// A place in the response, as the rules make it for this host.
pub(super) type PythonPlace<'a, 'py> =
    Place<'a, PythonHandles, Bound<'py, PyAny>, Bound<'py, PyAny>>;

/// A sink, with what it takes for a value still awaited.
pub(crate) trait Awaits<'py>: Sink<<PythonHandles as Handles>::Name> + Sized {
    /// What stands for such a value.
    type Pending: Pending<Self>;

    /// What stands for the value that a coroutine completes; `None` if nothing can be awaited.
    fn later(coroutine: Bound<'py, PyAny>) -> Option<Self::Pending>;

    /// What stands for the value of a coroutine that is to be begun; `None` as for `later`.
    fn unbegun(_coroutine: &Bound<'py, PyAny>) -> Option<Self::Pending> {
        None
    }

    /// Begins the coroutines that were met, and goes on with those that return at once.
    fn begin_coroutines<T: Tally>(
        _execution: &mut Execution<'_, PythonHost<'_, 'py, T>, Self>,
    ) -> PyResult<()>
    where
        Self: Leaves,
    {
        Ok(())
    }

    /// The coroutine of a value that is given up.
    fn coroutine(pending: Self::Pending) -> Bound<'py, PyAny>;
}

impl<'py> Awaits<'py> for Json<'py> {
    type Pending = Infallible;

    fn later(_coroutine: Bound<'py, PyAny>) -> Option<Infallible> {
        None
    }

    fn coroutine(pending: Infallible) -> Bound<'py, PyAny> {
        match pending {}
    }
}

/// What is to be done for a value that is awaited.
pub(crate) enum Coroutine<'py> {
    /// It gives the value, and was not begun yet.
    Unbegun(Bound<'py, PyAny>),
    /// It gives the completed value.
    Completing(Bound<'py, PyAny>),
}

impl<'py> Coroutine<'py> {
    /// The coroutine itself.
    pub(super) fn into_object(self) -> Bound<'py, PyAny> {
        match self {
            Self::Unbegun(coroutine) | Self::Completing(coroutine) => coroutine,
        }
    }
}

impl<'py> Pending<Dicts<'py>> for Coroutine<'py> {
    /// The number of the place that is kept.
    type Hole = usize;

    fn hole(&self, sink: &mut Dicts<'py>, nullable: bool) -> usize {
        sink.hole(nullable)
    }
}

impl<'py> Awaits<'py> for Dicts<'py> {
    type Pending = Coroutine<'py>;

    fn later(coroutine: Bound<'py, PyAny>) -> Option<Coroutine<'py>> {
        Some(Coroutine::Completing(coroutine))
    }

    fn unbegun(coroutine: &Bound<'py, PyAny>) -> Option<Coroutine<'py>> {
        Some(Coroutine::Unbegun(coroutine.clone()))
    }

    fn begin_coroutines<T: Tally>(
        execution: &mut Execution<'_, PythonHost<'_, 'py, T>, Self>,
    ) -> PyResult<()> {
        turns::begin_coroutines(execution)
    }

    fn coroutine(pending: Coroutine<'py>) -> Bound<'py, PyAny> {
        pending.into_object()
    }
}

/// What of a value is awaited.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The value itself.
    Value,
    /// The items of a list.
    Items,
    /// The name of its type.
    TypeName,
    /// Whether it is of its type.
    IsTypeOf,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Items => "items",
            Self::TypeName => "type name",
            Self::IsTypeOf => "is type of",
        }
    }
}

/// Whether a value is of a class that everybody knows not to be awaitable.
#[inline]
fn is_plain(value: &Bound<'_, PyAny>) -> bool {
    value.is_none()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyList>()
        || value.is_exact_instance_of::<PyDict>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyTuple>()
}

impl<'a, 'py, T: Tally> PythonHost<'a, 'py, T> {
    /// Tells a value that is there from one still awaited.
    pub(super) fn tell<S: Awaits<'py>>(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<Awaited<Bound<'py, PyAny>, S::Pending>> {
        if !self.is_awaitable(&value)? {
            return self.tell_items::<S>(place, value);
        }
        if self.begins_coroutines()
            && is_coroutine(&value)
            && let Some(pending) = S::unbegun(&value)
        {
            return Ok(Awaited::Pending(pending));
        }
        self.complete_or_refuse::<S>(Kind::Value, place, &value)
    }

    /// Tells a list that comes item by item from any other value.
    pub(super) fn tell_items<S: Awaits<'py>>(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<Awaited<Bound<'py, PyAny>, S::Pending>> {
        let is_list = matches!(place.position.shape, Shape::List(_));
        if is_list && self.is_async_iterable(&value)? {
            return self.complete_or_refuse::<S>(Kind::Items, place, &value);
        }
        Ok(Awaited::Ready(value))
    }

    fn complete_or_refuse<S: Awaits<'py>>(
        &mut self,
        kind: Kind,
        place: &PythonPlace<'_, 'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Awaited<Bound<'py, PyAny>, S::Pending>> {
        match self.complete_later::<S>(kind, place, value, (None, None))? {
            Some(pending) => Ok(Awaited::Pending(pending)),
            None => Ok(Awaited::Ready(self.py.None().into_bound(self.py))),
        }
    }

    /// Whether a value is awaitable, as the executor sees it.
    #[inline]
    pub(super) fn is_awaitable(&mut self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Some(awaiting) = self.awaiting else { return Ok(false) };
        if awaiting.goes_by_class {
            if is_coroutine(value) {
                return Ok(true);
            }
            if is_plain(value) {
                return Ok(false);
            }
            if let Some(class) = &self.never_awaitable
                && class.as_type_ptr() == value.get_type_ptr()
            {
                return Ok(false);
            }
        }
        let answer = self.tally.call(|| awaiting.is_awaitable.call1((value,)))?;
        let is_awaitable = self.is_true(&answer)?;
        if !is_awaitable && awaiting.goes_by_class && !is_generator(value) {
            self.never_awaitable = Some(value.get_type());
        }
        Ok(is_awaitable)
    }

    fn begins_coroutines(&self) -> bool {
        self.awaiting.is_some_and(|awaiting| awaiting.stepping.is_some())
    }

    /// The running loop.
    pub(super) fn stepping(&self) -> &'a Stepping<'py> {
        let awaiting = self.awaiting.expect("only who awaits finds awaitables");
        awaiting.stepping.as_ref().expect("whoever waits for coroutines has a loop")
    }

    /// Takes the first step of a coroutine, in a copy of that context or of the current one.
    pub(super) fn begin(
        &mut self,
        coroutine: &Bound<'py, PyAny>,
        around: Option<&Context>,
    ) -> PyResult<Stepped<'py>> {
        let stepping = self.stepping();
        self.has_begun = true;
        self.passage.note_call();
        let stepper = &mut self.stepper;
        self.tally.call(|| stepper.step(stepping, coroutine, around))
    }

    fn is_async_iterable(&mut self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Some(awaiting) = self.awaiting else { return Ok(false) };
        let Some(predicate) = &awaiting.is_async_iterable else { return Ok(false) };
        if awaiting.goes_by_class && is_plain(value) {
            return Ok(false);
        }
        let answer = self.tally.call(|| predicate.call1((value,)))?;
        self.is_true(&answer)
    }

    /// Has a value completed in a coroutine; `None` when the response cannot wait for it.
    pub(super) fn complete_later<S: Awaits<'py>>(
        &mut self,
        kind: Kind,
        place: &PythonPlace<'_, 'py>,
        value: &Bound<'py, PyAny>,
        (awaited, definition): (Option<&Bound<'py, PyAny>>, Option<&Py<PyAny>>),
    ) -> PyResult<Option<S::Pending>> {
        let py = self.py;
        let awaiting = self.awaiting.expect("only who awaits finds awaitables");
        let info = self.info(place.call)?;
        let path = path_object(self.runtime, self.plan, place.path, py)?;
        let mut type_ = handle(place.call.field).output.bind(py).clone();
        for _ in 0..lists_around(place.path) {
            type_ = item_type(&type_)?;
        }
        let scopes = self.scopes_of(place.call.field)?;
        let arguments = (kind.name(), value, awaited, type_, definition, info, path, scopes);
        let coroutine = self.tally.call(|| awaiting.complete.call1(arguments))?;
        let pending = S::later(coroutine.clone());
        if pending.is_none() {
            self.is_refused = true;
            coroutine.call_method0(intern!(py, "close"))?;
        }
        Ok(pending)
    }
}

/// How many lists of its field a place is in.
fn lists_around(path: &PythonPath<'_, '_>) -> usize {
    let (mut place, mut lists) = (path, 0);
    while let Link::Item(parent, _) = place.link() {
        place = parent;
        lists += 1;
    }
    if let Link::Resumed(steps) = place.link() {
        lists += steps.iter().rev().take_while(|step| matches!(step, Segment::Index(_))).count();
    }
    lists
}

/// The type of the items of a list, whether or not null may stand for the list.
fn item_type<'py>(type_: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = type_.py();
    let inner = type_.getattr(intern!(py, "of_type"))?;
    let is_list = type_.get_type().name()? == "GraphQLList";
    if is_list { Ok(inner) } else { inner.getattr(intern!(py, "of_type")) }
}
