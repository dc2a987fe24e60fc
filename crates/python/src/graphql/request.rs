//! One operation to be executed, with what of it Python sees, made as it is asked for.

use std::cell::OnceCell;

use onecross_graphql::document::Conditions;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyTuple};

use super::prepared::Prepared;
use super::runtime::Runtime;
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
}

/// An operation, chosen from its document.
pub(crate) struct Operation<'a, 'py> {
    prepared: &'a Prepared,
    request: &'a Request<'py>,
    /// Its place among the operations of the document.
    pub(crate) place: usize,
    variables: OnceCell<Bound<'py, PyAny>>,
    tail: OnceCell<Bound<'py, PyTuple>>,
}

impl<'a, 'py> Operation<'a, 'py> {
    pub(crate) fn new(prepared: &'a Prepared, request: &'a Request<'py>, place: usize) -> Self {
        let (variables, tail) = (OnceCell::new(), OnceCell::new());
        Self { prepared, request, place, variables, tail }
    }

    /// The root value.
    pub(crate) fn root(&self) -> &'a Bound<'py, PyAny> {
        &self.request.root
    }

    fn node(&self) -> &'a Py<PyAny> {
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
        let inputs = match &self.request.variables {
            Some(inputs) if inputs.is_truthy()? => inputs.clone(),
            _ => PyDict::new(py).into_any(),
        };
        let function = runtime.variable_values.bind(py);
        tally.stage(Stage::Variables, |tally| tally.call(|| function.call1((self.node(), inputs))))
    }

    /// graphql-core's `VariableValues`.
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

    /// The values that decide what is selected; `None` when one of them is no boolean.
    pub(crate) fn conditions(
        &self,
        py: Python<'py>,
        runtime: &Runtime,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Conditions>> {
        let names = self.prepared.document.conditions();
        if names.is_empty() {
            return Ok(Some(Conditions::default()));
        }
        let coerced = self.variables(py, runtime, tally)?.getattr(intern!(py, "coerced"))?;
        let coerced = coerced.cast::<PyDict>()?;
        let mut values = Vec::with_capacity(names.len());
        for name in names {
            match coerced.get_item(&**name)?.map(Bound::cast_into::<PyBool>) {
                Some(Ok(value)) => values.push(value.is_true()),
                _ => return Ok(None),
            }
        }
        Ok(Some(Conditions::new(values)))
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
        let variables = self.variables(py, runtime, tally)?;
        let Request { root, context, .. } = self.request;
        let arguments = (&self.prepared.source, self.node(), variables, root, context);
        let made = tally.call(|| runtime.info_tail.bind(py).call1(arguments))?;
        let tail = made.cast_into::<PyTuple>()?;
        let _ = self.tail.set(tail.clone());
        Ok(tail)
    }
}
