//! The engine as Python sees it: a schema, and the documents made ready for it.

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use onecross_graphql::plan::{Cache, CacheLimits};
use onecross_graphql::schema::{Schema, TypeId};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::answer::Json;
use super::carry_out::{CarriedOut, CarryOut};
use super::description::PythonSchema;
use super::executor::{Awaiting, Preparation, PreparedOperation};
use super::handles::{self, PythonHandles};
use super::mappings::Mappings;
use super::prepared::{Prepared, query_key};
use super::request::Request;
use super::runtime::Runtime;
use super::serve::{Adopt, Ask, Serve, lock, metered};
use crate::cpython::{new_count, new_dict, new_text, tuple_of};
use crate::errors;
use crate::fault::{self, Place};
use crate::gate;
use crate::make::Dicts;
use crate::meter::Silent;

/// Executes requests over one schema; `onecross.graphql.Engine` is its face.
#[pyclass(frozen, module = "onecross._core")]
pub(crate) struct GraphQLEngine {
    pub(super) runtime: Runtime,
    /// The caller's encoder of what JSON does not know.
    pub(super) default: Option<Py<PyAny>>,
    pub(super) schema: Arc<Schema<PythonHandles>>,
    pub(super) roots: HashMap<String, TypeId>,
    pub(super) documents: Mutex<Cache<Box<[u8]>, Arc<Prepared>>>,
    pub(super) mappings: Mappings,
    pub(super) executed: AtomicUsize,
    pub(super) fallbacks: Mutex<BTreeMap<String, usize>>,
}

/// The root value, the context, the values of variables, the name of the operation, and how
/// awaitables are told.
type Given<'py> = (
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Awaiting<'py>>,
);

fn request<'py>((root, context, variables, operation_name, awaiting): Given<'py>) -> Request<'py> {
    Request { root, context, variables, operation_name, awaiting }
}

#[pymethods]
impl GraphQLEngine {
    #[new]
    fn new(
        py: Python<'_>,
        description: PythonSchema<'_>,
        runtime: Runtime,
        default: Option<Py<PyAny>>,
        cache_count: usize,
        cache_bytes: usize,
    ) -> PyResult<Self> {
        let names = description.roots.clone();
        let schema = gate::guard(|| {
            errors::prepare(py);
            description.build()
        })?;
        let roots = names
            .into_iter()
            .filter_map(|(kind, name)| Some((kind, schema.find(&name)?)))
            .collect();
        let limits = CacheLimits { count: cache_count, bytes: cache_bytes };
        Ok(Self {
            runtime,
            default,
            schema: Arc::new(schema),
            roots,
            documents: Mutex::new(Cache::new(limits)),
            mappings: Mappings::default(),
            executed: AtomicUsize::new(0),
            fallbacks: Mutex::default(),
        })
    }

