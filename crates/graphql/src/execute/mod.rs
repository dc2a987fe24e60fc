//! Running a plan.
//!
//! Reference: the specification's "Executing Selection Sets", "Executing Fields" and "Handling
//! Execution Errors" (6.3, 6.4); where it leaves a choice, graphql-core 3.3's.

mod host;
mod path;
mod pending;
mod serial;
mod sink;

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::Arc;

pub use host::{Awaited, Call, CallOf, Came, Host, Place, PlaceOf, Unlocated};
pub use path::{Link, Path, Resumed, Segment};
pub use pending::{Continuation, ContinuationOf};
pub use serial::{Rest, RestOf};
pub use sink::Sink;

use crate::plan::{Field, FieldKind, Plan, SelectionSet};
use crate::schema::{Handles, Position, Shape, TypeId};

/// How deep objects and lists may be nested in a response.
pub const DEPTH_LIMIT: usize = 1_000;

/// How many items of a list are written between two pulses at most.
pub const RUN: usize = 256;

/// Every how many levels the stack is looked at.
const STACK_CHECKS: usize = 8;

/// How much of a thread's stack is left to the host, and to the levels between two looks at it.
///
/// A thread that was given no more in all executes nothing: it is told so by an error.
const STACK_RESERVE: usize = 128 * 1024;

/// Whether there is stack enough to go on; a thread may have been given little.
fn has_stack() -> bool {
    stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE)
}

/// An error on its way to a place where null may stand.
enum Thrown<E> {
    /// As it was raised, not yet given its place.
    Raised(E),
    /// With its place in the response.
    Located(E),
    /// To be given to the caller at once: the execution ends.
    Fatal(E),
}

/// Boxed, so that success, which is the rule, is one word that fits a register.
type Completed<E> = Result<(), Box<Thrown<E>>>;

/// What of a serial execution was not begun, if its root was completed.
type Begun<X, S> = Result<Option<RestOf<X, S>>, Box<Thrown<<X as Host<S>>::Error>>>;

type NameOf<X, S> = <<X as Host<S>>::Handles as Handles>::Name;
type PathOf<'a, X, S> = Path<'a, <X as Host<S>>::Handles, <X as Host<S>>::Path>;

/// One run of a plan.
pub struct Execution<'p, X: Host<S>, S: Sink<NameOf<X, S>>> {
    /// Whose values the plan runs over.
    pub host: X,
    /// Where the response goes.
    pub sink: S,
    /// The errors of fields, in the order in which they occurred.
    pub errors: Vec<X::Error>,
    plan: &'p Plan<X::Handles>,
    depth: &'p Cell<usize>,
    rules: Rules,
    pending: Vec<ContinuationOf<X, S>>,
}

/// How things stood before a value was begun.
#[derive(Clone, Copy)]
struct Before<M> {
    mark: M,
    depth: usize,
    /// How many values were awaited.
    pending: usize,
}

/// What may differ from one execution to the next.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether a null where none may stand becomes the null of the place around it, as the
    /// specification has it.
    pub errors_propagate: bool,
    /// Whether no field of the root is begun while an earlier one is awaited.
    pub is_serial: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { errors_propagate: true, is_serial: false }
    }
}

impl<'p, X: Host<S>, S: Sink<NameOf<X, S>>> Execution<'p, X, S> {
    /// A run that has yet to begin; `depth` counts how deep the response is nested where it is.
    pub fn new(
        plan: &'p Plan<X::Handles>,
        host: X,
        sink: S,
        depth: &'p Cell<usize>,
        rules: Rules,
    ) -> Self {
        Self { host, sink, errors: Vec::new(), plan, depth, rules, pending: Vec::new() }
    }

    /// Runs the plan over the root value; what is awaited is left as holes. Gives the fields of the
    /// root that were not begun, if the execution is serial and something is awaited.
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution; the errors of fields are collected.
    pub fn run(&mut self, root: &X::Value) -> Result<Option<RestOf<X, S>>, X::Error> {
        let plan = self.plan;
        let before = self.before();
        let completed = self.root_selection(plan.root(), root);
        self.depth.set(before.depth);
        match completed {
            Ok(rest) => {
                self.sink.enclose(before.mark);
                Ok(rest)
            }
            Err(thrown) => match *thrown {
                Thrown::Fatal(error) | Thrown::Raised(error) => Err(error),
                Thrown::Located(error) => {
                    self.give_up(before);
                    self.errors.push(error);
                    Ok(None)
                }
            },
        }
    }

