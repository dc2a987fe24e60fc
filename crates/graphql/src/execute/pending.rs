//! Values that come later: left as holes while the rest goes on, filled in any order.

use std::cell::OnceCell;
use std::ptr;
use std::sync::Arc;

use super::{
    Awaited, Call, Completed, Execution, HoleOf, Holes, Host, Link, NameOf, Path, Pending, Place,
    PlaceOf, Segment, Sink, Thrown, Unlocated, field_at, raised,
};
use crate::plan::{FieldKind, SelectionSet};
use crate::schema::{Position, Shape};

/// A value still awaited, with what is needed to go on when it comes.
pub struct Continuation<X: Host<S>, S: Sink<NameOf<X, S>>> {
    /// What stands for the value.
    pub pending: X::Pending,
    /// The place that is kept for it.
    pub hole: HoleOf<X, S>,
    set: Arc<SelectionSet<X::Handles>>,
    index: usize,
    /// How many lists of the field's type are around the value.
    lists: usize,
    segments: Vec<Segment>,
}

impl<X: Host<S>, S: Sink<NameOf<X, S>>> Continuation<X, S> {
    /// The steps from the response to the value.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether null may stand for the value.
    pub fn is_nullable(&self) -> bool {
        self.position().nullable
    }

    /// What stands at its place.
    fn position(&self) -> &Position<X::Handles> {
        let FieldKind::Defined(definition) = &field_at(&self.set, self.index).kind else {
            unreachable!("the name of a type is never awaited");
        };
        let mut position = &definition.position;
        for _ in 0..self.lists {
            if let Shape::List(item) = &position.shape {
                position = item;
            }
        }
        position
    }
}

impl<X: Host<S>, S: Sink<NameOf<X, S>>> Execution<'_, X, S> {
    /// What is awaited and was not yet taken.
    pub fn take_pending(&mut self) -> Vec<Continuation<X, S>> {
        std::mem::take(&mut self.pending)
    }

    /// Puts back what was taken and is still awaited.
    pub fn put_pending(&mut self, left: Continuation<X, S>) {
        self.pending.push(left);
    }

    /// Tells the host of the place of a value that is awaited.
    pub fn at_place<T>(
        &mut self,
        continuation: &Continuation<X, S>,
        tell: impl FnOnce(&mut X, &PlaceOf<'_, X, S>) -> T,
    ) -> T {
        let Continuation { set, index, lists, segments, .. } = continuation;
        let field = field_at(set, *index);
        let field_path = Path::new(Link::Resumed(&segments[..segments.len() - lists]));
        let path = Path::new(Link::Resumed(segments));
        let call = Call { field, path: &field_path, info: OnceCell::new() };
        let position = continuation.position();
        tell(&mut self.host, &Place { call: &call, position, path: &path })
    }

    #[cold]
    pub(super) fn leave(
        &mut self,
        pending: X::Pending,
        place: &PlaceOf<'_, X, S>,
        (set, index): (&Arc<SelectionSet<X::Handles>>, usize),
    ) -> Completed<X::Error> {
        let nullable = place.position.nullable || !self.rules.errors_propagate;
        let hole = pending.hole(&mut self.sink, nullable);
        let FieldKind::Defined(definition) = &field_at(set, index).kind else {
            unreachable!("the name of a type is never awaited");
        };
        let mut around = &definition.position;
        let mut lists = 0;
        while let Shape::List(item) = &around.shape
            && !ptr::eq(around, place.position)
        {
            around = item;
            lists += 1;
        }
        let set = Arc::clone(set);
        let segments = place.path.segments();
        self.pending.push(Continuation { pending, hole, set, index, lists, segments });
        Ok(())
    }
}

impl<X, S> Execution<'_, X, S>
where
    S: Sink<NameOf<X, S>> + Holes,
    X: Host<S>,
    X::Pending: Pending<S, Hole = S::Hole>,
{
    /// Goes on where a value was awaited; what the response has no more place for is dropped.
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution.
    pub fn resume(
        &mut self,
        continuation: Continuation<X, S>,
        value: Result<X::Value, X::Error>,
    ) -> Result<(), X::Error> {
        let hole = continuation.hole;
        if let Some(error) = self.try_resume(continuation, value)? {
            self.rise(hole, error);
        }
        Ok(())
    }

    /// Lets null stand for a value that was awaited, or for what is around it, because of an error.
    pub fn rise(&mut self, hole: HoleOf<X, S>, error: X::Error) {
        if self.sink.is_kept(hole) {
            self.sink.void(hole);
            self.errors.push(error);
        }
    }

    /// Does as [`resume`](Self::resume), but gives an error back that leaves no value: it has yet
    /// to [`rise`](Self::rise).
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution.
    pub fn try_resume(
        &mut self,
        continuation: Continuation<X, S>,
        value: Result<X::Value, X::Error>,
    ) -> Result<Option<X::Error>, X::Error> {
        let position = continuation.position();
        let Continuation { hole, ref set, index, lists, ref segments, .. } = continuation;
        if !self.sink.open(hole) {
            return Ok(None);
        }
        let field = field_at(set, index);
        let field_path = Path::new(Link::Resumed(&segments[..segments.len() - lists]));
        let path = Path::new(Link::Resumed(segments));
        let call = Call { field, path: &field_path, info: OnceCell::new() };
        let (depth, awaited) = (self.depth.get(), self.pending.len());
        // Each step of the path leads into one more object or list.
        self.depth.set(depth + segments.len());
        let completed = match value {
            Ok(value) => {
                let place = Place { call: &call, position, path: &path };
                match self.host.come(&place, value).map_err(raised) {
                    Ok(Awaited::Ready(value)) => self.complete(&place, (set, index), &value),
                    Ok(Awaited::Pending(pending)) => self.leave(pending, &place, (set, index)),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(raised(error)),
        };
        self.depth.set(depth);
        let error = match completed {
            Ok(()) => {
                self.sink.close();
                return Ok(None);
            }
            Err(thrown) => match *thrown {
                Thrown::Raised(error) => match self.host.locate(error, &call, &path) {
                    Ok(error) => error,
                    Err(Unlocated::Failed(error) | Unlocated::Fatal(error)) => return Err(error),
                },
                Thrown::Located(error) => error,
                Thrown::Fatal(error) => return Err(error),
            },
        };
        self.sink.abandon();
        self.abandon_from(awaited);
        Ok(Some(error))
    }
}
