//! From a request to an answer: by the engine's plans, or by graphql-core, whole.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard};

use onecross_graphql::plan::Plan;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
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
    engine: &'a GraphQLEngine,
    py: Python<'py>,
    ask: Ask<'a, 'py>,
    request: Request<'py>,
    form: PhantomData<A>,
}

impl<'a, 'py, A> Serve<'a, 'py, A> {
    pub(super) fn new(
        engine: &'a GraphQLEngine,
        py: Python<'py>,
        ask: Ask<'a, 'py>,
        request: Request<'py>,
    ) -> Self {
        Self { engine, py, ask, request, form: PhantomData }
    }
}

impl<'py, A: Answer<'py>> Work<'py> for Serve<'_, 'py, A> {
    type Output = Bound<'py, PyAny>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        self.engine.serve::<A>(self.py, self.ask, &self.request, passage, tally)
    }
}

impl GraphQLEngine {
    fn serve<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        ask: Ask<'_, 'py>,
        request: &Request<'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let (Ask::Text(query), Some(reason)) = (&ask, &self.runtime.reference_reason) {
            // The framework's extensions see every stage, parsing first.
            return self.refer::<A>(
                (&self.runtime.reference_query, query),
                request,
                reason,
                passage,
                tally,
            );
        }
        let (prepared, key) = match ask {
            Ask::Document(document) => (Arc::new(Prepared::read(document)?), None),
            Ask::Text(query) => {
                let key = query_key(query)?;
                match self.prepare(query, &key, tally)? {
                    Ok(prepared) => (prepared, Some(key)),
                    Err(errors) => {
                        return A::refuse(&self.runtime, errors, &mut self.encoder(passage, tally));
                    }
                }
            }
        };
        let Some(place) = prepared.choose(request.operation_name.as_ref())? else {
            let function = self.runtime.request_errors.bind(py);
            let errors =
                tally.call(|| function.call1((&prepared.source, &request.operation_name)))?;
            let encoder = &mut self.encoder(passage, tally);
            return A::refuse(&self.runtime, errors.cast_into()?, encoder);
        };
        let operation = Operation::requested(&prepared, request, place);
        if let Some(errors) = operation.coerce_variables(py, &self.runtime, tally)? {
            return A::refuse(&self.runtime, errors, &mut self.encoder(passage, tally));
        }
        match self.route(py, &prepared, &operation, tally)? {
            Route::Engine(plan) => {
                let before = plan.size();
                let answer = self.run::<A>(py, &plan, &operation, passage, tally);
                if let Some(key) = key.filter(|_| plan.size() != before) {
                    self.keep(key, &prepared, tally);
                }
                answer
            }
            Route::Nowhere => {
                let errors = self.missing_root(py, &operation, tally)?;
                self.report(&errors, tally)?;
                A::refuse(&self.runtime, errors, &mut self.encoder(passage, tally))
            }
            Route::Reference(reason) => {
                let document = prepared.source.as_ref().expect("a request has a document");
                let call = (&self.runtime.reference, document.bind(py));
                self.refer::<A>(call, request, &reason, passage, tally)
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
        &self,
        py: Python<'py>,
        plan: &Plan<PythonHandles>,
        operation: &Operation<'_, 'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let sink = A::begin(py, plan.expected_size())?;
        let Executed { sink, errors, is_refused, .. } =
            self.execute_plan(plan, operation, sink, (passage, self.default.as_ref()), tally)?;
        tally.stage(Stage::Finish, |tally| {
            if let Some(refusal) = self.runtime.refusal.as_ref().filter(|_| is_refused) {
                let errors = list_of(py, [tally.call(|| refusal.bind(py).call0())?])?;
                self.report(&errors, tally)?;
                return A::refuse(&self.runtime, errors, &mut self.encoder(passage, tally));
            }
            let errors = self.collect(py, errors.into_iter(), tally)?;
            if let Some(errors) = &errors {
                self.report(errors, tally)?;
            }
            let (answer, size) =
                sink.finish(&self.runtime, errors, &mut self.encoder(passage, tally))?;
            plan.note_size(size);
            Ok(answer)
        })
    }

    fn encoder<'a, 'py, T: Tally>(
        &'a self,
        passage: &'a Passage<'py>,
        tally: &'a mut T,
    ) -> Encoder<'a, 'py, T> {
        Encoder::new(self.default.as_ref(), passage, tally)
    }

    /// Leaves an operation to graphql-core or the framework, whole.
    fn refer<'py, A: Answer<'py>>(
        &self,
        (reference, query): (&Py<PyAny>, &Bound<'py, PyAny>),
        request: &Request<'py>,
        reason: &str,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.count_fallback(reason, tally);
        let Request { root, context, variables, operation_name } = request;
        let arguments = (query, root, context, variables, operation_name);
        let result = tally.stage(Stage::Reference, |tally| {
            tally.call(|| reference.bind(query.py()).call1(arguments))
        })?;
        A::adopt(result, &mut self.encoder(passage, tally))
    }
}

/// None of these locks is ever held across Python code.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while a lock of the engine is held")
}
