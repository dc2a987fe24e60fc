//! A plan: an operation compiled for one schema, valid for every run with any variables.
//!
//! A selection is compiled when execution first reaches it and then kept: what a document could
//! select is exponential in its length (fragments within fragments), what it does select is not.

mod cache;
mod collect;
mod explain;
mod scope;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

pub use cache::{Cache, CacheLimits};
pub use explain::Describe;
pub use scope::{Scope, ScopeId};

use crate::Key;
use crate::document::{Conditions, Document, Operation, Selection, SpreadId};
use crate::schema::{FieldDefinition, Handles, Position, Schema, Shape, TypeId};
use collect::Collected;

/// The most fields a plan keeps compiled; past it, selections are compiled for each object.
const FIELD_BUDGET: usize = 1 << 15;

/// The field that every type has.
const TYPE_NAME: &str = "__typename";

/// An operation compiled for one schema and one set of conditions.
pub struct Plan<H: Handles> {
    schema: Arc<Schema<H>>,
    document: Arc<Document<H::Node>>,
    operation: usize,
    conditions: Conditions,
    scoped_conditions: Option<ScopedConditions<H>>,
    resolves_type_names: bool,
    root: OnceLock<Arc<SelectionSet<H>>>,
    root_type: TypeId,
    kept: AtomicUsize,
    numbers: Mutex<HashMap<(Collected, TypeId), usize>>,
    scopes: Mutex<scope::Scopes>,
    expected_size: AtomicUsize,
}

/// Tells the conditions that hold within a scope.
pub type ScopedConditions<H> = Box<dyn Fn(&Plan<H>, ScopeId) -> Conditions + Send + Sync>;

/// The fields selected of an object type, in the order of the response.
pub struct SelectionSet<H: Handles> {
    /// The fields.
    pub fields: Box<[Field<H>]>,
    /// The scopes of fragments with variables of their own that were opened for them.
    pub scopes: Box<[ScopeId]>,
}

/// A field of a response.
pub struct Field<H: Handles> {
    /// Its key.
    pub key: Key<H::Name>,
    /// The type whose field it is.
    pub parent: TypeId,
    /// What it is.
    pub kind: FieldKind<H>,
    /// Its number in the plan, counted from 0; fields have the same one if they have the same
    /// parent and come first from the same place in the document and from the same scope.
    pub number: usize,
    nodes: Box<[Collected]>,
    selections: Box<[OnceLock<Arc<SelectionSet<H>>>]>,
}

/// What a field of a response is.
pub enum FieldKind<H: Handles> {
    /// The name of the object's type.
    TypeName,
    /// A field of the schema.
    Defined(Arc<FieldDefinition<H>>),
}

/// A selection, kept by the plan or, past the budget, made for this use.
pub enum Selected<'p, H: Handles> {
    /// Kept by the plan.
    Kept(&'p Arc<SelectionSet<H>>),
    /// Made for this use.
    Made(Arc<SelectionSet<H>>),
}

impl<H: Handles> Deref for Selected<'_, H> {
    type Target = Arc<SelectionSet<H>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        match self {
            Self::Kept(set) => set,
            Self::Made(set) => set,
        }
    }
}

impl<H: Handles> Plan<H> {
    /// Compiles the operation at the given place in the document, whose root is `root_type`.
    pub fn new(
        schema: Arc<Schema<H>>,
        document: Arc<Document<H::Node>>,
        operation: usize,
        conditions: Conditions,
        root_type: TypeId,
    ) -> Self {
        Self {
            schema,
            document,
            operation,
            conditions,
            scoped_conditions: None,
            resolves_type_names: false,
            root: OnceLock::new(),
            root_type,
            kept: AtomicUsize::new(0),
            numbers: Mutex::default(),
            scopes: Mutex::default(),
            expected_size: AtomicUsize::new(0),
        }
    }

    /// The same plan for a document in which conditions depend on the variables of fragments; it is
    /// good for one execution, whose values these are.
    #[must_use]
    pub fn with_scoped_conditions(self, scoped_conditions: ScopedConditions<H>) -> Self {
        Self { scoped_conditions: Some(scoped_conditions), ..self }
    }

    /// The same plan where `__typename` is a field of each type like any other, for hosts that put
    /// something between fields and their values.
    #[must_use]
    pub fn with_resolved_type_names(self) -> Self {
        Self { resolves_type_names: true, ..self }
    }

    fn conditions_within(&self, scope: Option<ScopeId>) -> Conditions {
        match (&self.scoped_conditions, scope) {
            (Some(scoped_conditions), Some(scope)) => scoped_conditions(self, scope),
            _ => self.conditions,
        }
    }

    /// The schema the plan is for.
    pub fn schema(&self) -> &Schema<H> {
        &self.schema
    }

    /// The document the operation is in.
    pub fn document(&self) -> &Document<H::Node> {
        &self.document
    }

    /// The operation.
    pub fn operation(&self) -> &Operation {
        &self.document.operations[self.operation]
    }

    /// The fields of the root.
    pub fn root(&self) -> &Arc<SelectionSet<H>> {
        self.root.get_or_init(|| {
            self.keep(self.compile(self.root_type, [(&*self.operation().selections, None)]))
        })
    }

