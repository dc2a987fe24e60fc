//! Values that come later: left as holes while the rest goes on, filled in any order.

use std::cell::OnceCell;
use std::ptr;
use std::sync::Arc;

use super::path::{Resumed, Segments};
use super::{
    Call, Came, Completed, Execution, Host, Link, NameOf, Path, Place, PlaceOf, Segment, Sink,
    Thrown, Unlocated, field_at, raised,
};
use crate::plan::{Field, SelectionSet};
use crate::schema::{Handles, Position, Shape, TypeId};

/// A value still awaited, with what is needed to go on when it comes.
///
/// `P` is what stands for the value, and `Hole` the place that a sink keeps.
pub struct Continuation<P, H: Handles, Hole> {
    /// What stands for the value.
    pub pending: P,
    /// The place that is kept for it.
    pub hole: Hole,
    set: Arc<SelectionSet<H>>,
    index: usize,
    /// How many lists of the field's type are around the value.
    lists: usize,
    segments: Segments,
    nullable_depth: usize,
}

/// What an execution by the host `X`, writing to the sink `S`, still awaits.
pub type ContinuationOf<X, S> =
    Continuation<<X as Host<S>>::Pending, <X as Host<S>>::Handles, HoleOf<X, S>>;

type HoleOf<X, S> = <S as Sink<NameOf<X, S>>>::Hole;

impl<P, H: Handles, Hole> Continuation<P, H, Hole> {
    /// The steps from the response to the value.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// How many steps it is from the response to the nearest place at or around the value where
    /// null may stand; none to the response itself.
    pub fn nullable_depth(&self) -> usize {
        self.nullable_depth
    }
}

impl<X: Host<S>, S: Sink<NameOf<X, S>>> Execution<'_, X, S> {
    /// What is awaited and was not yet taken.
    pub fn take_pending(&mut self) -> Vec<ContinuationOf<X, S>> {
        std::mem::take(&mut self.pending)
    }

    #[cold]
    pub(super) fn leave(
        &mut self,
        pending: X::Pending,
        place: &PlaceOf<'_, X, S>,
        (set, index): (&Arc<SelectionSet<X::Handles>>, usize),
    ) -> Completed<X::Error> {
        let nullable = place.position.nullable || !self.rules.errors_propagate;
        let hole = self.sink.hole(nullable);
        let mut around = position_of(field_at(set, index));
        let mut lists = 0;
        while let Shape::List(item) = &around.shape
            && !ptr::eq(around, place.position)
        {
            around = item;
            lists += 1;
        }
        let set = Arc::clone(set);
        let segments = place.path.segments();
        let depth = segments.len();
        let nullable_depth = if nullable { depth } else { place.path.nullable_depth(depth) };
        let left = Continuation { pending, hole, set, index, lists, segments, nullable_depth };
        self.pending.push(left);
        Ok(())
    }

    /// Goes on where a value was awaited; what the response has no more place for is dropped.
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution.
    pub fn resume(
        &mut self,
        continuation: ContinuationOf<X, S>,
        value: Result<X::Value, X::Error>,
    ) -> Result<(), X::Error> {
        let hole = continuation.hole;
        if let Some(error) = self.try_resume(continuation, value)? {
            self.rise(hole, error);
        }
        Ok(())
    }

    /// Lets null stand for a value that was awaited, or for what is around it, because of an error;
    /// gives the holes that the response has no place for any more.
    pub fn rise(&mut self, hole: HoleOf<X, S>, error: X::Error) -> Vec<HoleOf<X, S>> {
        if !self.sink.is_kept(hole) {
            return Vec::new();
        }
        self.errors.push(error);
        self.sink.void(hole)
    }

    /// Does as [`resume`](Self::resume), but gives an error back that leaves no value: it has yet
    /// to [`rise`](Self::rise).
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution.
    pub fn try_resume(
        &mut self,
        continuation: ContinuationOf<X, S>,
        value: Result<X::Value, X::Error>,
    ) -> Result<Option<X::Error>, X::Error> {
        let Continuation { pending, hole, set, index, lists, segments, nullable_depth } =
            continuation;
        if !self.sink.open(hole) {
            return Ok(None);
        }
        let field = field_at(&set, index);
        let whole = position_of(field);
        let position = innermost(whole, lists);
        let steps = &segments[..segments.len() - lists];
        let resumed = |steps, position| Link::Resumed(Resumed { steps, position, nullable_depth });
        let field_path = Path::new(resumed(steps, whole));
        let path = Path::new(resumed(&segments, position));
        let call = Call { field, path: &field_path, info: OnceCell::new() };
        let place = Place { call: &call, position, path: &path };
        let (depth, awaited) = (self.depth.get(), self.pending.len());
        // Each step of the path leads into one more object or list.
        self.depth.set(depth + segments.len());
        let completed = value.map_err(raised).and_then(|value| {
            let came = self.host.come(&place, pending, value).map_err(raised)?;
            self.take_in(&place, (&set, index), came)
        });
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

    fn take_in(
        &mut self,
        place: &PlaceOf<'_, X, S>,
        at: (&Arc<SelectionSet<X::Handles>>, usize),
        came: Came<X::Value, X::Pending>,
    ) -> Completed<X::Error> {
        match came {
            Came::Value(value) => self.complete(place, at, &value),
            Came::Typed(value, id) => self.object(place, self.slot(place, id), id, at, &value),
            Came::Checked(value, id) => {
                let set = self.plan.selection(place.call.field, self.slot(place, id), id);
                self.selection(&set, &value, place.path)
            }
            Came::Response(value) => {
                self.host.write_response(&value, &mut self.sink).map_err(raised)
            }
            Came::Pending(pending) => self.leave(pending, place, at),
        }
    }

    /// The number of an object type among those possible at a place.
    fn slot(&self, place: &PlaceOf<'_, X, S>, object: TypeId) -> usize {
        match &place.position.shape {
            Shape::Abstract(id) => self.plan.schema().abstract_type(*id).possible[&object],
            _ => 0,
        }
    }
}

/// What stands for a field.
fn position_of<H: Handles>(field: &Field<H>) -> &Position<H> {
    let definition = field.definition().expect("the name of a type is never awaited");
    &definition.position
}

/// What stands within so many lists.
fn innermost<H: Handles>(mut position: &Position<H>, lists: usize) -> &Position<H> {
    for _ in 0..lists {
        if let Shape::List(item) = &position.shape {
            position = item;
        }
    }
    position
}
