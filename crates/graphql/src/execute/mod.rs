//! Running a plan.
//!
//! Reference: the specification's "Executing Selection Sets", "Executing Fields" and "Handling
//! Execution Errors" (6.3, 6.4); where it leaves a choice, graphql-core 3.3's.

mod host;
mod path;
mod pending;
mod sink;

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

pub use host::{Awaited, Call, CallOf, Host, Pending, Token, Unlocated};
pub use path::{Link, Path, Segment};
pub use pending::Continuation;
pub use sink::{Holes, Sink};

use crate::plan::{Field, FieldKind, Plan, SelectionSet};
use crate::schema::{Handles, Position, Shape, TypeId};

/// How deep objects and lists may be nested in a response.
pub const DEPTH_LIMIT: usize = 1_000;

/// Every how many levels the stack is looked at.
const STACK_CHECKS: usize = 8;

/// How much of a thread's stack is left to the host, and to the levels between two looks at it.
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

type NameOf<X, S> = <<X as Host<S>>::Handles as Handles>::Name;
type PathOf<'a, X, S> = Path<'a, <X as Host<S>>::Handles, <X as Host<S>>::Path>;
type HoleOf<X, S> = <<X as Host<S>>::Pending as Pending<S>>::Hole;

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
    pending: Vec<Continuation<X, S>>,
}

impl<'p, X: Host<S>, S: Sink<NameOf<X, S>>> Execution<'p, X, S> {
    /// A run that has yet to begin; `depth` counts how deep the response is nested where it is.
    pub fn new(plan: &'p Plan<X::Handles>, host: X, sink: S, depth: &'p Cell<usize>) -> Self {
        Self { host, sink, errors: Vec::new(), plan, depth, pending: Vec::new() }
    }

    /// Runs the plan over the root value; what is awaited is left as holes.
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution; the errors of fields are collected.
    pub fn run(&mut self, root: &X::Value) -> Result<(), X::Error> {
        let (plan, depth) = (self.plan, self.depth.get());
        let mark = self.sink.mark();
        let completed = self.selection(plan.root(), root, &Path::new(Link::Root));
        self.depth.set(depth);
        match completed {
            Ok(()) => {
                self.sink.enclose(mark);
                Ok(())
            }
            Err(thrown) => match *thrown {
                Thrown::Fatal(error) | Thrown::Raised(error) => Err(error),
                Thrown::Located(error) => {
                    self.sink.rollback(mark);
                    self.sink.null();
                    self.errors.push(error);
                    Ok(())
                }
            },
        }
    }

