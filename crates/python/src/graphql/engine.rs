//! The engine: a schema, the documents made ready for it, and the way from a request to an answer.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use onecross_graphql::document::{Conditions, OperationKind};
use onecross_graphql::execute::Execution;
use onecross_graphql::plan::{Cache, CacheLimits, Plan};
use onecross_graphql::schema::{Schema, TypeId};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::answer::Answer;
use super::description::PythonSchema;
use super::handles::PythonHandles;
use super::host::PythonHost;
use super::prepared::{Prepared, query_text};
use super::request::{Operation, Request};
use super::runtime::Runtime;
use crate::cpython::BytesOutput;
use crate::gate;
use crate::make::Dicts;
use crate::meter::{Counts, Meter, Silent, Stage, Tally};

/// Executes requests over one schema; `onecross.graphql.Engine` is its face.
#[pyclass(frozen, module = "onecross._core")]
pub(crate) struct GraphQLEngine {
    runtime: Runtime,
    schema: Arc<Schema<PythonHandles>>,
    roots: HashMap<String, TypeId>,
    asynchronous: HashSet<String>,
    documents: Mutex<Cache<String, Arc<Prepared>>>,
    executed: AtomicUsize,
    fallbacks: Mutex<BTreeMap<String, usize>>,
}

/// Where an operation goes.
enum Route {
    Engine(Arc<Plan<PythonHandles>>),
    Reference(String),
}

impl GraphQLEngine {
    fn answer<'py, A: Answer<'py>>(
        &self,
        query: &Bound<'py, PyAny>,
        request: &Request<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.metered::<A>(query.py(), Ask::Text(query), request)
    }

