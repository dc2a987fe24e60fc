//! The variables of fragments, to which spreads give values; and what is selected by them.

use onecross_graphql::document::Conditions;
use onecross_graphql::plan::{Field, Plan, Scope, ScopeId, ScopedConditions};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

use super::handles::PythonHandles;
use super::host::PythonHost;
use super::request::Operation;
use super::runtime::Runtime;
use crate::meter::Tally;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The values of the variables of the fragment that a field stands in, if it has any.
    pub(super) fn fragment_variables(
        &mut self,
        scope: Option<ScopeId>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(place) = scope else { return Ok(None) };
        if let Some(known) = self.scopes.get(&place) {
            return Ok(Some(known.clone()));
        }
        let Scope { spread, outer } = self.plan.scope_at(place);
        let outer = self.fragment_variables(outer)?;
        let variables = self.operation.variables(self.py, self.runtime, self.tally)?;
        let fragments = self.operation.fragments(self.py, self.runtime, self.tally)?;
        let spread = self.plan.document().spread(spread);
        let function = self.runtime.fragment_variables.bind(self.py);
        let made = self.tally.call(|| function.call1((spread, fragments, variables, outer)))?;
        self.scopes.insert(place, made.clone());
        Ok(Some(made))
    }

    /// The same for each node of a field; `None` if none of them stands in such a fragment.
    pub(super) fn scopes_of(
        &mut self,
        field: &Field<PythonHandles>,
    ) -> PyResult<Option<Vec<Option<Bound<'py, PyAny>>>>> {
        if field.scopes().all(|scope| scope.is_none()) {
            return Ok(None);
        }
        field
            .scopes()
            .map(|scope| self.fragment_variables(scope))
            .collect::<PyResult<_>>()
            .map(Some)
    }
}

/// What tells the conditions within a scope, as one execution has the values of its variables.
///
/// A value that cannot be had counts as false here: the execution meets the same error, and reports
/// it, before it comes to what was selected by that.
pub(super) fn scoped_conditions<'py>(
    py: Python<'py>,
    runtime: &Runtime,
    operation: &Operation<'_, 'py>,
    tally: &mut impl Tally,
) -> PyResult<ScopedConditions<PythonHandles>> {
    let values = Values {
        function: runtime.fragment_variables.clone_ref(py),
        variables: operation.variables(py, runtime, tally)?.unbind(),
        fragments: operation.fragments(py, runtime, tally)?.unbind(),
    };
    Ok(Box::new(move |plan, scope| {
        Python::attach(|py| {
            let names = plan.document().conditions().iter();
            let Ok(within) = values.within(py, plan, Some(scope)) else {
                return Conditions::default();
            };
            Conditions::new(names.map(|name| values.is_true(py, &within, name).unwrap_or(false)))
        })
    }))
}

/// What the values of variables come from.
struct Values {
    function: Py<PyAny>,
    variables: Py<PyAny>,
    fragments: Py<PyAny>,
}

impl Values {
    fn within<'py>(
        &self,
        py: Python<'py>,
        plan: &Plan<PythonHandles>,
        scope: Option<ScopeId>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(place) = scope else { return Ok(py.None().into_bound(py)) };
        let Scope { spread, outer } = plan.scope_at(place);
        let outer = self.within(py, plan, outer)?;
        let spread = plan.document().spread(spread);
        self.function.bind(py).call1((spread, &self.fragments, &self.variables, outer))
    }

    /// The value of a variable of the fragment, or else of the operation.
    fn is_true(&self, py: Python<'_>, within: &Bound<'_, PyAny>, name: &str) -> PyResult<bool> {
        let is_fragments = within.getattr(intern!(py, "sources"))?.contains(name)?;
        let values = if is_fragments { within } else { self.variables.bind(py) };
        let coerced = values.getattr(intern!(py, "coerced"))?.cast_into::<PyDict>()?;
        let value = coerced.get_item(name)?;
        Ok(value.is_some_and(|value| value.cast::<PyBool>().is_ok_and(|value| value.is_true())))
    }
}
