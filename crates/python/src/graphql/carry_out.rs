//! Carrying out what graphql-core's executor has prepared: by plans, or not at all.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::answer::{Answer, complete, data_writer};
use super::engine::GraphQLEngine;
use super::executor::{Preparation, PreparedOperation};
use super::host::dispose;
use super::prepared::Prepared;
use super::request::Operation;
use super::running::{Executed, Route};
use super::serve::Work;
use crate::gate::Passage;
use crate::make::{Dicts, Place};
use crate::meter::{Stage, Tally};

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
                return Ok(Some((py.None().into_bound(py), Some(errors), None, 0, false)));
            }
            Route::Reference(reason) => {
                self.count_fallback(&reason, tally);
                return Ok(None);
            }
        };
        let sink = Dicts::begin(py, 0)?;
        let Executed { mut sink, errors, pending, abandoned, begun, has_begun, .. } =
            self.execute_plan(&plan, &operation, sink, (passage, None), tally)?;
        let errors = self.collect(py, errors.into_iter(), tally)?;
        let places = sink.take_places();
        let data = Dicts::finish(sink);
        if pending.is_empty() && abandoned.is_empty() {
            return Ok(Some((data, errors, None, begun, has_begun)));
        }
        let mut coroutines: HashMap<usize, _> =
            pending.into_iter().map(|left| (left.hole, left.pending.into_object())).collect();
        let kept = places.into_iter().enumerate().map(|(number, place)| {
            let Place { container, key, nullable, depth, around, .. } = place?;
            Some((coroutines.remove(&number), container, key, nullable, depth, around))
        });
        let kept = PyList::new(py, kept.collect::<Vec<_>>())?;
        Ok(Some((data, errors, Some((kept, abandoned)), begun, has_begun)))
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
        let Executed { sink, errors, abandoned, is_refused, .. } =
            self.execute_plan(&plan, &operation, sink, (passage, Some(carrying.default)), tally)?;
        abandoned.iter().for_each(dispose);
        tally.stage(Stage::Finish, |tally| {
            let errors = self.collect(py, errors.into_iter(), tally)?;
            let data = complete(sink, tally)?;
            plan.note_size(data.as_bytes().len());
            Ok(Some((data, errors, is_refused)))
        })
    }
}

/// Data, errors, and, if anything is awaited, the places kept for that and the coroutines that no
/// place is left for; then how many fields of the root were begun, and whether any
/// coroutine was begun.
pub(super) type CarriedOut<'py> = (
    Bound<'py, PyAny>,
    Option<Bound<'py, PyList>>,
    Option<(Bound<'py, PyList>, Vec<Bound<'py, PyAny>>)>,
    usize,
    bool,
);

/// Data as JSON, errors, and whether it met an awaitable.
pub(super) type CarriedOutJson<'py> = (Bound<'py, PyBytes>, Option<Bound<'py, PyList>>, bool);