    /// A resolver may have the engine that calls it.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.runtime.traverse(&visit)?;
        visit.call(&self.default)?;
        for named in self.schema.types() {
            handles::traverse(named, &visit)?;
        }
        Ok(())
    }

    /// Executes a text; the answer is JSON, or what gives it once all that is awaited is there.
    #[expect(clippy::too_many_arguments, reason = "they are graphql-core's")]
    fn execute_json<'py>(
        slf: &Bound<'py, Self>,
        query: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
        awaiting: Option<Awaiting<'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = (root_value, context_value, variable_values, operation_name, awaiting);
        metered(slf.py(), Serve::<Json<'py>>::new(slf, Ask::Text(query), request(given)))
    }

    /// Executes a text; the answer is an `ExecutionResult`, or what gives it.
    #[expect(clippy::too_many_arguments, reason = "they are graphql-core's")]
    fn execute<'py>(
        slf: &Bound<'py, Self>,
        query: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
        awaiting: Option<Awaiting<'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = (root_value, context_value, variable_values, operation_name, awaiting);
        metered(slf.py(), Serve::<Dicts<'py>>::new(slf, Ask::Text(query), request(given)))
    }

    /// Executes a document that was already parsed; the answer is an `ExecutionResult`.
    fn execute_document<'py>(
        slf: &Bound<'py, Self>,
        document: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = (root_value, context_value, variable_values, operation_name, None);
        metered(slf.py(), Serve::<Dicts<'py>>::new(slf, Ask::Document(document), request(given)))
    }

    /// Makes JSON of an `ExecutionResult` that graphql-core gave.
    fn adopt_json<'py>(&self, result: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        metered(result.py(), Adopt { engine: self, result })
    }

    /// Reads an operation and the fragments of its document, to be executed any number of times.
    fn prepare_operation(
        &self,
        operation: &Bound<'_, PyAny>,
        fragments: &Bound<'_, PyDict>,
    ) -> PyResult<PreparedOperation> {
        gate::guard(|| {
            let prepared = Arc::new(Prepared::read_operation(operation, fragments)?);
            Ok(PreparedOperation { prepared })
        })
    }

    /// Executes what graphql-core has prepared: its data and its errors, or what gives the result
    /// once all that is awaited is there; `None` when it must be left to graphql-core.
    fn execute_prepared<'py>(
        slf: &Bound<'py, Self>,
        operation: &Bound<'py, PreparedOperation>,
        preparation: Preparation<'py>,
    ) -> PyResult<Option<CarriedOut<'py>>> {
        let (engine, form) = (slf, PhantomData::<Dicts<'py>>);
        metered(slf.py(), CarryOut { engine, operation, preparation, default: None, form })
    }

    /// The same, with the data as JSON.
    fn execute_prepared_json<'py>(
        slf: &Bound<'py, Self>,
        operation: &Bound<'py, PreparedOperation>,
        preparation: Preparation<'py>,
        default: Py<PyAny>,
    ) -> PyResult<Option<CarriedOut<'py>>> {
        let (engine, default, form) = (slf, Some(&default), PhantomData::<Json<'py>>);
        metered(slf.py(), CarryOut { engine, operation, preparation, default, form })
    }

    /// The plan of an operation as text; the errors of the text as a list when it has some.
    fn explain<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = query.py();
        gate::guard(|| {
            let prepared = match self.prepare(query, &query_key(query)?, &mut Silent)? {
                Ok(prepared) => prepared,
                Err(errors) => return Ok(errors.into_any()),
            };
            let Some(place) = prepared.choose(operation_name.as_ref())? else {
                let function = self.runtime.request_errors.bind(py);
                return function.call1((&prepared.source, &operation_name));
            };
            Ok(new_text(py, &self.explanation(&prepared, place)).into_any())
        })
    }

    /// How many operations the engine executed.
    #[getter]
    fn executed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| Ok(new_count(py, self.executed.load(Ordering::Relaxed))))
    }

    /// How many operations were left to graphql-core, by reason.
    #[getter]
    fn fallbacks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        gate::guard(|| {
            let (counts, made) = (lock(&self.fallbacks).clone(), new_dict(py)?);
            for (reason, count) in counts {
                made.set_item(new_text(py, &reason), new_count(py, count))?;
            }
            Ok(made)
        })
    }

    /// How many documents are kept, and about how many bytes they take.
    #[getter]
    fn cached<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        gate::guard(|| {
            let (count, bytes) = {
                let documents = lock(&self.documents);
                (documents.len(), documents.bytes())
            };
            tuple_of(py, [new_count(py, count), new_count(py, bytes)])
        })
    }

    /// Forgets all documents.
    fn clear_cache(&self) -> PyResult<()> {
        gate::guard(|| {
            self.forget();
            Ok(())
        })
    }
}

impl Drop for GraphQLEngine {
    fn drop(&mut self) {
        gate::destroy(|| {
            fault::point(Place::Destroy);
            self.forget();
        });
    }
}

impl GraphQLEngine {
    fn forget(&self) {
        let dropped = lock(&self.documents).take();
        // Dropping may run anybody's code, so no lock is held.
        drop(dropped);
    }

    fn explanation(&self, prepared: &Prepared, place: usize) -> String {
        let root = match self.root(prepared, place) {
            Ok(Some(root)) => root,
            Ok(None) => return format!("{}: no such root type\n", prepared.kind(place).keyword()),
            Err(reason) => {
                let kind = prepared.kind(place).keyword();
                return format!("{kind}: left to graphql-core, whole ({reason})\n");
            }
        };
        let conditions = prepared.conditions_within(place);
        let mut text = prepared.plan(&self.schema, (place, conditions, false), root).explain();
        let names = prepared.document.conditions().iter().enumerate();
        let names = names.filter(|(place, _)| conditions.has(*place));
        let assumed: Vec<_> = names.map(|(_, name)| format!("${name} = true")).collect();
        if !assumed.is_empty() {
            text.push_str(&format!("assuming {}\n", assumed.join(", ")));
        }
        text
    }
}
