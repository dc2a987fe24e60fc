//! Values that come later: holes that are left, pages that fill them, and what null does to both.

use std::convert::Infallible;

use crate::assembly::{NULL, assemble, assembled_limit};
use crate::places::{HoleId, Places};
use crate::{Mark, Output, Writer};

/// What a writer knows of its holes.
///
/// Everything is written into one output: first all that is not in a hole, then page after page.
/// A hole leaves a comma where it is, so that no two holes have the same position and what ends
/// an object or list finds what it would find after a value.
#[derive(Debug, Default)]
pub(crate) struct Holes {
    places: Places,
    open: Option<Page>,
    /// Where the first page began.
    first_page: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Page {
    hole: HoleId,
    start: usize,
}

impl<O: Output> Writer<O> {
    /// The place where the next value will stand.
    #[inline]
    pub fn mark(&self) -> Mark {
        Mark { position: self.output.len() }
    }

    /// Forgets everything since the mark, its holes with it.
    pub fn rollback(&mut self, mark: Mark) {
        self.output.truncate(mark.position);
        self.change_places(mark.position, |places| places.forget(mark.position));
    }

    /// Notes that the value at the mark, where null may stand, is complete.
    #[inline]
    pub fn enclose(&mut self, mark: Mark) {
        if self.solid > mark.position {
            self.add_region(mark.position);
        }
    }

    /// Whether a hole was ever left.
    pub fn has_holes(&self) -> bool {
        self.holes.is_some()
    }

    /// Whether null reached the top without meeting a place where it may stand.
    pub fn is_void(&self) -> bool {
        self.holes.as_ref().is_some_and(|holes| holes.places.is_void())
    }

    /// How many holes are part of the output and not filled yet.
    pub fn unfilled(&self) -> usize {
        self.holes.as_ref().map_or(0, |holes| holes.places.awaited())
    }

    /// The output, with every value in its place and no comma at the end.
    ///
    /// Nothing is copied if there never was a hole. An output that is void is `null`.
    ///
    /// # Panics
    ///
    /// If a hole is neither filled nor void, or a page still open.
    pub fn finish(self) -> O
    where
        O: Default,
    {
        match self.finish_into(|_| Ok::<_, Infallible>(O::default())) {
            Ok(output) => output,
            Err(never) => match never {},
        }
    }

    /// The same, put together in an output that is made for at most that many bytes, if there ever
    /// was a hole.
    ///
    /// # Errors
    ///
    /// When there is no such output to be had.
    ///
    /// # Panics
    ///
    /// As [`finish`](Self::finish) does.
    pub fn finish_into<E>(mut self, make: impl FnOnce(usize) -> Result<O, E>) -> Result<O, E> {
        let Some(mut holes) = self.holes.take() else {
            let end = self.value_end();
            self.output.truncate(end);
            return Ok(self.output);
        };
        assert!(holes.open.is_none(), "the page of a hole was not closed");
        assert_eq!(holes.places.awaited(), 0, "there are holes that nothing was written into");
        if holes.places.is_void() {
            let mut output = make(NULL.len())?;
            output.extend(NULL);
            return Ok(output);
        }
        let end = match holes.first_page {
            Some(end) => without_comma(&self.output.as_slice()[..end]),
            None => self.value_end(),
        };
        let mut output = make(assembled_limit(&holes.places, self.output.len()))?;
        assemble(&mut holes.places, self.output.as_slice(), end, &mut output);
        Ok(output)
    }

    #[cold]
    #[inline(never)]
    fn add_region(&mut self, start: usize) {
        let end = self.value_end();
        self.change_places(start, |places| places.add_region(start..end));
    }

    /// Changes places from that position on, if there are any.
    fn change_places(&mut self, position: usize, change: impl FnOnce(&mut Places)) {
        if let Some(holes) = &mut self.holes
            && self.solid > position
        {
            change(&mut holes.places);
            self.solid = holes.places.solid();
        }
    }

    /// Where the value before the last comma ends.
    fn value_end(&self) -> usize {
        without_comma(self.output.as_slice())
    }
}

impl<O: Output> Writer<O> {
    /// Leaves a hole where a value would stand.
    pub fn hole(&mut self, nullable: bool) -> HoleId {
        let position = self.output.len();
        let holes = self.holes.get_or_insert_default();
        let hole = holes.places.add_hole(position, nullable);
        self.solid = holes.places.solid();
        self.output.push(b',');
        hole
    }

    /// Whether a hole is part of the output and not filled yet.
    pub fn is_kept(&self, hole: HoleId) -> bool {
        self.holes.as_ref().is_some_and(|holes| holes.places.is_awaited(hole))
    }

    /// Begins the value of a hole, once what the hole is in is complete.
    ///
    /// False when the hole was filled or is no longer part of the output: then nothing may be
    /// written.
    ///
    /// # Panics
    ///
    /// If another page is open.
    pub fn open(&mut self, hole: HoleId) -> bool {
        let start = self.output.len();
        let holes = self.with_holes();
        assert!(holes.open.is_none(), "the page of another hole is open");
        if !holes.places.is_awaited(hole) {
            return false;
        }
        holes.first_page.get_or_insert(start);
        holes.open = Some(Page { hole, start });
        true
    }

    /// Ends the value of the open hole.
    ///
    /// # Panics
    ///
    /// If no page is open.
    pub fn close(&mut self) {
        let end = self.value_end();
        let holes = self.with_holes();
        let page = holes.open.take().expect("no page is open");
        holes.places.fill(page.hole, page.start..end);
        self.solid = holes.places.solid();
    }

    /// Forgets what was written of the value of the open hole, which stays unfilled.
    ///
    /// # Panics
    ///
    /// If no page is open.
    pub fn abandon(&mut self) {
        let page = self.with_holes().open.take().expect("no page is open");
        self.rollback(Mark { position: page.start });
    }

    /// Makes a hole null, or, where null may not stand there, the nearest place around it where
    /// it may; without one, the output is void. A hole that was filled stays as it is.
    ///
    /// Gives the holes that are not awaited any more because of that, the one itself among them.
    ///
    /// # Panics
    ///
    /// If a page is open.
    pub fn void(&mut self, hole: HoleId) -> Vec<HoleId> {
        let holes = self.with_holes();
        assert!(holes.open.is_none(), "the page of a hole is open");
        let lost = holes.places.void(hole);
        self.solid = holes.places.solid();
        lost
    }

    fn with_holes(&mut self) -> &mut Holes {
        self.holes.as_mut().expect("this writer left no hole")
    }
}

fn without_comma(bytes: &[u8]) -> usize {
    bytes.len() - usize::from(bytes.last() == Some(&b','))
}
