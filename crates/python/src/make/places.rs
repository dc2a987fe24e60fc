//! Places of a response of dicts and lists that are kept for values still awaited.

use std::ops::Range;

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use crate::errors::unwind;

/// What stands in a container of the response, for now or for good.
pub(super) struct Place<'py> {
    /// The dict or list; `None` for the response itself.
    pub(super) container: Option<Bound<'py, PyAny>>,
    /// The key or index there.
    pub(super) key: Option<Bound<'py, PyAny>>,
    /// Whether null may stand there.
    pub(super) nullable: bool,
    /// Whether a value for it is still to come.
    pub(super) is_awaited: bool,
    /// The nearest place around it that is known, where null may stand.
    pub(super) around: Option<usize>,
    /// The numbers of the places that are within it, but for those within values that came later.
    pub(super) inside: Range<usize>,
}

impl<'py> Place<'py> {
    /// Puts a value there.
    pub(super) fn put(&self, value: Bound<'py, PyAny>) {
        if let (Some(container), Some(key)) = (&self.container, &self.key) {
            container.set_item(key, value).unwrap_or_else(|error| unwind(error));
        }
    }
}

/// All places that matter for values still awaited: their own, and those around them where null may
/// stand. One that is forgotten leaves its number behind.
#[derive(Default)]
pub(super) struct Places<'py>(Vec<Option<Place<'py>>>);

impl<'py> Places<'py> {
    /// How many there are and were.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a place that nothing known is around yet; tells its number.
    pub(super) fn add(&mut self, place: Place<'py>) -> usize {
        self.0.push(Some(place));
        self.0.len() - 1
    }

    /// Adds a place where null may stand, around all from `first` on that have none around them.
    pub(super) fn enclose(&mut self, first: usize, place: Place<'py>) {
        let around = self.0.len();
        for inner in self.0[first..].iter_mut().flatten() {
            inner.around.get_or_insert(around);
        }
        self.0.push(Some(Place { inside: first..around, ..place }));
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let containers = self.0.iter().flatten().filter_map(|place| place.container.as_ref());
        containers.map(Bound::as_unbound).try_for_each(|container| visit.call(container))
    }

    /// Forgets all from that one on.
    pub(super) fn forget(&mut self, first: usize) {
        self.0[first..].fill_with(|| None);
    }

    /// A place that a value is to come for, if it still is.
    pub(super) fn awaited(&self, number: usize) -> Option<&Place<'py>> {
        self.0[number].as_ref().filter(|place| place.is_awaited)
    }

    /// Notes that a place has its value, and that all from `first` on came with that.
    pub(super) fn fill(&mut self, number: usize, first: usize) {
        let end = self.0.len();
        let Some(place) = &mut self.0[number] else { return };
        place.is_awaited = false;
        place.inside = first..end;
        let around = if place.nullable { Some(number) } else { place.around };
        for inner in self.0[first..].iter_mut().flatten() {
            inner.around = inner.around.or(around);
        }
    }

    /// Takes out the nearest place at or around one where null may stand, and forgets all within
    /// it; all there are, if null may stand nowhere. Gives the numbers of those that a value was to
    /// come for, too.
    pub(super) fn void(&mut self, number: usize) -> (Option<Place<'py>>, Vec<usize>) {
        let mut lost = Vec::new();
        let nearest = self.nearest(number);
        let place = match nearest {
            Some(nearest) => self.take(nearest, &mut lost),
            None => None,
        };
        let everything = 0..self.0.len();
        let mut inside = vec![place.as_ref().map_or(everything, |place| place.inside.clone())];
        while let Some(range) = inside.pop() {
            for inner in range {
                inside.extend(self.take(inner, &mut lost).map(|inner| inner.inside));
            }
        }
        (place, lost)
    }

    fn take(&mut self, number: usize, lost: &mut Vec<usize>) -> Option<Place<'py>> {
        let place = self.0[number].take()?;
        lost.extend(place.is_awaited.then_some(number));
        Some(place)
    }

    fn nearest(&self, number: usize) -> Option<usize> {
        let mut nearest = Some(number);
        while let Some(place) = nearest.and_then(|number| self.0[number].as_ref())
            && !place.nullable
        {
            nearest = place.around;
        }
        nearest
    }
}
