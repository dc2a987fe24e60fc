//! From a request to an answer: by the engine's plans, or by graphql-core, whole.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard};

use onecross_graphql::plan::Plan;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::{Answer, Json};
use super::engine::GraphQLEngine;
use super::handles::PythonHandles;
use super::prepared::{Prepared, query_key};
use super::request::{Operation, Request};
use super::running::{Executed, Route};
use crate::cpython::list_of;
use crate::fault;
use crate::gate::{self, Passage};
use crate::json::Encoder;
use crate::meter::{Counts, Meter, Silent, Stage, Tally};

/// What is to be executed: a text, or a document already parsed.
pub(super) enum Ask<'a, 'py> {
    Text(&'a Bound<'py, PyAny>),
    Document(&'a Bound<'py, PyAny>),
}

/// What a call to the engine is for.
pub(super) trait Work<'py> {
    /// What it gives.
    type Output;

    /// Does it, and counts what that costs.
    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output>;
}

/// Does the work of a call within the gate; counted if a meter is on.
pub(super) fn metered<'py, W: Work<'py>>(py: Python<'py>, work: W) -> PyResult<W::Output> {
    gate::enter(py, |passage| match Meter::current(py)? {
        None => work.run(passage, &mut Silent),
        Some(meter) => {
            let mut counts = Counts::of_one_call();
            let output = work.run(passage, &mut counts);
            counts.releases += passage.releases();
            meter.get().add(&counts);
            output
        }
    })
}

/// Serving a request with an answer of the form `A`.
pub(super) struct Serve<'a, 'py, A> {
    engine: &'a Bound<'py, GraphQLEngine>,
    ask: Ask<'a, 'py>,
    request: Request<'py>,
    form: PhantomData<A>,
}

impl<'a, 'py, A> Serve<'a, 'py, A> {
    pub(super) fn new(
        engine: &'a Bound<'py, GraphQLEngine>,
        ask: Ask<'a, 'py>,
        request: Request<'py>,
    ) -> Self {
        Self { engine, ask, request, form: PhantomData }
    }
}

impl<'py, A: Answer<'py>> Work<'py> for Serve<'_, 'py, A> {
    type Output = Bound<'py, PyAny>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        GraphQLEngine::serve::<A>(self.engine, self.ask, self.request, passage, tally)
    }
}

impl GraphQLEngine {
    fn serve<'py, A: Answer<'py>>(
        slf: &Bound<'py, Self>,
        ask: Ask<'_, 'py>,
        request: Request<'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, core) = (slf.py(), slf.get());
        if let (Ask::Text(query), Some(reason)) = (&ask, &core.runtime.reference_reason) {
            // The framework's extensions see every stage, parsing first.
            return core.refer::<A>((true, query), &request, reason, passage, tally);
        }
        let (prepared, key) = match ask {
            Ask::Document(document) => (Arc::new(Prepared::read(document)?), None),
            Ask::Text(query) => {
                let key = query_key(query)?;
                match core.prepare(query, &key, tally)? {
                    Ok(prepared) => (prepared, Some(key)),
                    Err(errors) => {
                        return A::refuse(&core.runtime, errors, &mut core.encoder(passage, tally));
                    }
                }
            }
        };
        let Some(place) = prepared.choose(request.operation_name.as_ref())? else {
            let function = core.runtime.request_errors.bind(py);
            let errors =
                tally.call(|| function.call1((&prepared.source, &request.operation_name)))?;
            let encoder = &mut core.encoder(passage, tally);
            return A::refuse(&core.runtime, errors.cast_into()?, encoder);
        };
        let operation = Operation::requested(Arc::clone(&prepared), request, place);
        if let Some(errors) = operation.coerce_variables(py, &core.runtime, tally)? {
            return A::refuse(&core.runtime, errors, &mut core.encoder(passage, tally));
        }
        match core.route(py, &prepared, &operation, tally)? {
            Route::Engine(plan) => {
                let before = plan.size();
                let answer = Self::run::<A>(slf, Arc::clone(&plan), operation, passage, tally);
                if let Some(key) = key.filter(|_| plan.size() != before) {
                    core.keep(key.into(), &prepared, tally);
                }
                answer
            }
            Route::Nowhere => {
                let errors = core.missing_root(py, &operation, tally)?;
                core.report(&errors, tally)?;
                A::refuse(&core.runtime, errors, &mut core.encoder(passage, tally))
            }
            Route::Reference(reason) => {
                let document = prepared.source.as_ref().expect("a request has a document").bind(py);
                let request = operation.request().expect("it was requested");
                core.refer::<A>((false, document), request, &reason, passage, tally)
            }
        }
    }

