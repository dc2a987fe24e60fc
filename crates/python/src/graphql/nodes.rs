//! The syntax nodes of a field, as lists that resolvers and errors are given.

use std::collections::HashMap;

use onecross_graphql::plan::Field;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::handles::PythonHandles;
use super::host::PythonHost;
use crate::cpython::list_of;
use crate::meter::Tally;

/// Lists that were given already, by the addresses of their nodes, which the document keeps alive.
pub(super) type NodeLists<'py> = HashMap<Box<[usize]>, Bound<'py, PyList>>;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The nodes of a field: in a list of their own for each call, or in the same one for all that
    /// are of these nodes, as this line of graphql-core has it.
    pub(super) fn nodes(&mut self, field: &Field<PythonHandles>) -> PyResult<Bound<'py, PyList>> {
        let nodes = field.nodes(self.plan.document());
        if !self.runtime.shares_nodes {
            return list_of(self.py, nodes.map(|node| node.bind(self.py).clone()));
        }
        let key: Box<[usize]> = nodes.map(|node| node.as_ptr().addr()).collect();
        if let Some(known) = self.known.node_lists.get(&key) {
            return Ok(known.clone());
        }
        let nodes = field.nodes(self.plan.document());
        let list = list_of(self.py, nodes.map(|node| node.bind(self.py).clone()))?;
        self.known.node_lists.insert(key, list.clone());
        Ok(list)
    }
}
