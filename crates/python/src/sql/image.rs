//! A whole database as bytes.

use std::ffi::CStr;

use onecross_sqlite as sqlite;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::connection::Connection;
use super::name::Name;
use super::session::Session;
use crate::cpython::{new_bytes, with_bytes};
use crate::gate;

#[pymethods]
impl Connection {
    /// The bytes of a database: those of its file, or what its file would hold.
    #[pyo3(signature = (*, name=Name::of_main()))]
    fn serialize<'py>(slf: &Bound<'py, Self>, name: Name) -> PyResult<Bound<'py, PyAny>> {
        gate::guard(|| {
            let py = slf.py();
            let session = slf.get().enter(py)?;
            let image = session.work_detached(|| session.database.serialize(&name));
            let image = image.map_err(|error| session.error(py, &error))?;
            new_bytes(py, &image)
        })
    }

    /// Puts a database that `serialize` gave in the place of another, in memory.
    #[pyo3(signature = (data, /, *, name=Name::of_main()))]
    fn deserialize(slf: &Bound<'_, Self>, data: &Bound<'_, PyAny>, name: Name) -> PyResult<()> {
        gate::guard(|| {
            let session = slf.get().enter(slf.py())?;
            let text = data.cast::<PyString>().ok().map(|text| text.encode_utf8()).transpose()?;
            let data = text.as_ref().map_or(data, |text| text.as_any());
            let image = match data.cast_exact::<PyBytes>() {
                Ok(bytes) => {
                    let bytes = bytes.as_bytes();
                    session.work_detached(|| sqlite::Image::copy(bytes))
                }
                Err(_) => with_bytes(data, sqlite::Image::copy)?,
            };
            put(slf.py(), &session, &name, image)
        })
    }
}

fn put(
    py: Python<'_>,
    session: &Session,
    name: &CStr,
    image: Result<sqlite::Image, sqlite::Error>,
) -> PyResult<()> {
    let put = image.and_then(|mut image| {
        if session.rules.is_strict {
            image.leave_wal();
        }
        session.work(|| session.database.deserialize(name, image))
    });
    put.map_err(|error| session.error(py, &error))
}