    /// The fields selected of an object that is the value of `field` or in a list there, whose type
    /// is `object`: the one in that slot of those possible.
    #[inline]
    pub fn selection<'p>(
        &self,
        field: &'p Field<H>,
        slot: usize,
        object: TypeId,
    ) -> Selected<'p, H> {
        match field.selections[slot].get() {
            Some(set) => Selected::Kept(set),
            None => self.select(field, slot, object),
        }
    }

    /// About how many bytes the next response will take, to make room for as many.
    pub fn expected_size(&self) -> usize {
        self.expected_size.load(Ordering::Relaxed)
    }

    /// Notes how many bytes a response took.
    pub fn note_size(&self, size: usize) {
        let expected = self.expected_size.load(Ordering::Relaxed);
        // One large response among small ones is soon forgotten.
        self.expected_size.store(size.max(expected - expected / 8), Ordering::Relaxed);
    }

    /// About how many bytes the plan takes beside its document and schema.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.kept.load(Ordering::Relaxed) * size_of::<Field<H>>() * 2
    }

    /// What gives values to the variables of a fragment.
    pub fn scope_at(&self, place: ScopeId) -> Scope {
        self.scopes.lock().expect("nothing panics while it is held").get(place)
    }

    fn scope(&self, spread: SpreadId, outer: Option<ScopeId>) -> ScopeId {
        let mut scopes = self.scopes.lock().expect("nothing panics while it is held");
        scopes.place(Scope { spread, outer })
    }

    #[cold]
    fn select<'p>(&self, field: &'p Field<H>, slot: usize, object: TypeId) -> Selected<'p, H> {
        let within = |node: &Collected| (&*self.document.field(node.id).selections, node.scope);
        let nodes = field.nodes.iter().map(within);
        let set = self.compile(object, nodes);
        if self.kept.load(Ordering::Relaxed) + set.fields.len() > FIELD_BUDGET {
            return Selected::Made(set);
        }
        Selected::Kept(field.selections[slot].get_or_init(|| self.keep(set)))
    }

    fn keep(&self, set: Arc<SelectionSet<H>>) -> Arc<SelectionSet<H>> {
        self.kept.fetch_add(set.fields.len(), Ordering::Relaxed);
        set
    }

    fn compile<'a>(
        &'a self,
        object: TypeId,
        selections: impl IntoIterator<Item = (&'a [Selection], Option<ScopeId>)>,
    ) -> Arc<SelectionSet<H>> {
        let collected = collect::collect(self, object, selections);
        let definitions = &self.schema.object(object).fields;
        let fields = collected
            .groups
            .into_iter()
            .filter_map(|nodes| self.field(object, definitions, nodes))
            .collect();
        Arc::new(SelectionSet { fields, scopes: collected.scopes.into() })
    }

    /// A field the type does not have is left out of the response, as the specification's
    /// `ExecuteSelectionSet` has it.
    fn field(
        &self,
        parent: TypeId,
        definitions: &HashMap<Box<str>, Arc<FieldDefinition<H>>>,
        nodes: Vec<Collected>,
    ) -> Option<Field<H>> {
        let node = self.document.field(nodes[0].id);
        let kind = match &*node.name {
            TYPE_NAME if !self.resolves_type_names => FieldKind::TypeName,
            name => FieldKind::Defined(Arc::clone(definitions.get(name)?)),
        };
        let slots = match &kind {
            FieldKind::TypeName => 0,
            FieldKind::Defined(definition) => self.slots(&definition.position),
        };
        Some(Field {
            key: Key::response(node.response_key()),
            parent,
            kind,
            number: self.number(nodes[0], parent),
            nodes: nodes.into(),
            selections: (0..slots).map(|_| OnceLock::new()).collect(),
        })
    }

    /// The number of a field stays the same however often the field is compiled, so what hosts
    /// keep by number is no larger than document and schema make it.
    fn number(&self, node: Collected, parent: TypeId) -> usize {
        let mut numbers = self.numbers.lock().expect("nothing panics while it is held");
        let next = numbers.len();
        *numbers.entry((node, parent)).or_insert(next)
    }

    fn slots(&self, position: &Position<H>) -> usize {
        match &position.shape {
            Shape::Leaf(_) => 0,
            Shape::List(item) => self.slots(item),
            Shape::Object(_) => 1,
            Shape::Abstract(id) => self.schema.abstract_type(*id).possible.len(),
        }
    }
}

impl<H: Handles> Field<H> {
    /// The nodes of the document that were merged into this field; there is at least one.
    pub fn nodes<'a>(
        &'a self,
        document: &'a Document<H::Node>,
    ) -> impl ExactSizeIterator<Item = &'a H::Node> {
        self.nodes.iter().map(|node| &document.field(node.id).node)
    }

    /// Where the first of the nodes finds the values of its fragment's variables, if it has any.
    pub fn scope(&self) -> Option<ScopeId> {
        self.nodes[0].scope
    }

    /// The same for each of the nodes.
    pub fn scopes(&self) -> impl Iterator<Item = Option<ScopeId>> {
        self.nodes.iter().map(|node| node.scope)
    }

    /// What the schema says of the field; `None` for `__typename`.
    pub fn definition(&self) -> Option<&FieldDefinition<H>> {
        match &self.kind {
            FieldKind::TypeName => None,
            FieldKind::Defined(definition) => Some(definition),
        }
    }
}