    fn metered<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        ask: Ask<'_, 'py>,
        request: &Request<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        gate::enter(|depth| match Meter::current(py)? {
            None => self.serve::<A>(py, ask, request, depth, &mut Silent),
            Some(meter) => {
                let mut counts = Counts::of_one_call();
                let answer = self.serve::<A>(py, ask, request, depth, &mut counts);
                meter.get().add(&counts);
                answer
            }
        })
    }

    fn serve<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        ask: Ask<'_, 'py>,
        request: &Request<'py>,
        depth: &Cell<usize>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let prepared = match ask {
            Ask::Document(document) => Arc::new(Prepared::read(document)?),
            Ask::Text(query) => match self.prepare(query, tally)? {
                Ok(prepared) => prepared,
                Err(errors) => return A::refuse(&self.runtime, errors, tally),
            },
        };
        let Some(place) = prepared.choose(request.operation_name.as_ref())? else {
            let function = self.runtime.request_errors.bind(py);
            let errors =
                tally.call(|| function.call1((&prepared.source, &request.operation_name)))?;
            return A::refuse(&self.runtime, errors.cast_into()?, tally);
        };
        let operation = Operation::new(&prepared, request, place);
        if let Some(errors) = operation.coerce_variables(py, &self.runtime, tally)? {
            return A::refuse(&self.runtime, errors, tally);
        }
        match self.route(py, &prepared, &operation, tally)? {
            Route::Engine(plan) => self.run::<A>(py, &plan, &operation, request, depth, tally),
            Route::Reference(reason) => self.refer::<A>(py, &prepared, request, &reason, tally),
        }
    }

    /// The document of a text: kept from an earlier request, or made ready now.
    fn prepare<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        tally: &mut impl Tally,
    ) -> PyResult<Result<Arc<Prepared>, Bound<'py, PyList>>> {
        let text = query_text(query)?;
        tally.lock();
        if let Some(prepared) = lock(&self.documents).get(text.as_str()) {
            return Ok(Ok(prepared));
        }
        let py = query.py();
        tally.stage(Stage::Prepare, |tally| {
            let answered = tally.call(|| self.runtime.prepare.bind(py).call1((query,)))?;
            let document = match answered.cast_into::<PyList>() {
                Ok(errors) => return Ok(Err(errors)),
                Err(document) => document.into_inner(),
            };
            let prepared = Arc::new(Prepared::read(&document)?);
            let size = prepared.size(text.len());
            tally.lock();
            lock(&self.documents).insert(text, Arc::clone(&prepared), size);
            Ok(Ok(prepared))
        })
    }

    fn route<'py>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        operation: &Operation<'_, 'py>,
        tally: &mut impl Tally,
    ) -> PyResult<Route> {
        let root = match self.root(prepared, operation.place) {
            Ok(root) => root,
            Err(reason) => return Ok(Route::Reference(reason.to_owned())),
        };
        let Some(conditions) = operation.conditions(py, &self.runtime, tally)? else {
            return Ok(Route::Reference("unusual conditions".to_owned()));
        };
        tally.lock();
        Ok(Route::Engine(prepared.plan(&self.schema, operation.place, conditions, root)))
    }

    /// The root type of an operation that the engine can execute, or why it cannot.
    fn root<'a>(&'a self, prepared: &'a Prepared, place: usize) -> Result<TypeId, &'a str> {
        if let Some(reason) = &self.runtime.reference_reason {
            return Err(reason);
        }
        if let Some(reason) = prepared.unsupported {
            return Err(reason);
        }
        let kind = prepared.kind(place);
        if kind == OperationKind::Subscription {
            return Err("subscription");
        }
        if prepared.names_any(&self.asynchronous) {
            return Err("asynchronous resolver");
        }
        self.roots.get(kind.keyword()).copied().ok_or("no such root type")
    }

    fn run<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        plan: &Plan<PythonHandles>,
        operation: &Operation<'_, 'py>,
        request: &Request<'py>,
        depth: &Cell<usize>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.executed.fetch_add(1, Ordering::Relaxed);
        let sink = A::begin(py, plan.expected_size())?;
        let (sink, errors) = tally.stage(Stage::Execute, |tally| {
            let host = PythonHost::new(py, &self.runtime, plan, operation, tally);
            let mut execution = Execution::new(plan, host, sink, depth);
            execution.run(&request.root).map_err(|error| *error)?;
            Ok::<_, PyErr>((execution.sink, execution.errors))
        })?;
        tally.stage(Stage::Finish, |tally| {
            let errors = self.collect(py, errors, tally)?;
            let (answer, size) = sink.finish(&self.runtime, errors, tally)?;
            plan.note_size(size);
            Ok(answer)
        })
    }

    fn collect<'py>(
        &self,
        py: Python<'py>,
        errors: Vec<Box<PyErr>>,
        tally: &mut impl Tally,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        if errors.is_empty() {
            return Ok(None);
        }
        let errors = PyList::new(py, errors.into_iter().map(|error| error.into_value(py)))?;
        if let Some(report) = &self.runtime.report {
            tally.call(|| report.bind(py).call1((&errors,)))?;
        }
        Ok(Some(errors))
    }

    /// Leaves an operation to graphql-core, whole.
    fn refer<'py, A: Answer<'py>>(
        &self,
        py: Python<'py>,
        prepared: &Prepared,
        request: &Request<'py>,
        reason: &str,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        *lock(&self.fallbacks).entry(reason.to_owned()).or_default() += 1;
        tally.fallback();
        let Request { root, context, variables, operation_name } = request;
        let arguments = (&prepared.source, root, context, variables, operation_name);
        let result = tally.stage(Stage::Reference, |tally| {
            tally.call(|| self.runtime.reference.bind(py).call1(arguments))
        })?;
        A::adopt(result, tally)
    }
}

/// What is to be executed: a text, or a document already parsed.
enum Ask<'a, 'py> {
    Text(&'a Bound<'py, PyAny>),
    Document(&'a Bound<'py, PyAny>),
}

/// None of these locks is ever held across Python code.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while a lock of the engine is held")
}

fn request<'py>(
    root: Bound<'py, PyAny>,
    context: Bound<'py, PyAny>,
    variables: Option<Bound<'py, PyAny>>,
    operation_name: Option<Bound<'py, PyAny>>,
) -> Request<'py> {
    Request { root, context, variables, operation_name }
}

