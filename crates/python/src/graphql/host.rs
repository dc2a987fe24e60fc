//! Python as the host of a plan: its objects are the values, its functions the resolvers.

use std::slice;

use onecross_graphql::execute::{Awaited, Call, Came, Host, Link, Path, Segment, Sink, Unlocated};
use onecross_graphql::plan::{Field, Plan, ScopeId};
use onecross_graphql::schema::{Abstract, Object, TypeId};
use pyo3::exceptions::{PyException, PyRecursionError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyIterator, PyList, PyString};

use super::arguments::Coerced;
use super::executor::Awaiting;
use super::handles::{AbstractHandle, FieldHandle, LeafHandle, ObjectHandle, PythonHandles};
use super::knowledge::Knowledge;
use super::later::{Awaitable, PythonPlace};
use super::mappings::Mappings;
use super::request::Operation;
use super::resolution::Resolution;
use super::runtime::Runtime;
use crate::cpython::{
    ListItems, has_python_method, interned, iterates_by_python, list_of, may_be_awaitable,
    may_be_exception, named_tuple, new_integer, new_text, untrack_if_plain, write_plain_items,
};
use crate::fault::{self, Place};
use crate::gate::Passage;
use crate::json::Encoder;
use crate::meter::Tally;
use crate::read::Leaves;

/// One execution's view of Python.
pub(crate) struct PythonHost<'a, 'py, T> {
    pub(super) py: Python<'py>,
    pub(super) runtime: &'a Runtime,
    pub(super) mappings: &'a Mappings,
    pub(super) plan: &'a Plan<PythonHandles>,
    pub(super) operation: &'a Operation<'py>,
    pub(super) known: Box<Knowledge<'py>>,
    /// Whether something may stand between fields and how they are described.
    is_customized: bool,
    /// How awaitables are told, if they are.
    pub(super) awaiting: Option<&'a Awaiting<'py>>,
    /// Awaitables that no place is left for.
    pub(super) abandoned: Vec<Bound<'py, PyAny>>,
    /// Errors that graphql-core has given their places.
    pub(super) told_before: Vec<PyErr>,
    /// Whether a value was awaitable in an execution that has no answer then.
    pub(super) is_refused: bool,
    pub(super) passage: &'a Passage<'py>,
    /// The caller's encoder of what JSON does not know.
    pub(super) default: Option<&'a Py<PyAny>>,
    pub(super) tally: &'a mut T,
}

