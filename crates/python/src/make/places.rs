//! Places of a response of dicts and lists that are kept for values still awaited.

use std::ops::Range;

use pyo3::prelude::*;

use crate::errors::unwind;

/// What stands in a container of the response, for now or for good.
pub(crate) struct Place<'py> {
    /// The dict or list; `None` for the response itself.
    pub(crate) container: Option<Bound<'py, PyAny>>,
    /// The key or index there.
    pub(crate) key: Option<Bound<'py, PyAny>>,
    /// Whether null may stand there.
    pub(crate) nullable: bool,
    /// Whether a value for it is still to come.
    pub(crate) is_awaited: bool,
    /// How many steps it is from the response.
    pub(crate) depth: usize,
    /// The nearest place around it that is known, where null may stand.
    pub(crate) around: Option<usize>,
    /// The numbers of the places that are within it, but for those within values that came later.
    pub(crate) inside: Range<usize>,
}

impl<'py> Place<'py> {
    /// Puts a value there.
    pub(crate) fn put(&self, value: Bound<'py, PyAny>) {
        if let (Some(container), Some(key)) = (&self.container, &self.key) {
            container.set_item(key, value).unwrap_or_else(|error| unwind(error));
        }
    }
}

/// All places that matter for values still awaited: their own, and those around them where null may
/// stand. One that is forgotten leaves its number behind.
#[derive(Default)]
pub(crate) struct Places<'py>(Vec<Option<Place<'py>>>);

impl<'py> Places<'py> {
    /// How many there are and were.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a place that nothing known is around yet; tells its number.
    pub(crate) fn add(&mut self, place: Place<'py>) -> usize {
        self.0.push(Some(place));
        self.0.len() - 1
    }

    /// Adds a place where null may stand, around all from `first` on that have none around them.
    pub(crate) fn enclose(&mut self, first: usize, place: Place<'py>) {
        let around = self.0.len();
        for inner in self.0[first..].iter_mut().flatten() {
            inner.around.get_or_insert(around);
        }
        self.0.push(Some(Place { inside: first..around, ..place }));
    }

    /// Forgets all from that one on.
    pub(crate) fn forget(&mut self, first: usize) {
        self.0[first..].fill_with(|| None);
    }

    /// A place that a value is to come for, if it still is.
    pub(crate) fn awaited(&self, number: usize) -> Option<&Place<'py>> {
        self.0[number].as_ref().filter(|place| place.is_awaited)
    }

    /// Notes that a place has its value, and that all from `first` on came with that.
    pub(crate) fn fill(&mut self, number: usize, first: usize) {
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
    /// it; all there are, if null may stand nowhere.
    pub(crate) fn void(&mut self, number: usize) -> Option<Place<'py>> {
        let Some(nearest) = self.nearest(number) else {
            self.forget(0);
            return None;
        };
        let place = self.0[nearest].take()?;
        let mut inside = vec![place.inside.clone()];
        while let Some(range) = inside.pop() {
            for inner in range {
                inside.extend(self.0[inner].take().map(|inner| inner.inside));
            }
        }
        Some(place)
    }

    /// The nearest place at or around one where null may stand.
    pub(crate) fn nearest_nullable(&self, number: usize) -> Option<&Place<'py>> {
        self.nearest(number).and_then(|number| self.0[number].as_ref())
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

    /// The places by number.
    pub(crate) fn into_vec(self) -> Vec<Option<Place<'py>>> {
        self.0
    }
}