#[pymethods]
impl GraphQLEngine {
    #[new]
    fn new(
        description: PythonSchema<'_>,
        runtime: Runtime,
        cache_count: usize,
        cache_bytes: usize,
    ) -> PyResult<Self> {
        let (asynchronous, names) = (description.asynchronous.clone(), description.roots.clone());
        let schema = description.build()?;
        let roots = names
            .into_iter()
            .filter_map(|(kind, name)| Some((kind, schema.find(&name)?)))
            .collect();
        let limits = CacheLimits { count: cache_count, bytes: cache_bytes };
        Ok(Self {
            runtime,
            schema: Arc::new(schema),
            roots,
            asynchronous,
            documents: Mutex::new(Cache::new(limits)),
            executed: AtomicUsize::new(0),
            fallbacks: Mutex::default(),
        })
    }

    /// Executes a text; the answer is JSON.
    fn execute_json<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = request(root_value, context_value, variable_values, operation_name);
        self.answer::<onecross_json::Writer<BytesOutput<'py>>>(query, &request)
    }

    /// Executes a text; the answer is an `ExecutionResult`.
    fn execute<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = request(root_value, context_value, variable_values, operation_name);
        self.answer::<Dicts<'py>>(query, &request)
    }

    /// Executes a document that was already parsed; the answer is an `ExecutionResult`.
    fn execute_document<'py>(
        &self,
        document: &Bound<'py, PyAny>,
        root_value: Bound<'py, PyAny>,
        context_value: Bound<'py, PyAny>,
        variable_values: Option<Bound<'py, PyAny>>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = request(root_value, context_value, variable_values, operation_name);
        self.metered::<Dicts<'py>>(document.py(), Ask::Document(document), &request)
    }

    /// The plan of an operation as text; the errors of the text as a list when it has some.
    fn explain<'py>(
        &self,
        query: &Bound<'py, PyAny>,
        operation_name: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = query.py();
        gate::enter(|_| {
            let prepared = match self.prepare(query, &mut Silent)? {
                Ok(prepared) => prepared,
                Err(errors) => return Ok(errors.into_any()),
            };
            let Some(place) = prepared.choose(operation_name.as_ref())? else {
                let function = self.runtime.request_errors.bind(py);
                return function.call1((&prepared.source, &operation_name));
            };
            let text = self.explanation(&prepared, place);
            Ok(text.into_pyobject(py)?.into_any())
        })
    }

    /// How many operations the engine executed.
    #[getter]
    fn executed(&self) -> usize {
        self.executed.load(Ordering::Relaxed)
    }

    /// How many operations were left to graphql-core, by reason.
    #[getter]
    fn fallbacks(&self) -> BTreeMap<String, usize> {
        lock(&self.fallbacks).clone()
    }

    /// How many documents are kept, and about how many bytes they take.
    #[getter]
    fn cached(&self) -> (usize, usize) {
        let documents = lock(&self.documents);
        (documents.len(), documents.bytes())
    }

    /// Forgets all documents.
    fn clear_cache(&self) {
        lock(&self.documents).clear();
    }
}

impl GraphQLEngine {
    fn explanation(&self, prepared: &Prepared, place: usize) -> String {
        let root = match self.root(prepared, place) {
            Ok(root) => root,
            Err(reason) => {
                let kind = prepared.kind(place).keyword();
                return format!("{kind}: left to graphql-core, whole ({reason})\n");
            }
        };
        let names = prepared.document.conditions();
        let conditions = Conditions::new(names.iter().map(|_| true));
        let mut text = prepared.plan(&self.schema, place, conditions, root).explain();
        if !names.is_empty() {
            let assumed: Vec<_> = names.iter().map(|name| format!("${name} = true")).collect();
            text.push_str(&format!("assuming {}\n", assumed.join(", ")));
        }
        text
    }
}