/// The items of a value that stands for a list.
pub(crate) enum Items<'py> {
    /// Of a list or tuple.
    Sequence(ListItems<'py>),
    /// Of anything else that can be iterated over.
    /// Whether its items are made by Python code stands beside it.
    Iterator(Bound<'py, PyIterator>, bool),
}

/// A call as the rules make it for this host.
pub(super) type PythonCall<'a, 'py> = Call<'a, PythonHandles, Bound<'py, PyAny>, Bound<'py, PyAny>>;
/// A path as the rules make it for this host.
pub(super) type PythonPath<'a, 'py> = Path<'a, PythonHandles, Bound<'py, PyAny>>;

impl<'a, 'py, T: Tally> PythonHost<'a, 'py, T> {
    pub(crate) fn new(
        (runtime, mappings): (&'a Runtime, &'a Mappings),
        plan: &'a Plan<PythonHandles>,
        operation: &'a Operation<'py>,
        known: Box<Knowledge<'py>>,
        (passage, default): (&'a Passage<'py>, Option<&'a Py<PyAny>>),
        tally: &'a mut T,
    ) -> Self {
        let is_customized = operation.preparation().is_some();
        Self {
            py: operation.root().py(),
            runtime,
            mappings,
            plan,
            operation,
            known,
            is_customized,
            awaiting: operation.awaiting(),
            abandoned: Vec::new(),
            told_before: Vec::new(),
            is_refused: false,
            passage,
            default,
            tally,
        }
    }

    pub(super) fn is_undefined(&self, value: &Bound<'py, PyAny>) -> bool {
        value.is(&self.runtime.undefined)
    }

    pub(super) fn is_true(&mut self, answer: &Bound<'py, PyAny>) -> PyResult<bool> {
        let by_python =
            has_python_method(answer, c"__bool__") || has_python_method(answer, c"__len__");
        if by_python { self.tally.call(|| answer.is_truthy()) } else { answer.is_truthy() }
    }

    /// Whether a value is null, if it is none that must not be taken for a value.
    fn examine(&mut self, value: &Bound<'py, PyAny>) -> Result<bool, Box<PyErr>> {
        if value.is_none() {
            return Ok(true);
        }
        let may_be_exception = may_be_exception(value);
        let exception = self.py.get_type::<PyException>();
        if may_be_exception && self.tally.call(|| value.is_instance(&exception))? {
            return Err(Box::new(PyErr::from_value(value.clone())));
        }
        // In graphql-core 3.2 it is an error, and was found to be one.
        if self.is_undefined(value) {
            return Ok(true);
        }
        if self.runtime.refusal.is_some() && may_be_awaitable(value) {
            self.is_refused = true;
            dispose(value);
            return Ok(true);
        }
        if !may_be_exception {
            self.known.ordinary = Some(value.get_type());
        }
        Ok(false)
    }

    /// Whether the executor wants to be asked about each value, whatever its class.
    #[inline]
    pub(super) fn asks_about_values(&self) -> bool {
        self.awaiting.is_some_and(|awaiting| !awaiting.goes_by_class)
    }

    fn id_of(&self, object: &Object<PythonHandles>) -> TypeId {
        self.plan.schema().find(object.name.text()).expect("the object type is of the schema")
    }

    /// An error whose text needs graphql-core's own words.
    fn told(&mut self, made: PyResult<Bound<'py, PyAny>>) -> Box<PyErr> {
        Box::new(made.map_or_else(|error| error, PyErr::from_value))
    }
}

/// What the schema attached to the field of a call.
pub(super) fn handle(field: &Field<PythonHandles>) -> &FieldHandle {
    &field.definition().expect("the name of a type is not resolved").handle
}

impl<'py, S, T: Tally> Host<S> for PythonHost<'_, 'py, T>
where
    S: Sink<Py<PyString>> + Leaves,
{
    type Handles = PythonHandles;
    type Value = Bound<'py, PyAny>;
    type Items = Items<'py>;
    /// Boxed, so that results fit registers.
    type Error = Box<PyErr>;
    type Path = Bound<'py, PyAny>;
    type Info = Bound<'py, PyAny>;
    type Pending = Awaitable<'py>;

    fn enter_scope(
        &mut self,
        _plan: &Plan<PythonHandles>,
        scope: ScopeId,
    ) -> Result<(), Box<PyErr>> {
        self.fragment_variables(Some(scope))?;
        Ok(())
    }

    #[inline]
    fn resolve(
        &mut self,
        call: &PythonCall<'_, 'py>,
        source: &Bound<'py, PyAny>,
    ) -> Result<Bound<'py, PyAny>, Box<PyErr>> {
        fault::point(Place::Resolve);
        if self.is_customized
            && let Some(resolved) = self.by_custom_resolver(call, source)
        {
            return Ok(resolved?);
        }
        match &handle(call.field).resolution {
            Resolution::Attribute(name) => Ok(self.attribute(call.field, 0, source, name)?),
            Resolution::Default => {
                let name = &handle(call.field).name;
                Ok(self.path(call, source, slice::from_ref(name))?)
            }
            Resolution::Path(names) => Ok(self.path(call, source, names)?),
            Resolution::Lookup(lookup) => Ok(self.look_up(call, source, lookup)?),
            Resolution::Element(element, resolver) => {
                Ok(self.element(call, source, (element, resolver))?)
            }
            Resolution::Stored(stored, resolver) => {
                Ok(self.stored_or_resolved(call, source, (stored, resolver))?)
            }
            Resolution::ClassValue(values, resolver) => {
                Ok(self.class_value(call, source, (values, resolver))?)
            }
            Resolution::Method(method, resolver) => {
                Ok(self.method(call, source, (method, resolver))?)
            }
            Resolution::Function(resolver) => {
                let arguments = self.arguments(call.field)?;
                let resolver = resolver.bind(self.py);
                Ok(self.call_with_info(resolver, Some(source), call, &arguments)?)
            }
        }
    }

    #[inline]
    fn plain_fields(
        &mut self,
        fields: &[Field<PythonHandles>],
        source: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> usize {
        self.write_row(fields, source, sink)
    }

    #[inline]
    fn await_value(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        value: Bound<'py, PyAny>,
    ) -> Result<Awaited<Bound<'py, PyAny>, Awaitable<'py>>, Box<PyErr>> {
        if self.awaiting.is_none() {
            return Ok(Awaited::Ready(value));
        }
        Ok(self.tell(place, value)?)
    }

    fn come(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        pending: Awaitable<'py>,
        value: Bound<'py, PyAny>,
    ) -> Result<Came<Bound<'py, PyAny>, Awaitable<'py>>, Box<PyErr>> {
        Ok(self.take(place, pending, value)?)
    }

    fn write_response(
        &mut self,
        value: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> Result<(), Box<PyErr>> {
        let encoder = &mut Encoder::new(self.default, self.passage, self.tally);
        Ok(sink.object(value, encoder)?)
    }

    #[inline]
    fn is_null(&mut self, value: &Bound<'py, PyAny>) -> Result<bool, Box<PyErr>> {
        match &self.known.ordinary {
            Some(class) if class.as_type_ptr() == value.get_type_ptr() => Ok(false),
            _ if value.is_exact_instance_of::<PyList>()
                || value.is_exact_instance_of::<PyString>()
                || value.is_exact_instance_of::<PyInt>() =>
            {
                Ok(false)
            }
            _ => self.examine(value),
        }
    }

    #[inline]
    fn leaf(
        &mut self,
        leaf: &LeafHandle,
        value: &Bound<'py, PyAny>,
        sink: &mut S,
    ) -> Result<(), Box<PyErr>> {
        Ok(self.write_leaf(leaf, value, sink)?)
    }

    #[inline]
    fn items(
        &mut self,
        call: &PythonCall<'_, 'py>,
        value: &Bound<'py, PyAny>,
    ) -> Result<(Items<'py>, usize), Box<PyErr>> {
        if let Some(items) = ListItems::of(value) {
            let length = items.len();
            return Ok((Items::Sequence(items), length));
        }
        let is_iterable =
            self.tally.call(|| self.runtime.is_iterable.bind(self.py).call1((value,)))?;
        if !self.is_true(&is_iterable)? {
            let field = handle(call.field);
            let error = self.tally.call(|| {
                self.runtime.not_iterable.bind(self.py).call1((&field.parent, &field.name))
            });
            return Err(self.told(error));
        }
        let iterator = if has_python_method(value, c"__iter__") {
            self.tally.call(|| value.try_iter())?
        } else {
            value.try_iter()?
        };
        let by_python = iterates_by_python(&iterator);
        Ok((Items::Iterator(iterator, by_python), 0))
    }

    #[inline]
    fn next_item(
        &mut self,
        items: &mut Items<'py>,
    ) -> Result<Option<Bound<'py, PyAny>>, Box<PyErr>> {
        match items {
            Items::Sequence(items) => {
                let item = items.next();
                self.tally.read(usize::from(item.is_some()));
                Ok(item)
            }
            Items::Iterator(iterator, true) => {
                self.passage.note_call();
                Ok(self.tally.call(|| iterator.next()).transpose()?)
            }
            Items::Iterator(iterator, false) => {
                self.passage.note_call();
                self.tally.read(1);
                Ok(iterator.next().transpose()?)
            }
        }
    }

    fn leave_items(&mut self, items: &mut Items<'py>) -> Result<(), Box<PyErr>> {
        let is_plain = matches!(items, Items::Sequence(_)) && self.awaiting.is_none();
        if !self.runtime.drains_iterators || is_plain {
            return Ok(());
        }
        let mut done = 0;
        loop {
            done += 1;
            self.passage.pulse_idle(done)?;
            let item = match Host::<S>::next_item(self, items) {
                Ok(Some(item)) => item,
                Err(error) if !error.is_instance_of::<PyException>(self.py) => return Err(error),
                Ok(None) | Err(_) => return Ok(()),
            };
            match self.is_awaitable(&item) {
                Ok(true) => self.abandoned.push(item),
                Ok(false) => {}
                Err(error) if !error.is_instance_of::<PyException>(self.py) => {
                    return Err(Box::new(error));
                }
                Err(_) => return Ok(()),
            }
        }
    }

    #[inline]
    fn plain_items(
        &mut self,
        leaf: &LeafHandle,
        nullable: bool,
        items: &mut Items<'py>,
        sink: &mut S,
    ) -> usize {
        if self.asks_about_values() {
            return 0;
        }
        let (Items::Sequence(items), Some(plain)) = (items, leaf.plain) else { return 0 };
        let written = write_plain_items(items, self.py, plain, nullable, sink);
        self.tally.read(written);
        written
    }

    #[inline]
    fn pulse(&mut self, sink: &S) -> Result<(), Box<PyErr>> {
        self.passage.pulse(sink.written())
    }

    #[inline]
    fn check_type(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        object: &Object<PythonHandles>,
        value: &Bound<'py, PyAny>,
    ) -> Result<Awaited<(), Awaitable<'py>>, Box<PyErr>> {
        let call = place.call;
        let ObjectHandle { is_type_of, decided_by_class, .. } = &object.handle;
        let Some(is_type_of) = is_type_of else { return Ok(Awaited::Ready(())) };
        if let Some(decided) = decided_by_class
            && decided.answer(&self.known.accepted, value).is_some()
        {
            return Ok(Awaited::Ready(()));
        }
        let absent = Coerced::Absent;
        let answer = self.call_with_info(is_type_of.bind(self.py), Some(value), call, &absent)?;
        if self.is_awaitable(&answer)? {
            let (value, awaited) = (value.clone(), answer);
            let id = self.id_of(object);
            return Ok(Awaited::Pending(Awaitable::IsTypeOf { value, id, awaited }));
        }
        if self.is_true(&answer)? {
            if let Some(decided) = decided_by_class {
                decided.remember(&mut self.known.accepted, value, ());
            }
            return Ok(Awaited::Ready(()));
        }
        let id = self.id_of(object);
        Err(Box::new(self.wrong_object(call, id, value)?))
    }

    fn runtime_type(
        &mut self,
        place: &PythonPlace<'_, 'py>,
        interface_or_union: &Abstract<PythonHandles>,
        value: &Bound<'py, PyAny>,
    ) -> Result<Awaited<TypeId, Awaitable<'py>>, Box<PyErr>> {
        let call = place.call;
        let AbstractHandle { definition, resolve_type, decided_by_class } =
            &interface_or_union.handle;
        let resolver = self.type_resolver(&interface_or_union.handle)?;
        let is_as_described = resolve_type.as_ref().is_some_and(|own| resolver.is(own));
        let decided_by_class = decided_by_class.as_ref().filter(|_| is_as_described);
        if let Some(decided) = decided_by_class
            && let Some(id) = decided.answer(&self.known.told_apart, value)
        {
            return Ok(Awaited::Ready(id));
        }
        let info = self.info(call)?;
        let name = self.tally.call(|| resolver.call1((value, info, definition)))?;
        if self.is_awaitable(&name)? {
            let (value, awaited) = (value.clone(), name);
            return Ok(Awaited::Pending(Awaitable::TypeName { value, awaited }));
        }
        let id = self.named_type(call, interface_or_union, value, name)?;
        if let Some(decided) = decided_by_class {
            decided.remember(&mut self.known.told_apart, value, id);
        }
        Ok(Awaited::Ready(id))
    }

    fn is_refused(&self) -> bool {
        self.is_refused
    }

    fn abandon(&mut self, pending: Awaitable<'py>) {
        self.abandoned.push(pending.awaited().clone());
    }

    fn null_error(&mut self, call: &PythonCall<'_, 'py>) -> Box<PyErr> {
        let field = handle(call.field);
        let error = self
            .tally
            .call(|| self.runtime.null_error.bind(self.py).call1((&field.parent, &field.name)));
        self.told(error)
    }

    fn depth_error(&mut self) -> Box<PyErr> {
        Box::new(PyRecursionError::new_err("maximum recursion depth exceeded"))
    }

    fn locate(
        &mut self,
        error: Box<PyErr>,
        call: &PythonCall<'_, 'py>,
        path: &PythonPath<'_, 'py>,
    ) -> Result<Box<PyErr>, Unlocated<Box<PyErr>>> {
        if self.passage.is_interrupted() || !error.is_instance_of::<PyException>(self.py) {
            return Err(Unlocated::Fatal(error));
        }
        let located = self.nodes(call.field).and_then(|nodes| {
            let path = path_list(self.py, path)?;
            let arguments = ((*error).into_value(self.py), nodes, path);
            self.tally.call(|| self.runtime.located_error.bind(self.py).call1(arguments))
        });
        match located {
            Ok(located) => Ok(Box::new(PyErr::from_value(located))),
            Err(failed) => Err(Unlocated::Failed(Box::new(failed))),
        }
    }
}

