//! What execution asks of graphql-core and of the user's framework, as `_runtime.Runtime` gives it.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};
use pyo3::{PyTraverseError, PyVisit};

/// Python functions and classes that execution calls, each where its name is used.
#[derive(FromPyObject)]
pub(crate) struct Runtime {
    /// `(text) -> DocumentNode | list[GraphQLError]`: parses and validates.
    pub(crate) prepare: Py<PyAny>,
    /// `(operation, inputs) -> VariableValues | list[GraphQLError]`.
    pub(crate) variable_values: Py<PyAny>,
    /// `(document, operation_name) -> list[GraphQLError]`: why no operation can be chosen.
    pub(crate) request_errors: Py<PyAny>,
    /// `(operation) -> GraphQLError`: of an operation that the schema has no root type for.
    pub(crate) missing_root: Py<PyAny>,
    /// `(definition, node, variables, fragment_variables, hide_suggestions) -> dict`.
    pub(crate) argument_values: Py<PyAny>,
    /// `(spread, fragments, variables, outer, hide_suggestions) -> FragmentVariableValues`: those
    /// of a fragment's own variables.
    pub(crate) fragment_variables: Py<PyAny>,
    /// The class of `info`.
    pub(crate) info_class: Py<PyType>,
    /// `(document, operation, variable_values, root, context, is_awaitable) -> tuple`: the part of
    /// `info` that is the same for all fields of an execution; nothing is awaitable if there is no
    /// predicate.
    pub(crate) info_tail: Py<PyAny>,
    /// graphql-core's `Path`.
    pub(crate) path_class: Py<PyType>,
    /// graphql-core's `Undefined`.
    pub(crate) undefined: Py<PyAny>,
    /// `collections.abc.Mapping`.
    pub(crate) mapping: Py<PyType>,
    /// `abc.get_cache_token`.
    pub(crate) abstract_classes_token: Py<PyAny>,
    /// `(error, nodes, path) -> GraphQLError`.
    pub(crate) located_error: Py<PyAny>,
    /// `(value) -> bool`.
    pub(crate) is_iterable: Py<PyAny>,
    /// The method by which a scalar or an enum makes a value of the response.
    pub(crate) leaf_method: Py<PyString>,
    /// `(value, info, type) -> str | None`: the type of a value of an interface or union that has
    /// no code of its own for that.
    pub(crate) default_type_resolver: Py<PyAny>,
    /// `(source, info, **arguments) -> value`, for fields without a resolver.
    pub(crate) default_field_resolver: Py<PyAny>,
    /// Whether resolvers are given the same list of nodes each time.
    pub(crate) shares_nodes: bool,
    /// Whether the rest of an iterator is read when one of its items failed for good.
    pub(crate) drains_iterators: bool,
    /// Whether variables of a fragment have the values that spreads give them.
    pub(crate) fragments_have_variables: bool,
    /// Whether operations can ask that their errors leave a null where they occurred.
    pub(crate) lets_errors_stay: bool,
    /// `(parent, field_name) -> GraphQLError`.
    pub(crate) not_iterable: Py<PyAny>,
    /// `(parent, field_name) -> TypeError`.
    pub(crate) null_error: Py<PyAny>,
    /// `(type, value, coerced) -> TypeError`.
    pub(crate) leaf_null_error: Py<PyAny>,
    /// `(type, value, nodes) -> GraphQLError`.
    pub(crate) invalid_object: Py<PyAny>,
    /// `(name, type, value, parent, field_name, nodes) -> GraphQLError`.
    pub(crate) invalid_runtime_type: Py<PyAny>,
    /// `(document, root, context, variables, operation_name) -> ExecutionResult`: the reference.
    pub(crate) reference: Py<PyAny>,
    /// The same from the text on: `(query, root, …) -> ExecutionResult`.
    pub(crate) reference_query: Py<PyAny>,
    /// As `reference`, but what is awaited is awaited: a coroutine.
    pub(crate) awaited: Py<PyAny>,
    /// As `reference_query`, but what is awaited is awaited: a coroutine.
    pub(crate) awaited_query: Py<PyAny>,
    /// graphql-core's `ExecutionResult`.
    pub(crate) result_class: Py<PyType>,
    /// `(errors) -> None`: puts the errors of an execution in the order of this line of graphql-core.
    pub(crate) order_errors: Option<Py<PyAny>>,
    /// `(errors) -> None`: what the framework does with the errors of an execution.
    pub(crate) report: Option<Py<PyAny>>,
    /// `() -> GraphQLError`: why an execution that met an awaitable has no answer.
    pub(crate) refusal: Option<Py<PyAny>>,
    /// Why everything is left to the framework, whole.
    pub(crate) reference_reason: Option<String>,
}

impl Runtime {
    /// Shows the collector what is held.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.prepare)?;
        visit.call(&self.variable_values)?;
        visit.call(&self.request_errors)?;
        visit.call(&self.missing_root)?;
        visit.call(&self.argument_values)?;
        visit.call(&self.fragment_variables)?;
        visit.call(&self.default_type_resolver)?;
        visit.call(&self.default_field_resolver)?;
        visit.call(&self.info_class)?;
        visit.call(&self.info_tail)?;
        visit.call(&self.path_class)?;
        visit.call(&self.undefined)?;
        visit.call(&self.mapping)?;
        visit.call(&self.abstract_classes_token)?;
        visit.call(&self.located_error)?;
        visit.call(&self.is_iterable)?;
        visit.call(&self.not_iterable)?;
        visit.call(&self.null_error)?;
        visit.call(&self.leaf_null_error)?;
        visit.call(&self.invalid_object)?;
        visit.call(&self.invalid_runtime_type)?;
        visit.call(&self.reference)?;
        visit.call(&self.reference_query)?;
        visit.call(&self.awaited)?;
        visit.call(&self.awaited_query)?;
        visit.call(&self.result_class)?;
        visit.call(&self.order_errors)?;
        visit.call(&self.report)?;
        visit.call(&self.refusal)
    }
}