    fn root_selection(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        root: &X::Value,
    ) -> Begun<X, S> {
        self.descend()?;
        self.enter_scopes(set).map_err(|error| Box::new(Thrown::Located(error)))?;
        self.pulse()?;
        self.sink.begin_object(set.fields.iter().map(|field| &field.key));
        let path = Path::new(Link::Root);
        let mut rest = None;
        for index in 0..set.fields.len() {
            self.fields((set, index..index + 1), root, &path)?;
            let is_awaited = !self.pending.is_empty() || self.host.is_refused();
            if self.rules.is_serial && is_awaited {
                rest = Some(self.put_off(set, index + 1));
                break;
            }
        }
        self.sink.end_object();
        Ok(rest)
    }

    fn selection(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        source: &X::Value,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        self.descend()?;
        self.enter_scopes(set).map_err(raised)?;
        self.pulse()?;
        self.sink.begin_object(set.fields.iter().map(|field| &field.key));
        self.fields((set, 0..set.fields.len()), source, path)?;
        self.sink.end_object();
        self.depth.update(|depth| depth - 1);
        Ok(())
    }

    #[inline]
    fn enter_scopes(&mut self, set: &SelectionSet<X::Handles>) -> Result<(), X::Error> {
        for scope in &set.scopes {
            self.host.enter_scope(self.plan, *scope)?;
        }
        Ok(())
    }

    fn descend(&mut self) -> Completed<X::Error> {
        let depth = self.depth.get();
        if depth >= DEPTH_LIMIT || (depth.is_multiple_of(STACK_CHECKS) && !has_stack()) {
            return Err(raised(self.host.depth_error()));
        }
        self.depth.update(|depth| depth + 1);
        Ok(())
    }

    #[inline]
    fn pulse(&mut self) -> Completed<X::Error> {
        self.host.pulse(&self.sink).map_err(fatal)
    }

    #[inline]
    fn fields(
        &mut self,
        (set, mut range): (&Arc<SelectionSet<X::Handles>>, Range<usize>),
        source: &X::Value,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        while !range.is_empty() {
            let rest = &set.fields[range.clone()];
            range.start += self.host.plain_fields(rest, source, &mut self.sink);
            if let Some(index) = range.next() {
                self.field(set, index, source, path)?;
            }
        }
        Ok(())
    }

    /// Writes the value of a field whose key was written.
    #[inline]
    fn field(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        index: usize,
        source: &X::Value,
        parent: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        let field = &set.fields[index];
        let FieldKind::Defined(definition) = &field.kind else {
            self.sink.constant(&self.plan.schema().object(field.parent).name);
            return Ok(());
        };
        let position = &definition.position;
        let path = Path::new(Link::Field(parent, field));
        let call = Call { field, path: &path, info: OnceCell::new() };
        let before = self.before();
        let completed = match self.host.resolve(&call, source) {
            Ok(value) => {
                let place = Place { call: &call, position, path: &path };
                self.complete_or_await(&place, (set, index), value)
            }
            Err(error) => Err(raised(error)),
        };
        self.settle(completed, position.nullable, before, &call, &path)
    }

