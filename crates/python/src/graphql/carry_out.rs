//! Carrying out what graphql-core's executor has prepared: by plans, or not at all.

use std::marker::PhantomData;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
use super::engine::GraphQLEngine;
use super::executor::{Preparation, PreparedOperation};
use super::request::Operation;
use super::running::{Executed, Route};
use super::serve::Work;
use crate::gate::Passage;
use crate::meter::{Stage, Tally};

/// Carrying out what graphql-core's executor has prepared, with data of the form `A`.
pub(super) struct CarryOut<'a, 'py, A> {
    pub(super) engine: &'a Bound<'py, GraphQLEngine>,
    pub(super) operation: &'a Bound<'py, PreparedOperation>,
    pub(super) preparation: Preparation<'py>,
    /// The caller's encoder of what JSON does not know.
    pub(super) default: Option<&'a Py<PyAny>>,
    pub(super) form: PhantomData<A>,
}

/// What came of it.
#[derive(IntoPyObject)]
pub(super) enum CarriedOut<'py> {
    /// The data and the errors.
    #[pyo3(transparent)]
    Whole((Bound<'py, PyAny>, Option<Bound<'py, PyList>>)),
    /// What gives the result once all is there that is awaited.
    #[pyo3(transparent)]
    Awaited(Bound<'py, PyAny>),
}

impl<'py, A: Answer<'py>> Work<'py> for CarryOut<'_, 'py, A> {
    /// `None` when it must be left to graphql-core, for a reason that is counted.
    type Output = Option<CarriedOut<'py>>;

    fn run(self, passage: &Passage<'py>, tally: &mut impl Tally) -> PyResult<Self::Output> {
        let (engine, py) = (self.engine.get(), self.engine.py());
        let prepared = Arc::clone(&self.operation.get().prepared);
        let operation = Operation::handed_over(prepared, self.preparation);
        let plan = match engine.route(py, operation.prepared(), &operation, tally)? {
            Route::Engine(plan) => plan,
            Route::Nowhere => {
                let errors = engine.missing_root(py, &operation, tally)?;
                return Ok(Some(CarriedOut::Whole((py.None().into_bound(py), Some(errors)))));
            }
            Route::Reference(reason) => {
                engine.count_fallback(&reason, tally);
                return Ok(None);
            }
        };
        let sink = A::begin_data(py, plan.expected_size())?;
        let outward = (passage, self.default);
        let executed =
            GraphQLEngine::execute_plan(self.engine, (plan, operation), sink, outward, tally)?;
        match executed {
            Executed::Whole { plan, sink, errors, .. } => tally.stage(Stage::Finish, |tally| {
                let errors = engine.collect(py, errors.into_iter(), tally)?;
                let (data, size) = sink.into_data(py, tally)?;
                plan.note_size(size);
                Ok(Some(CarriedOut::Whole((data, errors))))
            }),
            Executed::Awaited(completion) => {
                Ok(Some(CarriedOut::Awaited(Bound::new(py, completion)?.into_any())))
            }
        }
    }
}
