//! From a request to an answer: by the engine's plans, or by graphql-core, whole.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};

use onecross_graphql::document::OperationKind;
use onecross_graphql::execute::Execution;
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::TypeId;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
use super::engine::GraphQLEngine;
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::prepared::{Prepared, query_key};
use super::request::{Operation, Request};
use crate::fault::{self, Place};
use crate::gate::{self, Passage};
use crate::json::Encoder;
use crate::meter::{Counts, Meter, Silent, Stage, Tally};

/// What is to be executed: a text, or a document already parsed.
pub(super) enum Ask<'a, 'py> {
    Text(&'a Bound<'py, PyAny>),
    Document(&'a Bound<'py, PyAny>),
}

/// Where an operation goes.
enum Route {
    Engine(Arc<Plan<PythonHandles>>),
    Reference(String),
}

impl GraphQLEngine {
    pub(super) fn metered<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        ask: Ask<'_, 'py>,
        request: &Request<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::enter(py, |passage| match Meter::current(py)? {
            None => self.serve::<A>(py, ask, request, passage, &mut Silent),
            Some(meter) => {
                let mut counts = Counts::of_one_call();
                let answer = self.serve::<A>(py, ask, request, passage, &mut counts);
                counts.releases += passage.releases();
                meter.get().add(&counts);
                answer
            }
        })
    }

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
        let operation = Operation::new(&prepared, request, place);
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
            Route::Reference(reason) => {
                let document = prepared.source.bind(py);
                let call = (&self.runtime.reference, document);
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
            fault::point(Place::Prepare);
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

    fn route<'py>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        operation: &Operation<'_, 'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Route> {
        let root = match self.root(prepared, operation.place) {
            Ok(root) => root,
            Err(reason) => return Ok(Route::Reference(reason.to_owned())),
        };
        let Some(conditions) = operation.conditions(py, &self.runtime, tally)? else {
            return Ok(Route::Reference("unusual conditions".to_owned()));
        };
        tally.lock();
        Ok(Route::Engine(prepared.plan(&self.schema, operation.place, conditions, root)))
    }

    /// The root type of an operation that the engine can execute, or why it cannot.
    pub(super) fn root<'a>(
        &'a self,
        prepared: &'a Prepared,
        place: usize,
    ) -> Result<TypeId, &'a str> {
        if let Some(reason) = &self.runtime.reference_reason {
            return Err(reason);
        }
        if let Some(reason) = prepared.unsupported {
            return Err(reason);
        }
        let kind = prepared.kind(place);
        if kind == OperationKind::Subscription {
            return Err("subscription");
        }
        if prepared.names_any(&self.asynchronous) {
            return Err("asynchronous resolver");
        }
        self.roots.get(kind.keyword()).copied().ok_or("no such root type")
    }

    fn run<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        plan: &Plan<PythonHandles>,
        operation: &Operation<'_, 'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.executed.fetch_add(1, Ordering::Relaxed);
        let sink = A::begin(py, plan.expected_size())?;
        let (sink, errors) = tally.stage(Stage::Execute, |tally| {
            let python = (&self.runtime, &self.mappings);
            let outward = (passage, self.default.as_ref());
            let host = PythonHost::new(python, plan, operation, outward, tally);
            let mut execution = Execution::new(plan, host, sink, &passage.depth);
            execution.run(operation.root()).map_err(|error| *error)?;
            Ok::<_, PyErr>((execution.sink, execution.errors))
        })?;
        tally.stage(Stage::Finish, |tally| {
            let errors = self.collect(py, errors.into_iter(), tally)?;
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

    fn collect<'py>(
        &self,
        py: Python<'py>,
        errors: impl ExactSizeIterator<Item = Box<PyErr>>,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        if errors.len() == 0 {
            return Ok(None);
        }
        let errors = PyList::new(py, errors.map(|error| error.into_value(py)))?;
        if let Some(report) = &self.runtime.report {
            tally.call(|| report.bind(py).call1((&errors,)))?;
        }
        Ok(Some(errors))
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
        *lock(&self.fallbacks).entry(reason.to_owned()).or_default() += 1;
        tally.fallback();
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
