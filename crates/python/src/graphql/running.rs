//! An operation on its way: where it goes, what its plan leaves when it has run.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use onecross_graphql::execute::{Continuation, Execution, Pending};
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::TypeId;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
use super::engine::GraphQLEngine;
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::prepared::Prepared;
use super::request::Operation;
use super::scope::scoped_conditions;
use super::serve::lock;
use crate::cpython::list_of;
use crate::gate::Passage;
use crate::meter::{Stage, Tally};

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

    pub(super) fn execute_plan<'py, A: Answer<'py>>(
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
            let rules = operation.rules(&self.runtime);
            let mut execution = Execution::new(plan, host, sink, &outward.0.depth, rules);
            let begun = execution.run(operation.root()).map_err(|error| *error)?;
            A::begin_coroutines(&mut execution)?;
            // An error of the root itself is given no place, and so is not told from an interrupt.
            let ends = |error: &PyErr| !error.is_instance_of::<PyException>(operation.root().py());
            if let Some(place) = execution.errors.iter().position(|error| ends(error)) {
                return Err(*execution.errors.swap_remove(place));
            }
            let (pending, is_refused) = (execution.take_pending(), execution.host.is_refused);
            let has_begun = execution.host.has_begun;
            let abandoned = std::mem::take(&mut execution.host.abandoned);
            let left = |left: Continuation<_, _>| Left { hole: left.hole, pending: left.pending };
            Ok(Executed {
                sink: execution.sink,
                errors: execution.errors,
                pending: pending.into_iter().map(left).collect(),
                abandoned,
                begun,
                is_refused,
                has_begun,
            })
        })
    }

    pub(super) fn missing_root<'py>(
        &self,
        py: Python<'py>,
        operation: &Operation<'_, 'py>,
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
pub(super) struct Executed<'py, A: Answer<'py>> {
    pub(super) sink: A,
    #[expect(
        clippy::vec_box,
        reason = "the execution boxes them, so that its results fit registers"
    )]
    pub(super) errors: Vec<Box<PyErr>>,
    pub(super) pending: Vec<Left<A, A::Pending>>,
    /// Awaitables that no place is left for.
    pub(super) abandoned: Vec<Bound<'py, PyAny>>,
    /// How many fields of the root were begun.
    pub(super) begun: usize,
    /// Whether it met an awaitable where that means that there is no answer.
    pub(super) is_refused: bool,
    /// Whether any coroutine was begun, be it that it returned at once.
    pub(super) has_begun: bool,
}

/// A value still awaited, and the place that is kept for it.
pub(super) struct Left<A, P: Pending<A>> {
    pub(super) hole: P::Hole,
    pub(super) pending: P,
}
