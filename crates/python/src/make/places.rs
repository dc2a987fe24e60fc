//! Places of a response of dicts and lists that are kept for values still awaited.

use pyo3::prelude::*;

/// What stands in a container of the response, for now or for good.
pub(crate) struct Place<'py> {
    /// The dict or list; `None` for the response itself.
    pub(crate) container: Option<Bound<'py, PyAny>>,
    /// The key or index there.
    pub(crate) key: Option<Bound<'py, PyAny>>,
    /// Whether null may stand there.
    pub(crate) nullable: bool,
    /// How many steps it is from the response.
    pub(crate) depth: usize,
    /// The nearest place around it that is known, where null may stand.
    pub(crate) around: Option<usize>,
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
        self.0.push(Some(place));
    }

    /// Forgets all from that one on.
    pub(crate) fn forget(&mut self, first: usize) {
        self.0[first..].fill_with(|| None);
    }

    /// The places by number.
    pub(crate) fn into_vec(self) -> Vec<Option<Place<'py>>> {
        self.0
    }
}