    /// The document of a text: kept from an earlier request, or made ready now.
    pub(super) fn prepare<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        key: &[u8],
        tally: &mut impl Tally,
    ) -> PyResult<Result<Arc<Prepared>, Bound<'py, PyList>>> {
        tally.lock();
        if let Some(prepared) = lock(&self.documents).get(key) {
            return Ok(Ok(prepared));
        }
        let py = query.py();
        tally.stage(Stage::Prepare, |tally| {
            fault::point(fault::Place::Prepare);
            let answered = tally.call(|| self.runtime.prepare.bind(py).call1((query,)))?;
            let document = match answered.cast_into::<PyList>() {
                Ok(errors) => return Ok(Err(errors)),
                Err(document) => document.into_inner(),
            };
            let prepared = Arc::new(Prepared::read(&document)?);
            self.keep(key.into(), &prepared, tally);
            Ok(Ok(prepared))
        })
    }

    /// Keeps a document, or counts anew what a kept one takes since its plans have grown.
    fn keep(&self, key: Box<[u8]>, prepared: &Arc<Prepared>, tally: &mut impl Tally) {
        let size = prepared.size(key.len());
        tally.lock();
        let dropped = lock(&self.documents).insert(key, Arc::clone(prepared), size);
        // Dropping may run anybody's code, so no lock is held.
        drop(dropped);
    }

    fn run<'py, A: Answer<'py>>(
        slf: &Bound<'py, Self>,
        plan: Arc<Plan<PythonHandles>>,
        operation: Operation<'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, core) = (slf.py(), slf.get());
        let sink = A::begin(py, plan.expected_size())?;
        let outward = (passage, core.default.as_ref());
        match Self::execute_plan(slf, (plan, operation), sink, outward, tally)? {
            Executed::Awaited(completion) => Ok(Bound::new(py, completion)?.into_any()),
            Executed::Whole { is_refused: true, .. } => {
                let refusal = core.runtime.refusal.as_ref().expect("it was refused").bind(py);
                let errors = list_of(py, [tally.call(|| refusal.call0())?])?;
                core.report(&errors, tally)?;
                A::refuse(&core.runtime, errors, &mut core.encoder(passage, tally))
            }
            Executed::Whole { plan, operation, sink, errors, .. } => {
                core.conclude((&plan, &operation), (sink, errors), outward, tally)
            }
        }
    }

    fn encoder<'a, 'py, T: Tally>(
        &'a self,
        passage: &'a Passage<'py>,
        tally: &'a mut T,
    ) -> Encoder<'a, 'py, T> {
        Encoder::new(self.default.as_ref(), passage, tally)
    }

    /// Leaves an operation to graphql-core or the framework, whole: from its text on, or else from
    /// its document. Where things are awaited, the answer is theirs.
    fn refer<'py, A: Answer<'py>>(
        &self,
        (is_text, query): (bool, &Bound<'py, PyAny>),
        request: &Request<'py>,
        reason: &str,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.count_fallback(reason, tally);
        let Request { root, context, variables, operation_name, awaiting } = request;
        let reference = match (is_text, awaiting) {
            (true, None) => &self.runtime.reference_query,
            (false, None) => &self.runtime.reference,
            (true, Some(_)) => &self.runtime.awaited_query,
            (false, Some(_)) => &self.runtime.awaited,
        };
        let arguments = (query, root, context, variables, operation_name);
        let result = tally.stage(Stage::Reference, |tally| {
            tally.call(|| reference.bind(query.py()).call1(arguments))
        })?;
        if awaiting.is_some() {
            return Ok(result);
        }
        A::adopt(result, &mut self.encoder(passage, tally))
    }
}

/// Making JSON of a result that graphql-core gave.
pub(super) struct Adopt<'a, 'py> {
    pub(super) engine: &'a GraphQLEngine,
    pub(super) result: Bound<'py, PyAny>,
}

impl<'py> Work<'py> for Adopt<'_, 'py> {
    type Output = Bound<'py, PyAny>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        Json::adopt(self.result, &mut self.engine.encoder(passage, tally))
    }
}

/// None of these locks is ever held across Python code.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while a lock of the engine is held")
}