/// Closes a coroutine that is never awaited, or it would warn of itself later.
#[cold]
pub(super) fn dispose(value: &Bound<'_, PyAny>) {
    if let Ok(close) = value.getattr(intern!(value.py(), "close")) {
        let _ = close.call0();
    }
}

/// A path as the list of keys and indices that errors carry.
fn path_list<'py>(py: Python<'py>, path: &PythonPath<'_, 'py>) -> PyResult<Bound<'py, PyList>> {
    let segments = path.segments().into_iter().map(|segment| match segment {
        Segment::Key(key, _) => new_text(py, &key).into_any(),
        Segment::Index(index) => new_integer(py, index as i64),
    });
    list_of(py, segments)
}

/// graphql-core's form of the path to a place that is come back to.
fn resumed_path<'py>(
    runtime: &Runtime,
    plan: &Plan<PythonHandles>,
    steps: &[Segment],
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let none = py.None().into_bound(py);
    steps.iter().try_fold(none.clone(), |previous, step| {
        let (key, type_name) = match step {
            Segment::Key(key, parent) => {
                let name = &plan.schema().object(*parent).name;
                let name = name.handle(|text| interned(py, text).unbind());
                (interned(py, key).into_any(), name.bind(py).clone().into_any())
            }
            Segment::Index(index) => (new_integer(py, *index as i64), none.clone()),
        };
        path_part(runtime, py, [previous, key, type_name])
    })
}

