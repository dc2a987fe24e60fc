//! A document made ready: read once, its plans kept for as long as it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use onecross_graphql::document::{Conditions, Document, Needed, OperationKind};
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::{Schema, TypeId};
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::handles::PythonHandles;
use super::syntax::Syntax;
use crate::cpython::Text;
use crate::errors::new_error;

/// How many plans a document keeps: one for each operation and each set of conditions.
const PLAN_LIMIT: usize = 64;

/// How deep fragments may be nested on one level of a document: graphql-core refuses more, at a
/// depth that is a matter of the interpreter's limit on recursion.
const NESTING_LIMIT: usize = 100;

/// About how many bytes of Python memory each byte of a document's text costs when it is parsed:
/// nodes, locations and the tokens they point to.
const SYNTAX_BYTES_PER_TEXT_BYTE: usize = 150;

/// A document that was parsed and validated.
pub(crate) struct Prepared {
    /// The `DocumentNode`; `None` where Python keeps what this was read from.
    pub(crate) source: Option<Py<PyAny>>,
    /// The nodes of its operations; none where Python keeps them.
    pub(crate) operations: Vec<Py<PyAny>>,
    /// The document as plans are compiled from it.
    pub(crate) document: Arc<Document<Py<PyAny>>>,
    /// Operations whose errors leave a null where they occurred.
    in_place: Vec<usize>,
    /// Which variables decide what is selected, for each operation, found out when it is asked for.
    conditions_within: Vec<OnceLock<Conditions>>,
    /// Whether what is selected depends on the variables of fragments.
    pub(crate) has_scoped_conditions: bool,
    /// The variables that must have values if it does; `None` if that is not enough.
    needed: Option<Vec<Needed>>,
    /// Why it must be left to graphql-core.
    pub(crate) unsupported: Option<&'static str>,
    plans: Mutex<Plans>,
}

/// What a plan is for: the place of the operation, the conditions it holds under, and whether the
/// names of types are resolved as fields are.
pub(crate) type PlanKind = (usize, Conditions, bool);

type Plans = HashMap<PlanKind, Arc<Plan<PythonHandles>>>;

impl Prepared {
    /// Reads a `DocumentNode`.
    pub(crate) fn read(node: &Bound<'_, PyAny>) -> PyResult<Self> {
        let read = Self::new(Syntax::read(node)?);
        Ok(Self { source: Some(node.clone().unbind()), ..read })
    }

    /// Reads an operation and the fragments of its document, none of which is kept alive.
    pub(crate) fn read_operation(
        operation: &Bound<'_, PyAny>,
        fragments: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let read = Self::new(Syntax::read_operation(operation, fragments)?);
        Ok(Self { operations: Vec::new(), ..read })
    }

    fn new(syntax: Syntax) -> Self {
        let Syntax { document, operations, in_place, deciding, unsupported, .. } = syntax;
        let has_scoped_conditions = deciding.is_scoped();
        let needed = if has_scoped_conditions { deciding.needed() } else { None };
        let is_deep = document.nesting() > NESTING_LIMIT;
        let unsupported = unsupported.or(is_deep.then_some("deeply nested selections"));
        let conditions_within = document.operations.iter().map(|_| OnceLock::new()).collect();
        let (document, plans) = (Arc::new(document), Mutex::default());
        Self {
            source: None,
            operations,
            document,
            in_place,
            conditions_within,
            has_scoped_conditions,
            needed,
            unsupported,
            plans,
        }
    }

    /// Whether an operation asks that errors leave a null where they occurred.
    pub(crate) fn keeps_errors_in_place(&self, operation: usize) -> bool {
        self.in_place.contains(&operation)
    }

    /// The variables that decide what an operation selects.
    pub(crate) fn conditions_within(&self, operation: usize) -> Conditions {
        if self.document.conditions().is_empty() {
            return Conditions::default();
        }
        let found = &self.conditions_within[operation];
        *found.get_or_init(|| self.document.conditions_within(operation))
    }

