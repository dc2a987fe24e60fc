//! What a response is made of, and the sink that makes JSON.

use onecross_json::{HoleId, Mark, Output, Writer};

use crate::Key;

/// Where a response goes, place after place in the order of the response.
///
/// Leaves are written by the host, which alone knows what its values are.
pub trait Sink<Name> {
    /// A place to roll back to.
    type Mark: Copy;
    /// A place that is kept for a value still awaited; as a number, no two of a response are alike.
    type Hole: Copy + Into<usize>;

    /// The place where the next value will stand.
    fn mark(&self) -> Self::Mark;
    /// Forgets everything since the mark; the value at that place is written anew.
    fn rollback(&mut self, mark: Self::Mark);
    /// Notes that the value at the mark, where null may stand, is complete.
    fn enclose(&mut self, mark: Self::Mark);

    /// Writes null.
    fn null(&mut self);
    /// Writes a text known to the plan.
    fn constant(&mut self, text: &Key<Name>);
    /// Begins an object with these keys.
    fn begin_object<'k>(&mut self, keys: impl ExactSizeIterator<Item = &'k Key<Name>> + Clone)
    where
        Name: 'k;
    /// Begins a field: its value comes next.
    fn key(&mut self, key: &Key<Name>);
    /// Ends an object.
    fn end_object(&mut self);
    /// Begins a list of about that many items.
    fn begin_list(&mut self, items: usize);
    /// Ends a list.
    fn end_list(&mut self);

    /// Keeps the next place for a value that comes later.
    fn hole(&mut self, nullable: bool) -> Self::Hole;
    /// Whether the response still has a place for the value of a hole.
    fn is_kept(&self, hole: Self::Hole) -> bool;
    /// Begins the value of a hole; false when the response no longer has a place for it.
    fn open(&mut self, hole: Self::Hole) -> bool;
    /// Ends the value of the open hole.
    fn close(&mut self);
    /// Drops what was written of the value of the open hole, which stays unfilled.
    fn abandon(&mut self);
    /// Lets null be the value of a hole, or, where null may not stand there, of the nearest place
    /// around it where it may; gives the holes that the response has no place for any more.
    fn void(&mut self, hole: Self::Hole) -> Vec<Self::Hole>;
}

impl<Name, O: Output> Sink<Name> for Writer<O> {
    type Mark = Mark;
    type Hole = HoleId;

    #[inline]
    fn mark(&self) -> Mark {
        Writer::mark(self)
    }

    fn rollback(&mut self, mark: Mark) {
        Writer::rollback(self, mark);
    }

    #[inline]
    fn enclose(&mut self, mark: Mark) {
        Writer::enclose(self, mark);
    }

    #[inline]
    fn null(&mut self) {
        Writer::null(self);
    }

    #[inline]
    fn constant(&mut self, text: &Key<Name>) {
        Writer::constant(self, text.encoded());
    }

    #[inline]
    fn begin_object<'k>(&mut self, _keys: impl ExactSizeIterator<Item = &'k Key<Name>> + Clone)
    where
        Name: 'k,
    {
        Writer::begin_object(self);
    }

    #[inline]
    fn key(&mut self, key: &Key<Name>) {
        Writer::key(self, key.encoded());
    }

    #[inline]
    fn end_object(&mut self) {
        Writer::end_object(self);
    }

    #[inline]
    fn begin_list(&mut self, _items: usize) {
        Writer::begin_list(self);
    }

    #[inline]
    fn end_list(&mut self) {
        Writer::end_list(self);
    }

    fn hole(&mut self, nullable: bool) -> HoleId {
        Writer::hole(self, nullable)
    }

    fn is_kept(&self, hole: HoleId) -> bool {
        Writer::is_kept(self, hole)
    }

    fn open(&mut self, hole: HoleId) -> bool {
        Writer::open(self, hole)
    }

    fn close(&mut self) {
        Writer::close(self);
    }

    fn abandon(&mut self) {
        Writer::abandon(self);
    }

    fn void(&mut self, hole: HoleId) -> Vec<HoleId> {
        Writer::void(self, hole)
    }
}
