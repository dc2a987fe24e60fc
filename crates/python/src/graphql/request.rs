//! One operation to be executed, with what of it Python sees, made as it is asked for.

use std::cell::OnceCell;
use std::sync::Arc;

use onecross_graphql::document::{Conditions, OperationKind};
use onecross_graphql::execute::Rules;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit};

use super::executor::{Awaiting, Preparation};
use super::prepared::Prepared;
use super::runtime::Runtime;
use super::scope::ScopeValues;
use crate::cpython::{new_dict, new_text};
use crate::meter::{Stage, Tally};

/// What the caller asks to execute, beside the document.
pub(crate) struct Request<'py> {
    /// The root value.
    pub(crate) root: Bound<'py, PyAny>,
    /// The context value.
    pub(crate) context: Bound<'py, PyAny>,
    /// The values of the variables, before coercion.
    pub(crate) variables: Option<Bound<'py, PyAny>>,
    /// Which operation of the document.
    pub(crate) operation_name: Option<Bound<'py, PyAny>>,
    /// How awaitables are told and completed; `None` where nothing is taken for awaitable.
    pub(crate) awaiting: Option<Awaiting<'py>>,
}

/// Where an operation comes from.
enum Origin<'py> {
    /// A request to the engine.
    Request(Request<'py>),
    /// An executor of graphql-core.
    Executor(Preparation<'py>),
}

/// An operation, chosen from its document.
pub(crate) struct Operation<'py> {
    prepared: Arc<Prepared>,
    origin: Origin<'py>,
    /// Its place among the operations of the document.
    pub(crate) place: usize,
    /// The values of the variables of its fragments, by scope of its plan.
    pub(crate) scopes: Arc<ScopeValues>,
    variables: OnceCell<Bound<'py, PyAny>>,
    tail: OnceCell<Bound<'py, PyTuple>>,
}

impl<'py> Operation<'py> {
    /// An operation that a request asks for.
    pub(crate) fn requested(prepared: Arc<Prepared>, request: Request<'py>, place: usize) -> Self {
        Self {
            prepared,
            origin: Origin::Request(request),
            place,
            scopes: Arc::default(),
            variables: OnceCell::new(),
            tail: OnceCell::new(),
        }
    }

    /// An operation that graphql-core has prepared.
    pub(crate) fn handed_over(prepared: Arc<Prepared>, preparation: Preparation<'py>) -> Self {
        Self {
            prepared,
            place: 0,
            scopes: Arc::default(),
            variables: OnceCell::from(preparation.variable_values.clone()),
            tail: OnceCell::from(preparation.info_tail.clone()),
            origin: Origin::Executor(preparation),
        }
    }

    /// The document it is of.
    pub(crate) fn prepared(&self) -> &Arc<Prepared> {
        &self.prepared
    }

