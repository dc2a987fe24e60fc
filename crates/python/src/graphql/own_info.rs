//! The `info` of a framework's own making, of graphql-core's.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};
use pyo3::{PyTraverseError, PyVisit};

use crate::cpython::uninitialised;
use crate::meter::Tally;

/// How a framework's own `info` is made.
pub(crate) enum OwnInfo {
    /// `(info) -> info`.
    Made(Py<PyAny>),
    /// By its attributes, which are all that its constructor sets.
    Set(InfoClass),
}

/// A class whose constructor does nothing but set attributes.
pub(crate) struct InfoClass {
    pub(crate) class: Py<PyType>,
    /// The attribute that is graphql-core's `info`.
    pub(crate) raw_name: Py<PyString>,
    /// The others, with their values.
    pub(crate) constants: Vec<(Py<PyString>, Py<PyAny>)>,
}

impl OwnInfo {
    /// The framework's own `info`.
    pub(super) fn make<'py>(
        &self,
        raw: &Bound<'py, PyAny>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Made(make) => tally.call(|| make.bind(raw.py()).call1((raw,))),
            Self::Set(class) => class.instance(raw, tally),
        }
    }

    /// How many crossings that costs.
    pub(super) fn crossings(&self) -> usize {
        usize::from(matches!(self, Self::Made(_)))
    }

    /// Shows the collector what is held.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::Made(make) => visit.call(make),
            Self::Set(InfoClass { class, constants, .. }) => {
                visit.call(class)?;
                constants.iter().try_for_each(|(_, value)| visit.call(value))
            }
        }
    }
}

impl InfoClass {
    fn instance<'py>(
        &self,
        raw: &Bound<'py, PyAny>,
        tally: &mut impl Tally,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = raw.py();
        let made = uninitialised(self.class.bind(py))?;
        made.setattr(&self.raw_name, raw)?;
        for (name, value) in &self.constants {
            made.setattr(name, value)?;
        }
        tally.make();
        Ok(made)
    }
}
