//! Where in the response execution is: a chain on the stack, made into a list only when asked.

use std::cell::OnceCell;

use crate::plan::Field;
use crate::schema::{Handles, TypeId};

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
    Resumed(&'a [Segment]),
    /// A field of an object.
    Field(&'a Path<'a, H, P>, &'a Field<H>),
    /// An item of a list.
    Item(&'a Path<'a, H, P>, usize),
}

/// A step from the response down to a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// To the field with that key, of an object of that type.
    Key(Box<str>, TypeId),
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
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut place = self;
        loop {
            place = match &place.link {
                Link::Root => break,
                Link::Resumed(steps) => {
                    segments.extend(steps.iter().rev().cloned());
                    break;
                }
                Link::Field(parent, field) => {
                    segments.push(Segment::Key(field.key.text().into(), field.parent));
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
}