    /// Shows the collector what is held.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let awaiting = match &self.origin {
            Origin::Request(request) => {
                visit.call(request.root.as_unbound())?;
                visit.call(request.context.as_unbound())?;
                visit.call(request.variables.as_ref().map(Bound::as_unbound))?;
                &request.awaiting
            }
            Origin::Executor(preparation) => {
                preparation.traverse(visit)?;
                &preparation.awaiting
            }
        };
        awaiting.as_ref().map_or(Ok(()), |awaiting| awaiting.traverse(visit))?;
        visit.call(self.variables.get().map(Bound::as_unbound))?;
        visit.call(self.tail.get().map(Bound::as_unbound))
    }

    /// The root value.
    pub(crate) fn root(&self) -> &Bound<'py, PyAny> {
        match &self.origin {
            Origin::Request(request) => &request.root,
            Origin::Executor(preparation) => &preparation.root_value,
        }
    }

    /// What graphql-core's executor holds, if the operation comes from one.
    #[inline]
    pub(crate) fn preparation(&self) -> Option<&Preparation<'py>> {
        match &self.origin {
            Origin::Request(_) => None,
            Origin::Executor(preparation) => Some(preparation),
        }
    }

    /// What was asked of the engine, if it was.
    pub(crate) fn request(&self) -> Option<&Request<'py>> {
        match &self.origin {
            Origin::Request(request) => Some(request),
            Origin::Executor(_) => None,
        }
    }

    /// How awaitables are told, if they are.
    pub(crate) fn awaiting(&self) -> Option<&Awaiting<'py>> {
        match &self.origin {
            Origin::Request(request) => request.awaiting.as_ref(),
            Origin::Executor(preparation) => preparation.awaiting.as_ref(),
        }
    }

    /// Whether errors tell nothing of what else there is in the schema.
    pub(crate) fn hides_suggestions(&self) -> bool {
        self.preparation().is_some_and(|preparation| preparation.hide_suggestions)
    }

    /// The rules of the execution.
    pub(crate) fn rules(&self, runtime: &Runtime) -> Rules {
        match &self.origin {
            Origin::Request(_) => Rules {
                errors_propagate: !runtime.lets_errors_stay
                    || !self.prepared.keeps_errors_in_place(self.place),
                is_serial: self.is_mutation() && !self.is_one_by_one(),
            },
            Origin::Executor(preparation) => Rules {
                errors_propagate: preparation.errors_propagate,
                is_serial: preparation.is_serial,
            },
        }
    }

    fn is_mutation(&self) -> bool {
        self.prepared.kind(self.place) == OperationKind::Mutation
    }

    /// Whether all fields of the root are executed, and then awaited one by one.
    pub(crate) fn is_one_by_one(&self) -> bool {
        self.is_mutation() && self.awaiting().is_some_and(|awaiting| awaiting.is_one_by_one)
    }

    /// The class of `info`.
    pub(crate) fn info_class<'r>(
        &'r self,
        runtime: &'r Runtime,
        py: Python<'py>,
    ) -> &'r Bound<'py, PyType> {
        match &self.origin {
            Origin::Request(_) => runtime.info_class.bind(py),
            Origin::Executor(preparation) => &preparation.info_class,
        }
    }

    /// The node of the operation.
    pub(crate) fn syntax(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.origin {
            Origin::Request(_) => Ok(self.node().bind(py).clone()),
            // Behind the schema, the fragments and the root value.
            Origin::Executor(preparation) => preparation.info_tail.get_item(3),
        }
    }

    fn node(&self) -> &Py<PyAny> {
        &self.prepared.operations[self.place]
    }

    /// Coerces the variables; the list of errors when that fails.
    pub(crate) fn coerce_variables(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        let definitions = self.node().getattr(py, intern!(py, "variable_definitions"))?;
        let has_none = definitions.is_none(py) || definitions.bind(py).is_empty()?;
        if has_none {
            return Ok(None);
        }
        let coerced = self.coerced(py, runtime, tally)?;
        match coerced.cast_into::<PyList>() {
            Ok(errors) => Ok(Some(errors)),
            Err(values) => {
                let _ = self.variables.set(values.into_inner());
                Ok(None)
            }
        }
    }

    fn coerced(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        // As graphql-core has it, whatever is empty stands for no values.
        let inputs = match &self.origin {
            Origin::Request(Request { variables: Some(inputs), .. }) if inputs.is_truthy()? => {
                inputs.clone()
            }
            _ => new_dict(py)?.into_any(),
        };
        let function = runtime.variable_values.bind(py);
        tally.stage(Stage::Variables, |tally| tally.call(|| function.call1((self.node(), inputs))))
    }

    /// The coerced values of the variables, in the form of this line of graphql-core.
    pub(crate) fn variables(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(variables) = self.variables.get() {
            return Ok(variables.clone());
        }
        let coerced = self.coerced(py, runtime, tally)?;
        let _ = self.variables.set(coerced.clone());
        Ok(coerced)
    }

    /// Whether what is selected depends on the variables of fragments.
    pub(crate) fn has_scoped_conditions(&self, runtime: &Runtime) -> bool {
        self.prepared.has_scoped_conditions && runtime.fragments_have_variables
    }

    /// The values that decide what is selected; `None` when one of them is no boolean, or might be
    /// none where it is that of a fragment's variable.
    pub(crate) fn conditions(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Conditions>> {
        let names = self.prepared.document.conditions();
        let within = self.prepared.conditions_within(self.place);
        if within == Conditions::default() {
            return Ok(Some(within));
        }
        let variables = self.variables(py, runtime, tally)?;
        // graphql-core 3.2 has them in a plain dict, 3.3 beside where they came from.
        let coerced = match variables.cast_into::<PyDict>() {
            Ok(coerced) => coerced,
            Err(other) => {
                other.into_inner().getattr(intern!(py, "coerced"))?.cast_into::<PyDict>()?
            }
        };
        if self.has_scoped_conditions(runtime) && !self.has_needed(&coerced)? {
            return Ok(None);
        }
        let mut values = Vec::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            if !within.has(place) {
                // Only other operations of the document know of it.
                values.push(false);
                continue;
            }
            match coerced.get_item(new_text(py, name))?.map(Bound::cast_into::<PyBool>) {
                Some(Ok(value)) => values.push(value.is_true()),
                // It is a variable of a fragment, and has its value there.
                None if self.has_scoped_conditions(runtime) => values.push(false),
                _ => return Ok(None),
            }
        }
        Ok(Some(Conditions::new(values)))
    }

    /// Whether all variables have values that those of fragments need.
    fn has_needed(&self, coerced: &Bound<'py, PyDict>) -> PyResult<bool> {
        let Some(needed) = self.prepared.needed(self.place) else { return Ok(false) };
        for variable in needed {
            let is_there = match coerced.get_item(new_text(coerced.py(), &variable.name))? {
                Some(value) => value.is_instance_of::<PyBool>(),
                None => variable.has_default,
            };
            if !is_there {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The fragments of the document by name, as `info` has them.
    pub(crate) fn fragments(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        match &self.origin {
            Origin::Executor(preparation) => Ok(preparation.fragments.clone().into_any()),
            // The second item, behind the schema.
            Origin::Request(_) => self.info_tail(py, runtime, tally)?.get_item(1),
        }
    }

    /// The part of `info` that is the same for all fields.
    pub(crate) fn info_tail(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyTuple>> {
        if let Some(tail) = self.tail.get() {
            return Ok(tail.clone());
        }
        let Origin::Request(Request { root, context, awaiting, .. }) = &self.origin else {
            unreachable!("an executor brings it along");
        };
        let variables = self.variables(py, runtime, tally)?;
        let is_awaitable = awaiting.as_ref().map(|awaiting| &awaiting.is_awaitable);
        let document = &self.prepared.source;
        let arguments = (document, self.node(), variables, root, context, is_awaitable);
        let made = tally.call(|| runtime.info_tail.bind(py).call1(arguments))?;
        let tail = made.cast_into::<PyTuple>()?;
        let _ = self.tail.set(tail.clone());
        Ok(tail)
    }
}
