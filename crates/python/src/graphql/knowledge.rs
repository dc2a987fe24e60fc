//! What an execution has found out so far, and need not find out again when it goes on.

use pyo3::prelude::*;
use pyo3::types::PyType;

use onecross_graphql::schema::TypeId;

use super::arguments::Arguments;
use super::classes::Decisions;
use super::custom::Resolver;
use super::method::MethodCalls;
use super::nodes::NodeLists;
use super::reader::FieldReader;
use super::rows::Rows;

/// How fields were read, called and told so far: by the number of the field, where that matters.
#[derive(Default)]
pub(crate) struct Knowledge<'py> {
    pub(super) readers: Vec<FieldReader>,
    pub(super) rows: Vec<Rows>,
    /// A class whose instances are neither errors nor awaitable, as was last found out.
    pub(super) ordinary: Option<Bound<'py, PyType>>,
    /// A class whose instances are not awaitable, as was last found out.
    pub(super) never_awaitable: Option<Bound<'py, PyType>>,
    pub(super) arguments: Vec<Arguments>,
    pub(super) methods: Vec<MethodCalls>,
    /// Of which classes instances are of an object type.
    pub(super) accepted: Decisions<()>,
    /// Of which object type the instances of a class are.
    pub(super) told_apart: Decisions<TypeId>,
    pub(super) resolvers: Vec<Option<Resolver<'py>>>,
    pub(super) node_lists: NodeLists<'py>,
}