    /// Lets null stand for a value that failed, where it may; otherwise passes the error on.
    #[inline]
    fn settle(
        &mut self,
        completed: Completed<X::Error>,
        nullable: bool,
        before: Before<S::Mark>,
        call: &CallOf<'_, X, S>,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        match completed {
            Err(thrown) => self.fail(*thrown, nullable, before, call, path),
            Ok(()) => {
                if nullable {
                    self.sink.enclose(before.mark);
                }
                Ok(())
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn fail(
        &mut self,
        thrown: Thrown<X::Error>,
        nullable: bool,
        before: Before<S::Mark>,
        call: &CallOf<'_, X, S>,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        self.depth.set(before.depth);
        let error = match thrown {
            Thrown::Raised(error) => {
                self.host.locate(error, call, path).map_err(|unlocated| match unlocated {
                    Unlocated::Failed(other) => raised(other),
                    Unlocated::Fatal(error) => Box::new(Thrown::Fatal(error)),
                })?
            }
            Thrown::Located(error) => error,
            Thrown::Fatal(_) => return Err(Box::new(thrown)),
        };
        if !nullable && self.rules.errors_propagate && !self.host.is_refused() {
            return Err(Box::new(Thrown::Located(error)));
        }
        self.give_up(before);
        self.errors.push(error);
        Ok(())
    }

    #[inline]
    fn before(&self) -> Before<S::Mark> {
        Before { mark: self.sink.mark(), depth: self.depth.get(), pending: self.pending.len() }
    }

    /// Lets null stand for a value, whatever was written of it or is awaited in it.
    fn give_up(&mut self, before: Before<S::Mark>) {
        self.sink.rollback(before.mark);
        self.sink.null();
        self.abandon_from(before.pending);
    }

    fn abandon_from(&mut self, first: usize) {
        for left in self.pending.drain(first..) {
            self.host.abandon(left.pending);
        }
    }

    #[inline]
    fn complete_or_await(
        &mut self,
        place: &PlaceOf<'_, X, S>,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        value: X::Value,
    ) -> Completed<X::Error> {
        match self.host.await_value(place, value).map_err(raised)? {
            Awaited::Ready(value) => self.complete(place, at, &value),
            Awaited::Pending(pending) => self.leave(pending, place, at),
        }
    }

    fn complete(
        &mut self,
        place: &PlaceOf<'_, X, S>,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        value: &X::Value,
    ) -> Completed<X::Error> {
        if self.host.is_null(value).map_err(raised)? {
            if !place.position.nullable {
                return Err(raised(self.host.null_error(place.call)));
            }
            self.sink.null();
            return self.pulse();
        }
        match &place.position.shape {
            Shape::Leaf(leaf) => self.host.leaf(leaf, value, &mut self.sink).map_err(raised),
            Shape::List(item) => self.list(place, item, at, value),
            Shape::Object(id) => self.object(place, 0, *id, at, value),
            Shape::Abstract(id) => {
                let interface_or_union = self.plan.schema().abstract_type(*id);
                match self.host.runtime_type(place, interface_or_union, value).map_err(raised)? {
                    Awaited::Ready(object) => {
                        let slot = interface_or_union.possible[&object];
                        self.object(place, slot, object, at, value)
                    }
                    Awaited::Pending(pending) => self.leave(pending, place, at),
                }
            }
        }
    }

    #[inline]
    fn object(
        &mut self,
        place: &PlaceOf<'_, X, S>,
        slot: usize,
        object: TypeId,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        value: &X::Value,
    ) -> Completed<X::Error> {
        let plan = self.plan;
        let checked = self.host.check_type(place, plan.schema().object(object), value);
        if let Awaited::Pending(pending) = checked.map_err(raised)? {
            return self.leave(pending, place, at);
        }
        let set = plan.selection(place.call.field, slot, object);
        self.selection(&set, value, place.path)
    }

    fn list(
        &mut self,
        list: &PlaceOf<'_, X, S>,
        item: &Position<X::Handles>,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        value: &X::Value,
    ) -> Completed<X::Error> {
        self.descend()?;
        let (mut items, expected) = self.host.items(list.call, value).map_err(raised)?;
        self.pulse()?;
        self.sink.begin_list(expected);
        if let Err(thrown) = self.items(list, item, at, &mut items) {
            if !matches!(*thrown, Thrown::Fatal(_)) {
                self.host.leave_items(&mut items).map_err(fatal)?;
            }
            return Err(thrown);
        }
        self.sink.end_list();
        self.depth.update(|depth| depth - 1);
        Ok(())
    }

    #[inline]
    fn items(
        &mut self,
        list: &PlaceOf<'_, X, S>,
        item: &Position<X::Handles>,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        items: &mut X::Items,
    ) -> Completed<X::Error> {
        let call = list.call;
        let mut index = 0;
        loop {
            if let Shape::Leaf(leaf) = &item.shape {
                let written = self.host.plain_items(leaf, item.nullable, items, &mut self.sink);
                index += written;
                self.pulse()?;
                if written == RUN {
                    continue;
                }
            }
            let Some(value) = self.host.next_item(items).map_err(raised)? else {
                return Ok(());
            };
            let path = Path::new(Link::Item(list.path, index));
            let before = self.before();
            let place = Place { call, position: item, path: &path };
            let completed = self.complete_or_await(&place, at, value);
            self.settle(completed, item.nullable, before, call, &path)?;
            index += 1;
        }
    }
}

#[cold]
#[inline(never)]
fn fatal<E>(error: E) -> Box<Thrown<E>> {
    Box::new(Thrown::Fatal(error))
}

#[cold]
fn raised<E>(error: E) -> Box<Thrown<E>> {
    Box::new(Thrown::Raised(error))
}

/// The field at that place in a selection.
fn field_at<H: Handles>(set: &SelectionSet<H>, index: usize) -> &Field<H> {
    &set.fields[index]
}