/// A part of graphql-core's form of a path: what is before it, its key, and the name of a type.
fn path_part<'py>(
    runtime: &Runtime,
    py: Python<'py>,
    parts: [Bound<'py, PyAny>; 3],
) -> PyResult<Bound<'py, PyAny>> {
    let part = named_tuple(runtime.path_class.bind(py), parts, None)?;
    // A path ends as its list or object does, among thousands, and the collector would look at each.
    untrack_if_plain(part.cast()?);
    Ok(part)
}

/// graphql-core's form of a path, each part made once and shared.
pub(super) fn path_object<'py>(
    runtime: &Runtime,
    plan: &Plan<PythonHandles>,
    path: &PythonPath<'_, 'py>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let none = || py.None().into_bound(py);
    // A path may have a thousand parts and the thread little stack, so no part makes the one before.
    let mut unmade = Vec::new();
    let mut place = path;
    let mut made = loop {
        if let Some(made) = place.made() {
            break made.clone();
        }
        let (parent, key, type_name) = match place.link() {
            Link::Root => break none(),
            Link::Resumed(resumed) => {
                let steps = resumed.steps;
                break place.handle(|| resumed_path(runtime, plan, steps, py))?.clone();
            }
            Link::Field(parent, field) => {
                let key = field.key.handle(|text| interned(py, text).unbind());
                let name = &plan.schema().object(field.parent).name;
                let name = name.handle(|text| interned(py, text).unbind());
                (parent, key.bind(py).clone().into_any(), name.bind(py).clone().into_any())
            }
            Link::Item(parent, index) => (parent, new_integer(py, *index as i64), none()),
        };
        unmade.push((place, key, type_name));
        place = parent;
    };
    for (place, key, type_name) in unmade.into_iter().rev() {
        let parts = [made, key, type_name];
        let part = place.handle(|| path_part(runtime, py, parts))?;
        made = part.clone();
    }
    Ok(made)
}