    fn selection(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        source: &X::Value,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        self.descend()?;
        self.sink.begin_object(set.fields.len());
        for index in 0..set.fields.len() {
            self.field(set, index, source, path)?;
        }
        self.sink.end_object();
        self.depth.update(|depth| depth - 1);
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
    fn field(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        index: usize,
        source: &X::Value,
        parent: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        let field = &set.fields[index];
        self.sink.key(&field.key);
        let FieldKind::Defined(definition) = &field.kind else {
            self.sink.constant(&self.plan.schema().object(field.parent).name);
            return Ok(());
        };
        if self.host.plain_field(field, source, &mut self.sink) {
            return Ok(());
        }
        let position = &definition.position;
        let path = Path::new(Link::Field(parent, field));
        let call = Call { field, path: &path, info: OnceCell::new() };
        let mark = self.sink.mark();
        let depth = self.depth.get();
        let completed = match self.host.resolve(&call, source) {
            Ok(value) => self.complete_or_await(&call, (set, index), position, &path, value),
            Err(error) => Err(raised(error)),
        };
        self.settle(completed, position.nullable, (mark, depth), &call, &path)
    }

    /// Lets null stand for a value that failed, where it may; otherwise passes the error on.
    #[inline]
    fn settle(
        &mut self,
        completed: Completed<X::Error>,
        nullable: bool,
        before: (S::Mark, usize),
        call: &CallOf<'_, X, S>,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        match completed {
            Err(thrown) => self.fail(*thrown, nullable, before, call, path),
            Ok(()) => {
                if nullable {
                    self.sink.enclose(before.0);
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
        (mark, depth): (S::Mark, usize),
        call: &CallOf<'_, X, S>,
        path: &PathOf<'_, X, S>,
    ) -> Completed<X::Error> {
        self.depth.set(depth);
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
        if !nullable {
            return Err(Box::new(Thrown::Located(error)));
        }
        self.sink.rollback(mark);
        self.sink.null();
        self.errors.push(error);
        Ok(())
    }

    #[inline]
    fn complete_or_await(
        &mut self,
        call: &CallOf<'_, X, S>,
        (set, index): (&Arc<SelectionSet<X::Handles>>, usize),
        position: &Position<X::Handles>,
        path: &PathOf<'_, X, S>,
        value: X::Value,
    ) -> Completed<X::Error> {
        match self.host.await_value(value) {
            Awaited::Ready(value) => self.complete(call, (set, index), position, path, &value),
            Awaited::Pending(pending) => {
                let hole = pending.hole(&mut self.sink, position.nullable);
                self.leave(pending, hole, (set, index), position, path);
                Ok(())
            }
        }
    }

    fn complete(
        &mut self,
        call: &CallOf<'_, X, S>,
        place: (&Arc<SelectionSet<X::Handles>>, usize),
        position: &Position<X::Handles>,
        path: &PathOf<'_, X, S>,
        value: &X::Value,
    ) -> Completed<X::Error> {
        if self.host.is_null(value).map_err(raised)? {
            if !position.nullable {
                return Err(raised(self.host.null_error(call)));
            }
            self.sink.null();
            return Ok(());
        }
        match &position.shape {
            Shape::Leaf(leaf) => self.host.leaf(leaf, value, &mut self.sink).map_err(raised),
            Shape::List(item) => self.list(call, place, item, path, value),
            Shape::Object(id) => self.object(call, 0, *id, path, value),
            Shape::Abstract(id) => {
                let interface_or_union = self.plan.schema().abstract_type(*id);
                let object =
                    self.host.runtime_type(call, interface_or_union, value).map_err(raised)?;
                self.object(call, interface_or_union.possible[&object], object, path, value)
            }
        }
    }

    #[inline]
    fn object(
        &mut self,
        call: &CallOf<'_, X, S>,
        slot: usize,
        object: TypeId,
        path: &PathOf<'_, X, S>,
        value: &X::Value,
    ) -> Completed<X::Error> {
        let plan = self.plan;
        self.host.check_type(call, plan.schema().object(object), value).map_err(raised)?;
        let set = plan.selection(call.field, slot, object);
        self.selection(&set, value, path)
    }

    fn list(
        &mut self,
        call: &CallOf<'_, X, S>,
        place: (&Arc<SelectionSet<X::Handles>>, usize),
        item: &Position<X::Handles>,
        path: &PathOf<'_, X, S>,
        value: &X::Value,
    ) -> Completed<X::Error> {
        self.descend()?;
        let (mut items, expected) = self.host.items(call, value).map_err(raised)?;
        self.sink.begin_list(expected);
        if let Err(thrown) = self.items(call, place, item, path, &mut items) {
            if !matches!(*thrown, Thrown::Fatal(_)) {
                self.host.leave_items(&mut items).map_err(raised)?;
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
        call: &CallOf<'_, X, S>,
        place: (&Arc<SelectionSet<X::Handles>>, usize),
        item: &Position<X::Handles>,
        path: &PathOf<'_, X, S>,
        items: &mut X::Items,
    ) -> Completed<X::Error> {
        let mut index = 0;
        loop {
            if let Shape::Leaf(leaf) = &item.shape {
                index += self.host.plain_items(leaf, item.nullable, items, &mut self.sink);
            }
            let Some(value) = self.host.next_item(items).map_err(raised)? else {
                return Ok(());
            };
            let path = Path::new(Link::Item(path, index));
            let mark = self.sink.mark();
            let depth = self.depth.get();
            let completed = self.complete_or_await(call, place, item, &path, value);
            self.settle(completed, item.nullable, (mark, depth), call, &path)?;
            index += 1;
        }
    }
}

#[cold]
fn raised<E>(error: E) -> Box<Thrown<E>> {
    Box::new(Thrown::Raised(error))
}

/// The field at that place in a selection.
fn field_at<H: Handles>(set: &SelectionSet<H>, index: usize) -> &Field<H> {
    &set.fields[index]
}
