//! The variables of fragments, to which spreads give values; and what is selected by them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use onecross_graphql::document::Conditions;
use onecross_graphql::plan::{Field, Plan, Scope, ScopeId, ScopedConditions};
use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};

use super::handles::PythonHandles;
use super::host::PythonHost;
use super::request::Operation;
use super::runtime::Runtime;
use super::serve::lock;
use crate::cpython::new_text;
use crate::meter::Tally;

/// The values of the variables of fragments in one execution, worked out once for each scope.
#[derive(Default)]
pub(crate) struct ScopeValues {
    found: Mutex<HashMap<ScopeId, Found>>,
    /// How many calls it took that were not counted yet.
    uncounted: AtomicUsize,
}

/// What a scope has, or the error that it ended in.
type Found = Result<Py<PyAny>, Py<PyBaseException>>;

impl ScopeValues {
    fn known<'py>(&self, py: Python<'py>, scope: ScopeId) -> Option<PyResult<Bound<'py, PyAny>>> {
        let found = match lock(&self.found).get(&scope)? {
            Ok(values) => Ok(values.clone_ref(py)),
            Err(error) => Err(error.clone_ref(py)),
        };
        let raised =
            |error: Py<PyBaseException>| PyErr::from_value(error.into_bound(py).into_any());
        Some(found.map(|values| values.into_bound(py)).map_err(raised))
    }

    fn keep(&self, scope: ScopeId, found: Found) {
        let replaced = lock(&self.found).insert(scope, found);
        // Dropping may run anybody's code, so the lock is not held.
        drop(replaced);
    }

    fn count(&self, tally: &mut impl Tally) {
        for _ in 0..self.uncounted.swap(0, Ordering::Relaxed) {
            tally.call(|| ());
        }
    }
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The values of the variables of the fragment that a field stands in, if it has any.
    pub(super) fn fragment_variables(
        &mut self,
        scope: Option<ScopeId>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(place) = scope else { return Ok(None) };
        if let Some(known) = self.operation.scopes.known(self.py, place) {
            self.operation.scopes.count(self.tally);
            return known.map(Some);
        }
        let Scope { spread, outer } = self.plan.scope_at(place);
        let outer = self.fragment_variables(outer)?;
        let variables = self.operation.variables(self.py, self.runtime, self.tally)?;
        let fragments = self.operation.fragments(self.py, self.runtime, self.tally)?;
        let spread = self.plan.document().spread(spread);
        let function = self.runtime.fragment_variables.bind(self.py);
        let arguments = (spread, fragments, variables, outer, self.operation.hides_suggestions());
        let made = self.tally.call(|| function.call1(arguments))?;
        self.operation.scopes.keep(place, Ok(made.clone().unbind()));
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
/// A value that cannot be had counts as false here: the error is kept, and raised as the execution
/// enters the scope, before it comes to what was selected by that.
pub(super) fn scoped_conditions<'py>(
    py: Python<'py>,
    runtime: &Runtime,
    operation: &Operation<'py>,
    tally: &mut impl Tally,
) -> PyResult<ScopedConditions<PythonHandles>> {
    let values = Values {
        scopes: Arc::clone(&operation.scopes),
        function: runtime.fragment_variables.clone_ref(py),
        variables: operation.variables(py, runtime, tally)?.unbind(),
        fragments: operation.fragments(py, runtime, tally)?.unbind(),
        hide_suggestions: operation.hides_suggestions(),
    };
    Ok(Box::new(move |plan, scope| {
        Python::attach(|py| {
            values.conditions(py, plan, scope).unwrap_or_else(|error| {
                values.scopes.keep(scope, Err(error.into_value(py)));
                Conditions::default()
            })
        })
    }))
}

/// What the values of variables come from.
struct Values {
    scopes: Arc<ScopeValues>,
    function: Py<PyAny>,
    variables: Py<PyAny>,
    fragments: Py<PyAny>,
    hide_suggestions: bool,
}

impl Values {
    fn conditions(
        &self,
        py: Python<'_>,
        plan: &Plan<PythonHandles>,
        scope: ScopeId,
    ) -> PyResult<Conditions> {
        let within = self.within(py, plan, Some(scope))?;
        let names = plan.document().conditions().iter();
        let values = names.map(|name| self.is_true(py, &within, name));
        Ok(Conditions::new(values.collect::<PyResult<Vec<_>>>()?))
    }

    fn within<'py>(
        &self,
        py: Python<'py>,
        plan: &Plan<PythonHandles>,
        scope: Option<ScopeId>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(place) = scope else { return Ok(py.None().into_bound(py)) };
        if let Some(known) = self.scopes.known(py, place) {
            return known;
        }
        let Scope { spread, outer } = plan.scope_at(place);
        let outer = self.within(py, plan, outer)?;
        let spread = plan.document().spread(spread);
        let hides = self.hide_suggestions;
        let arguments = (spread, &self.fragments, &self.variables, outer, hides);
        self.scopes.uncounted.fetch_add(1, Ordering::Relaxed);
        let made = self.function.bind(py).call1(arguments)?;
        self.scopes.keep(place, Ok(made.clone().unbind()));
        Ok(made)
    }

    /// The value of a variable of the fragment, or else of the operation.
    fn is_true(&self, py: Python<'_>, within: &Bound<'_, PyAny>, name: &str) -> PyResult<bool> {
        let name = new_text(py, name);
        let is_fragments = within.getattr(intern!(py, "sources"))?.contains(&name)?;
        let values = if is_fragments { within } else { self.variables.bind(py) };
        let coerced = values.getattr(intern!(py, "coerced"))?.cast_into::<PyDict>()?;
        let value = coerced.get_item(name)?;
        Ok(value.is_some_and(|value| value.cast::<PyBool>().is_ok_and(|value| value.is_true())))
    }
}
