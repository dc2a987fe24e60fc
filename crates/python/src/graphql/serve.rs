//! From a request to an answer: by the engine's plans, or by graphql-core, whole.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};

use onecross_graphql::execute::{Continuation, Execution, Pending};
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::TypeId;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::answer::{Answer, complete, data_writer};
use super::engine::GraphQLEngine;
use super::executor::{Preparation, PreparedOperation};
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::prepared::{Prepared, query_key};
use super::request::{Operation, Request};
use super::scope::scoped_conditions;
use crate::fault;
use crate::gate::{self, Passage};
use crate::json::Encoder;
use crate::make::{Dicts, Place};
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
    /// Nowhere: the schema has no root type for it.
    Nowhere,
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

/// Carrying out what graphql-core's executor has prepared.
pub(super) struct CarryOut<'a, 'py> {
    pub(super) engine: &'a GraphQLEngine,
    pub(super) operation: &'a Bound<'py, PreparedOperation>,
    pub(super) preparation: Preparation<'py>,
}

impl<'py> Work<'py> for CarryOut<'_, 'py> {
    type Output = Option<CarriedOut<'py>>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        let prepared = &self.operation.get().prepared;
        self.engine.carry_out(self.operation.py(), prepared, &self.preparation, passage, tally)
    }
}

/// The same, its data as JSON.
pub(super) struct CarryOutJson<'a, 'py> {
    pub(super) engine: &'a GraphQLEngine,
    pub(super) operation: &'a Bound<'py, PreparedOperation>,
    pub(super) preparation: Preparation<'py>,
    /// The caller's encoder of what JSON does not know.
    pub(super) default: &'a Py<PyAny>,
}

impl<'py> Work<'py> for CarryOutJson<'_, 'py> {
    type Output = Option<CarriedOutJson<'py>>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        self.engine.carry_out_json(self.operation.py(), &self, passage, tally)
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

