//! Where in the response execution is: a chain on the stack, made into a list only when asked.

use std::cell::OnceCell;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::plan::Field;
use crate::schema::{Handles, Position, Shape, TypeId};

/// A place in the response, linked to the place around it.
///
/// `P` is the host's own form of a path, made when a resolver asks for it and then shared.
pub struct Path<'a, H: Handles, P> {
    link: Link<'a, H, P>,
    handle: OnceCell<P>,
}

/// How a place is reached from the one around it.
pub enum Link<'a, H: Handles, P> {
    /// The response itself.
    Root,
    /// A place that was left and is come back to.
    Resumed(Resumed<'a, H>),
    /// A field of an object.
    Field(&'a Path<'a, H, P>, &'a Field<H>),
    /// An item of a list.
    Item(&'a Path<'a, H, P>, usize),
}

/// A place that was left and is come back to.
pub struct Resumed<'a, H: Handles> {
    /// The steps from the response to it.
    pub steps: &'a [Segment],
    /// What stands there.
    pub(super) position: &'a Position<H>,
    /// How many steps it is from the response to the nearest place at or around it where null may
    /// stand.
    pub(super) nullable_depth: usize,
}

impl<H: Handles> Resumed<'_, H> {
    /// How many lists of its field the place is in.
    pub fn lists(&self) -> usize {
        self.steps.iter().rev().take_while(|step| matches!(step, Segment::Index(_))).count()
    }
}

/// The steps from the response to a place: to a field of what is in a list needs no memory elsewhere.
pub(super) type Segments = SmallVec<[Segment; 3]>;

/// A step from the response down to a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// To the field with that key, of an object of that type.
    Key(Arc<str>, TypeId),
    /// To the item with that index.
    Index(usize),
}

impl<'a, H: Handles, P> Path<'a, H, P> {
    #[inline]
    pub(super) fn new(link: Link<'a, H, P>) -> Self {
        Self { link, handle: OnceCell::new() }
    }

    /// How the place is reached.
    pub fn link(&self) -> &Link<'a, H, P> {
        &self.link
    }

    /// The host's own form of the path, if it was made already.
    pub fn made(&self) -> Option<&P> {
        self.handle.get()
    }

    /// The host's own form of the path, made on first use.
    pub fn handle<E>(&self, make: impl FnOnce() -> Result<P, E>) -> Result<&P, E> {
        if self.handle.get().is_none() {
            let made = make()?;
            // Making it may have run foreign code that made it already; the first one stays.
            let _ = self.handle.set(made);
        }
        Ok(self.handle.get().expect("the path was made just now"))
    }

    /// The steps from the response to this place.
    pub fn segments(&self) -> Segments {
        let mut segments = Segments::with_capacity(self.len());
        let mut place = self;
        loop {
            place = match &place.link {
                Link::Root => break,
                Link::Resumed(resumed) => {
                    segments.extend(resumed.steps.iter().rev().cloned());
                    break;
                }
                Link::Field(parent, field) => {
                    segments.push(Segment::Key(field.key.shared_text(), field.parent));
                    parent
                }
                Link::Item(parent, index) => {
                    segments.push(Segment::Index(*index));
                    parent
                }
            };
        }
        segments.reverse();
        segments
    }

    /// How many steps there are.
    fn len(&self) -> usize {
        let (mut place, mut len) = (self, 0);
        loop {
            place = match &place.link {
                Link::Root => return len,
                Link::Resumed(resumed) => return len + resumed.steps.len(),
                Link::Field(parent, _) | Link::Item(parent, _) => parent,
            };
            len += 1;
        }
    }

    /// How many steps it is from the response to the nearest place at or around this one where
    /// null may stand, when there are so many to this one; none to the response itself.
    pub(super) fn nullable_depth(&self, depth: usize) -> usize {
        let (mut place, mut depth) = (self, depth);
        loop {
            let mut lists = 0;
            let mut around = place;
            while let Link::Item(parent, _) = &around.link {
                around = parent;
                lists += 1;
            }
            let (position, parent) = match &around.link {
                Link::Root | Link::Item(..) => return 0,
                Link::Resumed(resumed) => (resumed.position, None),
                Link::Field(parent, field) => {
                    let definition = field.definition().expect("it has a value that was resolved");
                    (&definition.position, Some(parent))
                }
            };
            if let Some(levels) = nullable_levels(position, lists) {
                return depth - levels;
            }
            match (parent, &around.link) {
                (Some(parent), _) => {
                    place = parent;
                    depth -= lists + 1;
                }
                (None, Link::Resumed(resumed)) => return resumed.nullable_depth,
                (None, _) => return 0,
            }
        }
    }
}

/// How many lists up from an item within that many lists null may stand, if anywhere.
fn nullable_levels<H: Handles>(position: &Position<H>, lists: usize) -> Option<usize> {
    let mut nearest = position.nullable.then_some(lists);
    let mut position = position;
    for level in (0..lists).rev() {
        let Shape::List(item) = &position.shape else { break };
        position = item;
        if position.nullable {
            nearest = Some(level);
        }
    }
    nearest
}
