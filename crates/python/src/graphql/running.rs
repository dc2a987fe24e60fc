//! An operation on its way: where it goes, what its plan leaves when it has run.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use onecross_graphql::execute::Execution;
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::TypeId;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
use super::completion::Completion;
use super::engine::GraphQLEngine;
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::knowledge::Knowledge;
use super::prepared::Prepared;
use super::request::Operation;
use super::scope::scoped_conditions;
use super::serve::lock;
use super::unfinished::{AwaitedValues, Unfinished, error_values};
use crate::cpython::list_of;
use crate::gate::Passage;
use crate::json::Encoder;
use crate::meter::{Stage, Tally};

/// The errors of an execution.
pub(super) type Errors = Vec<Box<PyErr>>;

/// Where an operation goes.
pub(super) enum Route {
    Engine(Arc<Plan<PythonHandles>>),
    Reference(String),
    /// Nowhere: the schema has no root type for it.
    Nowhere,
}

impl GraphQLEngine {
    pub(super) fn route<'py>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        operation: &Operation<'py>,
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
        if operation.has_scoped_conditions(&self.runtime) {
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

    /// Executes an operation by a plan, as far as that goes without awaiting anything.
    pub(super) fn execute_plan<'py, A: Answer<'py>>(
        slf: &Bound<'py, Self>,
        (plan, operation): (Arc<Plan<PythonHandles>>, Operation<'py>),
        sink: A,
        (passage, default): (&Passage<'py>, Option<&Py<PyAny>>),
        tally: &mut impl Tally,
    ) -> PyResult<Executed<'py, A>> {
        let (py, core) = (slf.py(), slf.get());
        core.executed.fetch_add(1, Ordering::Relaxed);
        let left = tally.stage(Stage::Execute, |tally| {
            let (python, known) =
                ((&core.runtime, &core.mappings), Box::<Knowledge<'_>>::default());
            let outward = (passage, default);
            let host = PythonHost::new(python, &plan, &operation, known, outward, tally);
            let rules = operation.rules(&core.runtime);
            let mut execution = Execution::new(&plan, host, sink, &passage.depth, rules);
            let rest = execution.run(operation.root()).map_err(|error| *error)?;
            // An error of the root itself is given no place, and so is not told from an interrupt.
            let ends = |error: &PyErr| !error.is_instance_of::<PyException>(py);
            if let Some(place) = execution.errors.iter().position(|error| ends(error)) {
                return Err(*execution.errors.swap_remove(place));
            }
            let met = execution.take_pending();
            let Execution { host, sink, errors, .. } = execution;
            if !host.abandoned.is_empty() {
                let abandoned = list_of(py, host.abandoned)?;
                host.tally
                    .call(|| host.awaiting.expect("it told them").settle.call1((abandoned,)))?;
            }
            Ok((sink, errors, host.known, met, rest, host.is_refused))
        });
        let (sink, errors, known, met, rest, is_refused) = left?;
        if met.is_empty() {
            return Ok(Executed::Whole { plan, operation, sink, errors, is_refused });
        }
        let awaited = AwaitedValues::new(met, rest, operation.is_one_by_one());
        let (engine, default) = (slf.clone(), default.map(|default| default.clone_ref(py)));
        let errors = error_values(py, errors).collect();
        let (sink, known) = (Some(sink), Some(known));
        let unfinished =
            Unfinished { engine, plan, operation, default, sink, errors, known, awaited };
        Ok(Executed::Awaited(Completion::new(A::hold(Box::new(unfinished)))))
    }

    /// Makes the answer of what was executed.
    pub(super) fn conclude<'py, A: Answer<'py>>(
        &self,
        (plan, operation): (&Plan<PythonHandles>, &Operation<'py>),
        (sink, errors): (A, Errors),
        (passage, default): (&Passage<'py>, Option<&Py<PyAny>>),
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = operation.root().py();
        tally.stage(Stage::Finish, |tally| {
            let errors = self.collect(py, errors.into_iter(), tally)?;
            let respond = operation.awaiting().and_then(|awaiting| awaiting.respond.as_ref());
            if let Some(respond) = respond {
                let (data, size) = sink.into_data(py, tally)?;
                plan.note_size(size);
                return tally.call(|| respond.call1((data, errors)));
            }
            if let Some(errors) = &errors {
                self.report(errors, tally)?;
            }
            let encoder = &mut Encoder::new(default, passage, tally);
            let (answer, size) = sink.finish(py, &self.runtime, errors, encoder)?;
            plan.note_size(size);
            Ok(answer)
        })
    }

    pub(super) fn missing_root<'py>(
        &self,
        py: Python<'py>,
        operation: &Operation<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyList>> {
        self.executed.fetch_add(1, Ordering::Relaxed);
        let told = self.runtime.missing_root.bind(py);
        let node = operation.syntax(py)?;
        list_of(py, [tally.call(|| told.call1((node,)))?])
    }

    pub(super) fn collect<'py>(
        &self,
        py: Python<'py>,
        errors: impl ExactSizeIterator<Item = Box<PyErr>>,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        if errors.len() == 0 {
            return Ok(None);
        }
        let errors = list_of(py, errors.map(|error| error.into_value(py).into_bound(py)))?;
        if let Some(order) = &self.runtime.order_errors {
            tally.call(|| order.bind(py).call1((&errors,)))?;
        }
        Ok(Some(errors))
    }

    pub(super) fn report(
        &self,
        errors: &Bound<'_, PyList>,
        tally: &mut impl Tally,
    ) -> PyResult<()> {
        if let Some(report) = &self.runtime.report {
            tally.call(|| report.bind(errors.py()).call1((errors,)))?;
        }
        Ok(())
    }

    pub(super) fn count_fallback(&self, reason: &str, tally: &mut impl Tally) {
        *lock(&self.fallbacks).entry(reason.to_owned()).or_default() += 1;
        tally.fallback();
    }
}

/// What a run of a plan leaves.
pub(super) enum Executed<'py, A: Answer<'py>> {
    /// All there is, and whether it met an awaitable where that means that there is no answer.
    Whole {
        plan: Arc<Plan<PythonHandles>>,
        operation: Operation<'py>,
        sink: A,
        errors: Errors,
        is_refused: bool,
    },
    /// Something is awaited.
    Awaited(Completion),
}
