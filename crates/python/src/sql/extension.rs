//! Extensions of SQLite, which are off unless they are asked for.

use pyo3::intern;
use pyo3::prelude::*;

use super::connection::Connection;
use super::name::Name;
use super::opening;
use crate::gate;

#[pymethods]
impl Connection {
    /// Allows extensions to be loaded, by SQL, too, or forbids it.
    #[pyo3(signature = (enable, /))]
    fn enable_load_extension(slf: &Bound<'_, Self>, enable: &Bound<'_, PyAny>) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let enable = enable.is_truthy()?;
            slf.get().check_open(py)?;
            let event = intern!(py, "sqlite3.enable_load_extension");
            opening::audit(py)?.call1((event, slf, enable))?;
            slf.get().enter(py)?.database.allow_extensions(enable);
            Ok(())
        })
    }

    /// Loads an extension from a shared library. Its code may do anything that this process may.
    #[pyo3(signature = (name, /, *, entrypoint=None))]
    fn load_extension(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        entrypoint: Option<Name>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let path = opening::path_of(name)?;
            slf.get().check_open(py)?;
            let event = intern!(py, "sqlite3.load_extension");
            opening::audit(py)?.call1((event, slf, name))?;
            let session = slf.get().enter(py)?;
            let loaded =
                session.work(|| session.database.load_extension(&path, entrypoint.as_deref()));
            loaded.map_err(|error| session.error(py, &error))
        })
    }
}