    fn route<'py>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        operation: &Operation<'_, 'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Route> {
        let root = match self.root(prepared, operation.place) {
            Ok(Some(root)) => root,
            Ok(None) => return Ok(Route::Nowhere),
            Err(reason) => return Ok(Route::Reference(reason.to_owned())),
        };
        let has_middleware = operation.preparation().is_some_and(|held| held.middleware.is_some());
        let Some(conditions) = operation.conditions(py, &self.runtime, tally)? else {
            return Ok(Route::Reference("unusual conditions".to_owned()));
        };
        if prepared.has_scoped_conditions {
            let scoped = scoped_conditions(py, &self.runtime, operation, tally)?;
            let (schema, document) = (Arc::clone(&self.schema), Arc::clone(&prepared.document));
            let plan = Plan::new(schema, document, operation.place, conditions, root);
            let plan = plan.with_scoped_conditions(scoped);
            let plan = if has_middleware { plan.with_resolved_type_names() } else { plan };
            return Ok(Route::Engine(Arc::new(plan)));
        }
        tally.lock();
        // Plans hold the name of a type as a constant, where middleware has a say in it.
        let kind = (operation.place, conditions, has_middleware);
        Ok(Route::Engine(prepared.plan(&self.schema, kind, root)))
    }

    /// The root type of an operation that the engine can execute, or why it cannot.
    pub(super) fn root<'a>(
        &'a self,
        prepared: &'a Prepared,
        place: usize,
    ) -> Result<Option<TypeId>, &'a str> {
        if let Some(reason) = &self.runtime.reference_reason {
            return Err(reason);
        }
        if let Some(reason) = prepared.unsupported {
            return Err(reason);
        }
        let kind = prepared.kind(place);
        Ok(self.roots.get(kind.keyword()).copied())
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
                let errors = PyList::new(py, [tally.call(|| refusal.bind(py).call0())?])?;
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

    fn execute_plan<'py, A: Answer<'py>>(
        &self,
        plan: &Plan<PythonHandles>,
        operation: &Operation<'_, 'py>,
        sink: A,
        outward: (&Passage<'py>, Option<&Py<PyAny>>),
        tally: &mut impl Tally,
    ) -> PyResult<Executed<'py, A>> {
        self.executed.fetch_add(1, Ordering::Relaxed);
        tally.stage(Stage::Execute, |tally| {
            let python = (&self.runtime, &self.mappings);
            let host = PythonHost::new(python, plan, operation, outward, tally);
            let rules = operation.rules();
            let mut execution = Execution::new(plan, host, sink, &outward.0.depth, rules);
            let begun = execution.run(operation.root()).map_err(|error| *error)?;
            let (pending, is_refused) = (execution.take_pending(), execution.host.is_refused);
            let abandoned = std::mem::take(&mut execution.host.abandoned);
            let left = |left: Continuation<_, _>| Left { hole: left.hole, pending: left.pending };
            Ok(Executed {
                sink: execution.sink,
                errors: execution.errors,
                pending: pending.into_iter().map(left).collect(),
                abandoned,
                begun,
                is_refused,
            })
        })
    }

    /// Executes an operation that graphql-core's executor has prepared: its data, and the errors.
    ///
    /// `None` when it must be left to graphql-core, for a reason that is counted.
    fn carry_out<'py>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        preparation: &Preparation<'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Option<CarriedOut<'py>>> {
        let operation = Operation::handed_over(prepared, preparation);
        let plan = match self.route(py, prepared, &operation, tally)? {
            Route::Engine(plan) => plan,
            Route::Nowhere => {
                let errors = self.missing_root(py, &operation, tally)?;
                return Ok(Some((py.None().into_bound(py), Some(errors), None, 0)));
            }
            Route::Reference(reason) => {
                self.count_fallback(&reason, tally);
                return Ok(None);
            }
        };
        let sink = Dicts::begin(py, 0)?;
        let Executed { mut sink, errors, pending, mut abandoned, begun, .. } =
            self.execute_plan(&plan, &operation, sink, (passage, None), tally)?;
        let errors = self.collect(py, errors.into_iter(), tally)?;
        let places = sink.take_places();
        let data = Dicts::finish(sink);
        if pending.is_empty() && abandoned.is_empty() {
            return Ok(Some((data, errors, None, begun)));
        }
        let mut coroutines: HashMap<usize, _> =
            pending.into_iter().map(|left| (left.hole, left.pending.0)).collect();
        let kept = places.into_iter().enumerate().map(|(number, place)| {
            let Place { container, key, nullable, depth, around } = place?;
            Some((coroutines.remove(&number), container, key, nullable, depth, around))
        });
        let kept = PyList::new(py, kept.collect::<Vec<_>>())?;
        abandoned.extend(coroutines.into_values());
        Ok(Some((data, errors, Some((kept, abandoned)), begun)))
    }

    fn missing_root<'py>(
        &self,
        py: Python<'py>,
        operation: &Operation<'_, 'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyList>> {
        self.executed.fetch_add(1, Ordering::Relaxed);
        let told = self.runtime.missing_root.bind(py);
        let node = operation.syntax(py)?;
        PyList::new(py, [tally.call(|| told.call1((node,)))?])
    }

    /// The same with the data as JSON, in which nothing can be awaited.
    fn carry_out_json<'py>(
        &self,
        py: Python<'py>,
        carrying: &CarryOutJson<'_, 'py>,
        passage: &Passage<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Option<CarriedOutJson<'py>>> {
        let prepared = &carrying.operation.get().prepared;
        let operation = Operation::handed_over(prepared, &carrying.preparation);
        let plan = match self.route(py, prepared, &operation, tally)? {
            Route::Engine(plan) => plan,
            Route::Nowhere => {
                let errors = self.missing_root(py, &operation, tally)?;
                return Ok(Some((PyBytes::new(py, b"null"), Some(errors), false)));
            }
            Route::Reference(reason) => {
                self.count_fallback(&reason, tally);
                return Ok(None);
            }
        };
        let sink = data_writer(py, plan.expected_size())?;
        let Executed { sink, errors, is_refused, .. } =
            self.execute_plan(&plan, &operation, sink, (passage, Some(carrying.default)), tally)?;
        tally.stage(Stage::Finish, |tally| {
            let errors = self.collect(py, errors.into_iter(), tally)?;
            let data = complete(sink, tally)?;
            plan.note_size(data.as_bytes().len());
            Ok(Some((data, errors, is_refused)))
        })
    }

    fn count_fallback(&self, reason: &str, tally: &mut impl Tally) {
        *lock(&self.fallbacks).entry(reason.to_owned()).or_default() += 1;
        tally.fallback();
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
        if let Some(order) = &self.runtime.order_errors {
            tally.call(|| order.bind(py).call1((&errors,)))?;
        }
        Ok(Some(errors))
    }

    fn report(&self, errors: &Bound<'_, PyList>, tally: &mut impl Tally) -> PyResult<()> {
        if let Some(report) = &self.runtime.report {
            tally.call(|| report.bind(errors.py()).call1((errors,)))?;
        }
        Ok(())
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

/// A value still awaited, and the place that is kept for it.
struct Left<A, P: Pending<A>> {
    hole: P::Hole,
    pending: P,
}

/// Data, errors, and, if anything is awaited, the places kept for that and the coroutines that no
/// place is left for; then how many fields of the root were begun.
pub(super) type CarriedOut<'py> = (
    Bound<'py, PyAny>,
    Option<Bound<'py, PyList>>,
    Option<(Bound<'py, PyList>, Vec<Bound<'py, PyAny>>)>,
    usize,
);

/// Data as JSON, errors, and whether it met an awaitable.
pub(super) type CarriedOutJson<'py> = (Bound<'py, PyBytes>, Option<Bound<'py, PyList>>, bool);

/// What a run of a plan leaves.
struct Executed<'py, A: Answer<'py>> {
    sink: A,
    #[expect(
        clippy::vec_box,
        reason = "the execution boxes them, so that its results fit registers"
    )]
    errors: Vec<Box<PyErr>>,
    pending: Vec<Left<A, A::Pending>>,
    /// Awaitables that no place is left for.
    abandoned: Vec<Bound<'py, PyAny>>,
    /// How many fields of the root were begun.
    begun: usize,
    /// Whether it met an awaitable where that means that there is no answer.
    is_refused: bool,
}

/// None of these locks is ever held across Python code.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while a lock of the engine is held")
}