    /// The variables that must have values where those of fragments decide what an operation
    /// selects; `None` if that is not enough.
    pub(crate) fn needed(&self, operation: usize) -> Option<impl Iterator<Item = &Needed>> {
        let is_for = move |needed: &&Needed| needed.operation.is_none_or(|only| only == operation);
        Some(self.needed.as_ref()?.iter().filter(is_for))
    }

    /// About how many bytes it takes, its plans included, for a text of that length.
    pub(crate) fn size(&self, text: usize) -> usize {
        let plans = self.plans.lock().expect("nothing panics while it is held");
        let plans: usize = plans.values().map(|plan| plan.size()).sum();
        self.document.size() * 4 + text * SYNTAX_BYTES_PER_TEXT_BYTE + plans
    }

    /// The place of the operation of that name, or of the only one when no name is given.
    pub(crate) fn choose(&self, name: Option<&Bound<'_, PyAny>>) -> PyResult<Option<usize>> {
        let operations = &self.document.operations;
        let Some(name) = name else {
            return Ok((operations.len() == 1).then_some(0));
        };
        let Ok(name) = name.cast::<PyString>() else { return Ok(None) };
        let name = Text::of(name).to_lossy();
        let named = |operation: &onecross_graphql::document::Operation| {
            operation.name.as_deref() == Some(name.as_str())
        };
        // graphql-core takes the last of several operations that share a name.
        Ok(operations.iter().rposition(named))
    }

    /// The plan of an operation under some conditions.
    pub(crate) fn plan(
        &self,
        schema: &Arc<Schema<PythonHandles>>,
        kind: PlanKind,
        root: TypeId,
    ) -> Arc<Plan<PythonHandles>> {
        let mut plans = self.plans.lock().expect("nothing panics while it is held");
        if let Some(plan) = plans.get(&kind) {
            return Arc::clone(plan);
        }
        if plans.len() >= PLAN_LIMIT {
            plans.clear();
        }
        let (schema, document) = (Arc::clone(schema), Arc::clone(&self.document));
        let (operation, conditions, resolves_type_names) = kind;
        let plan = Plan::new(schema, document, operation, conditions, root);
        let plan =
            Arc::new(if resolves_type_names { plan.with_resolved_type_names() } else { plan });
        plans.insert(kind, Arc::clone(&plan));
        plan
    }

    /// The kind of an operation.
    pub(crate) fn kind(&self, operation: usize) -> OperationKind {
        self.document.operations[operation].kind
    }
}

/// What a query is known by, no two alike: its text, or that of a graphql-core `Source` with the
/// name and the place that its errors tell.
///
/// No boxed slice: where there is none, what drops it may look at the length that it would have,
/// which is harmless, but nothing that valgrind could tell from a defect.
pub(crate) fn query_key(query: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = query.cast::<PyString>() {
        return Ok(Text::of(text).to_key().into_vec());
    }
    let py = query.py();
    source_key(query).or_else(|error| {
        if !error.is_instance_of::<PyException>(py) {
            return Err(error);
        }
        let class = query.get_type().name()?;
        let class = Text::of(&class).to_lossy();
        let message = format!("a query must be a str or a graphql-core Source, not {class}");
        Err(new_error::<PyTypeError>(py, &message))
    })
}

fn source_key(source: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let py = source.py();
    let body = source.getattr(intern!(py, "body"))?;
    let name = source.getattr(intern!(py, "name"))?;
    let place = source.getattr(intern!(py, "location_offset"))?;
    let line: i64 = place.getattr(intern!(py, "line"))?.extract()?;
    let column: i64 = place.getattr(intern!(py, "column"))?.extract()?;
    let name = Text::of(name.cast()?).to_key();
    // No text of its own has this byte, and the length tells the name from what follows.
    let mut key = vec![0xff];
    key.extend(format!("{line}:{column}:{}:", name.len()).into_bytes());
    key.extend(name);
    key.extend(Text::of(body.cast()?).to_key());
    Ok(key)
}
