//! Panics made on purpose, in builds with debug assertions alone, so that tests see where they stop.

/// Where a panic can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// While a document is made ready.
    Prepare,
    /// While a field is resolved.
    Resolve,
    /// While a leaf is written.
    Leaf,
    /// While a buffer is exported.
    Export,
    /// While an engine goes.
    Destroy,
    /// While a row of a database is read.
    Row,
    /// While rows are stored.
    Load,
}

/// Panics if that was asked for at this place.
#[inline]
pub(crate) fn point(place: Place) {
    #[cfg(debug_assertions)]
    injected::fire(place);
    #[cfg(not(debug_assertions))]
    let _ = place;
}

#[cfg(debug_assertions)]
pub(crate) use injected::inject_panic;

#[cfg(debug_assertions)]
mod injected {
    use std::sync::Mutex;

    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    use super::Place;

    static NEXT: Mutex<Option<Place>> = Mutex::new(None);

    /// Asks for one panic, the next time that place is come by.
    #[pyfunction]
    #[pyo3(name = "_inject_panic")]
    pub(crate) fn inject_panic(place: &str) -> PyResult<()> {
        let place = match place {
            "prepare" => Place::Prepare,
            "resolve" => Place::Resolve,
            "leaf" => Place::Leaf,
            "export" => Place::Export,
            "destroy" => Place::Destroy,
            "row" => Place::Row,
            "load" => Place::Load,
            _ => return Err(PyValueError::new_err(format!("there is no place {place:?}"))),
        };
        *NEXT.lock().expect("nothing panics while it is held") = Some(place);
        Ok(())
    }

    pub(super) fn fire(place: Place) {
        let is_due = NEXT
            .lock()
            .expect("nothing panics while it is held")
            .take_if(|next| *next == place)
            .is_some();
        assert!(!is_due, "injected at {place:?}");
    }
}
