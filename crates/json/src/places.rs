//! The tree of places that may still change: holes, and around them where null may stand.

use std::ops::Range;

/// A hole that was left in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HoleId(pub(crate) usize);

impl From<HoleId> for usize {
    /// A number of its own among the holes of an output.
    fn from(hole: HoleId) -> usize {
        hole.0
    }
}

/// A hole, or a region: a value with holes in it that stands where null may be.
///
/// A place without one around it belongs to the output itself, or to the page that is open.
#[derive(Debug)]
pub(crate) struct Place {
    /// Where it begins in what is around it.
    pub(crate) start: usize,
    /// Where what is around it goes on: a hole takes no room there.
    pub(crate) end: usize,
    /// The bytes of its value: for a region those where it stands, for a hole its page.
    pub(crate) body: Range<usize>,
    pub(crate) state: State,
    nullable: bool,
    around: Option<usize>,
    pub(crate) first_inside: Option<usize>,
    pub(crate) next_beside: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// A hole that nothing was written for yet.
    Awaited,
    /// Its value is its body.
    Present,
    /// Its value is null.
    Null,
    /// It is no longer part of the output.
    Gone,
}

/// All places ever, and which of them nothing is around yet, in the order of the output.
#[derive(Debug, Default)]
pub(crate) struct Places {
    all: Vec<Place>,
    outermost: Vec<usize>,
    awaited: usize,
    void: bool,
}

impl Places {
    pub(crate) fn add_hole(&mut self, position: usize, nullable: bool) -> HoleId {
        self.awaited += 1;
        HoleId(self.add(position..position, 0..0, State::Awaited, nullable))
    }

    /// Puts a region around the outermost places within it.
    pub(crate) fn add_region(&mut self, range: Range<usize>) {
        let start = range.start;
        let region = self.all.len();
        let inside = self.gather(start, Some(region));
        self.add(range.clone(), range, State::Present, true);
        self.all[region].first_inside = inside;
    }

    /// Makes the written page the value of a hole.
    pub(crate) fn fill(&mut self, hole: HoleId, page: Range<usize>) {
        let inside = self.gather(page.start, Some(hole.0));
        let place = &mut self.all[hole.0];
        place.body = page;
        place.first_inside = inside;
        self.set(hole.0, State::Present);
    }

    /// Forgets the outermost places from that position on.
    pub(crate) fn forget(&mut self, position: usize) {
        let first = self.gather(position, None);
        self.drop_all(first);
    }

    /// Lets null be the value of a hole or of the nearest place around it where it may be; gives
    /// the holes that are no longer awaited because of that.
    pub(crate) fn void(&mut self, hole: HoleId) -> Vec<HoleId> {
        if !self.is_awaited(hole) {
            return Vec::new();
        }
        let mut nearest = Some(hole.0);
        while let Some(index) = nearest
            && !self.all[index].nullable
        {
            nearest = self.all[index].around;
        }
        let Some(index) = nearest else {
            self.void = true;
            let first = self.gather(0, None);
            return self.drop_all(first);
        };
        let was_awaited = self.set(index, State::Null);
        let inside = self.all[index].first_inside.take();
        let mut lost = self.drop_all(inside);
        lost.extend(was_awaited.then_some(HoleId(index)));
        lost
    }

    pub(crate) fn is_void(&self) -> bool {
        self.void
    }

    pub(crate) fn is_awaited(&self, hole: HoleId) -> bool {
        self.all[hole.0].state == State::Awaited
    }

    pub(crate) fn awaited(&self) -> usize {
        self.awaited
    }

    /// The position up to which there are outermost places.
    pub(crate) fn solid(&self) -> usize {
        self.outermost.last().map_or(0, |last| self.all[*last].start + 1)
    }

    pub(crate) fn get(&self, index: usize) -> &Place {
        &self.all[index]
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Takes the outermost places from that position on and strings them together.
    pub(crate) fn gather(&mut self, position: usize, around: Option<usize>) -> Option<usize> {
        let mut first = None;
        while let Some(last) = self.outermost.pop_if(|last| self.all[*last].start >= position) {
            self.all[last].around = around;
            self.all[last].next_beside = first.replace(last);
        }
        first
    }

    fn add(
        &mut self,
        Range { start, end }: Range<usize>,
        body: Range<usize>,
        state: State,
        nullable: bool,
    ) -> usize {
        let index = self.all.len();
        self.outermost.push(index);
        self.all.push(Place {
            start,
            end,
            body,
            state,
            nullable,
            around: None,
            first_inside: None,
            next_beside: None,
        });
        index
    }

    fn drop_all(&mut self, first: Option<usize>) -> Vec<HoleId> {
        let mut lost = Vec::new();
        let mut waiting: Vec<usize> = first.into_iter().collect();
        while let Some(index) = waiting.pop() {
            let was_awaited = self.set(index, State::Gone);
            lost.extend(was_awaited.then_some(HoleId(index)));
            waiting.extend(self.all[index].next_beside);
            waiting.extend(self.all[index].first_inside);
        }
        lost
    }

    /// Changes the state of a place; tells whether it was a hole that was awaited.
    fn set(&mut self, index: usize, state: State) -> bool {
        let previous = std::mem::replace(&mut self.all[index].state, state);
        let was_awaited = previous == State::Awaited;
        self.awaited -= usize::from(was_awaited);
        was_awaited
    }
}
