//! What an executor was given in place of the usual: a resolver of fields, one of types, middleware.

use onecross_graphql::plan::Field;
use pyo3::intern;
use pyo3::prelude::*;

use super::handles::{AbstractHandle, PythonHandles};
use super::host::{PythonCall, PythonHost, handle};
use crate::meter::Tally;

/// What resolves one field, as one execution has found out.
#[derive(Clone)]
pub(super) enum Resolver<'py> {
    /// What the description of the schema says.
    Described,
    /// This one.
    Custom(Bound<'py, PyAny>),
}

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The value of a field if something stands between the field and how it is described.
    pub(super) fn by_custom_resolver(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
    ) -> Option<PyResult<Bound<'py, PyAny>>> {
        let resolver = match self.custom_resolver(call.field) {
            Ok(Resolver::Described) => return None,
            Ok(Resolver::Custom(resolver)) => resolver,
            Err(error) => return Some(Err(error)),
        };
        let arguments = match self.arguments(call.field) {
            Ok(arguments) => arguments,
            Err(error) => return Some(Err(error)),
        };
        Some(self.call_with_info(&resolver, Some(source), call, &arguments))
    }

    fn custom_resolver(&mut self, field: &Field<PythonHandles>) -> PyResult<Resolver<'py>> {
        if let Some(Some(known)) = self.known.resolvers.get(field.number) {
            return Ok(known.clone());
        }
        let found = self.find_resolver(field)?;
        if self.known.resolvers.len() <= field.number {
            self.known.resolvers.resize(field.number + 1, None);
        }
        self.known.resolvers[field.number] = Some(found.clone());
        Ok(found)
    }

    fn find_resolver(&mut self, field: &Field<PythonHandles>) -> PyResult<Resolver<'py>> {
        let Some(preparation) = self.operation.preparation() else {
            return Ok(Resolver::Described);
        };
        let handle = handle(field);
        // Somebody may have put another in its place since, as tests like to do.
        let own = handle.definition.bind(self.py).getattr(intern!(self.py, "resolve"))?;
        let own = (!own.is_none()).then_some(own);
        let is_as_described = match (&own, &handle.described) {
            (Some(own), Some(described)) => own.is(described),
            (None, None) => preparation.field_resolver.is_none(),
            _ => false,
        };
        if is_as_described && preparation.middleware.is_none() {
            return Ok(Resolver::Described);
        }
        let usual = || self.runtime.default_field_resolver.bind(self.py).clone();
        let resolver = own.or_else(|| preparation.field_resolver.clone()).unwrap_or_else(usual);
        match &preparation.middleware {
            None => Ok(Resolver::Custom(resolver)),
            Some(middleware) => {
                let wrapped = self.tally.call(|| middleware.call1((&resolver,)))?;
                // Middleware that gives the resolver back has nothing to do with the field.
                let is_bare = is_as_described && wrapped.is(&resolver);
                Ok(if is_bare { Resolver::Described } else { Resolver::Custom(wrapped) })
            }
        }
    }

    /// What tells the types of values of an interface or union apart.
    pub(super) fn type_resolver(&self, handle: &AbstractHandle) -> PyResult<Bound<'py, PyAny>> {
        let usual = || self.runtime.default_type_resolver.bind(self.py).clone();
        let Some(preparation) = self.operation.preparation() else {
            let own = handle.resolve_type.as_ref().map(|own| own.bind(self.py).clone());
            return Ok(own.unwrap_or_else(usual));
        };
        let own = handle.definition.bind(self.py).getattr(intern!(self.py, "resolve_type"))?;
        if !own.is_none() {
            return Ok(own);
        }
        Ok(preparation.type_resolver.clone().unwrap_or_else(usual))
    }
}
