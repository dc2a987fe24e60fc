//! The arguments of fields, coerced by graphql-core, once where sharing them cannot be noticed.

use onecross_graphql::plan::{Field, Scope, ScopeId};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::handles::PythonHandles;
use super::host::{PythonHost, handle};
use super::leaf::is_atom;
use crate::meter::Tally;

/// What is known of a field's arguments in one execution.
#[derive(Default)]
pub(crate) enum Arguments {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// The same for every object: texts, numbers and the like, which no resolver can change.
    Shared(Py<PyDict>),
    /// To be made anew for every object.
    Fresh,
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The keyword arguments of a resolver; `None` when the field takes none.
    pub(super) fn arguments(
        &mut self,
        field: &Field<PythonHandles>,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        if !handle(field).has_arguments {
            return Ok(None);
        }
        if self.arguments.len() <= field.number {
            self.arguments.resize_with(field.number + 1, Arguments::default);
        }
        if let Arguments::Shared(arguments) = &self.arguments[field.number] {
            return Ok(Some(arguments.bind(self.py).clone()));
        }
        let coerced = self.coerce(field)?;
        if matches!(self.arguments[field.number], Arguments::Unknown) {
            let shareable = handle(field).arguments_are_stable
                && coerced.values().iter().all(|value| is_atom(&value));
            self.arguments[field.number] = if shareable {
                Arguments::Shared(coerced.clone().unbind())
            } else {
                Arguments::Fresh
            };
        }
        Ok(Some(coerced))
    }

    fn coerce(&mut self, field: &Field<PythonHandles>) -> PyResult<Bound<'py, PyDict>> {
        let node = field.nodes(self.plan.document()).next().expect("a field has a node");
        let definition = &handle(field).definition;
        let variables = self.operation.variables(self.py, self.runtime, self.tally)?;
        let within = self.fragment_variables(field.scope())?;
        let hides =
            self.operation.preparation().is_some_and(|preparation| preparation.hide_suggestions);
        let function = self.runtime.argument_values.bind(self.py);
        let coerced =
            self.tally.call(|| function.call1((definition, node, variables, within, hides)))?;
        Ok(coerced.cast_into()?)
    }

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
}
