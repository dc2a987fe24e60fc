//! What execution asks of graphql-core and of the user's framework, as `_runtime.Runtime` gives it.

use pyo3::prelude::*;
use pyo3::types::PyType;

/// Python functions and classes that execution calls, each where its name is used.
#[derive(FromPyObject)]
pub(crate) struct Runtime {
    /// `(text) -> DocumentNode | list[GraphQLError]`: parses and validates.
    pub(crate) prepare: Py<PyAny>,
    /// `(operation, inputs) -> VariableValues | list[GraphQLError]`.
    pub(crate) variable_values: Py<PyAny>,
    /// `(document, operation_name) -> list[GraphQLError]`: why no operation can be chosen.
    pub(crate) request_errors: Py<PyAny>,
    /// `(definition, node, variable_values) -> dict`.
    pub(crate) argument_values: Py<PyAny>,
    /// The class of `info`.
    pub(crate) info_class: Py<PyType>,
    /// `(document, operation, variable_values, root, context) -> tuple`: the part of `info` that
    /// is the same for all fields of an execution.
    pub(crate) info_tail: Py<PyAny>,
    /// graphql-core's `Path`.
    pub(crate) path_class: Py<PyType>,
    /// graphql-core's `Undefined`.
    pub(crate) undefined: Py<PyAny>,
    /// `collections.abc.Mapping`.
    pub(crate) mapping: Py<PyType>,
    /// `(error, nodes, path) -> GraphQLError`.
    pub(crate) located_error: Py<PyAny>,
    /// `(value) -> bool`.
    pub(crate) is_iterable: Py<PyAny>,
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
    /// graphql-core's `ExecutionResult`.
    pub(crate) result_class: Py<PyType>,
    /// `(errors) -> None`: what the framework does with the errors of an execution.
    pub(crate) report: Option<Py<PyAny>>,
    /// Why everything is left to the framework, whole.
    pub(crate) reference_reason: Option<String>,
    /// Whether an awaitable ends the execution, as the framework has it, rather than being a value.
    pub(crate) refuses_awaitables: bool,
}
