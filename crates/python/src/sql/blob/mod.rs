//! A blob in its row, opened to be read and written in parts.

mod file;
mod items;
mod part;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

use onecross_sqlite as sqlite;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt};
use pyo3::{PyTraverseError, PyVisit};

use super::connection::Connection;
use super::errors;
use super::given::Given;
use super::name::Name;
use super::session::Session;
use crate::cpython::{Held, small_integer, with_bytes};
use crate::errors::new_error;
use crate::gate;

/// So many bytes are worth a release of the interpreter.
const MANY: usize = 64 * 1024;

/// A blob of a row, read and written in parts.
#[pyclass(frozen, weakref, mapping, module = "onecross.sql")]
pub(crate) struct Blob {
    connection: Py<Connection>,
    open: Arc<OpenBlob>,
    offset: Held<Cell<usize>>,
}

/// The driver's blob. Its connection has it, too, for it closes it before itself.
pub(super) struct OpenBlob(Held<RefCell<Option<sqlite::Blob>>>);

impl OpenBlob {
    /// Takes the blob away, unless something reads or writes it.
    pub(super) fn take(&self, py: Python<'_>) -> Option<sqlite::Blob> {
        self.0.get(py).try_borrow_mut().ok().and_then(|mut open| open.take())
    }
}

/// The bytes of an object, copied if others can change them while SQLite reads them.
fn bytes_of<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    match object.cast_exact::<PyBytes>() {
        Ok(bytes) => Ok(Cow::Borrowed(bytes.as_bytes())),
        Err(_) => with_bytes(object, |bytes| Cow::Owned(bytes.to_vec())),
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        gate::destroy(|| drop(Python::attach(|py| self.open.take(py))));
    }
}

#[pymethods]
impl Connection {
    /// Opens a value that is stored as BLOB or TEXT, to be read and written in parts.
    #[pyo3(signature = (table, column, row, /, *, readonly=Given::Nothing, name=Name::of_main()))]
    fn blobopen<'py>(
        slf: &Bound<'py, Self>,
        table: Name,
        column: Name,
        row: &Bound<'py, PyAny>,
        readonly: Given<'py>,
        name: Name,
    ) -> PyResult<Bound<'py, Blob>> {
        gate::guard(|| {
            let py = slf.py();
            let Ok(row) = row.cast::<PyInt>() else {
                return Err(new_error::<PyTypeError>(py, "expected 'int'"));
            };
            let row = small_integer(row).ok_or_else(|| {
                let message = "Python int too large to convert to SQLite INTEGER";
                new_error::<PyOverflowError>(py, message)
            })?;
            let is_read_only = readonly.truth_or(false)?;
            let access = if is_read_only { sqlite::Access::Read } else { sqlite::Access::Write };
            let place = sqlite::Place { database: &name, table: &table, column: &column, row };
            let session = slf.get().enter(py)?;
            let opened = session.work(|| session.database.open_blob(&place, access));
            let opened = opened.map_err(|error| session.error(py, &error))?;
            let open = Arc::new(OpenBlob(Held::new(RefCell::new(Some(opened)))));
            session.adopt(py, &open);
            let connection = slf.clone().unbind();
            Bound::new(py, Blob { connection, open, offset: Held::default() })
        })
    }
}

#[pymethods]
impl Blob {
    /// Closes the blob, with which what was written may be committed. It may be closed already.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        gate::guard(|| {
            let (py, this) = (slf.py(), slf.get());
            let session = this.connection.get().enter(py)?;
            let open = this.open.take(py);
            let closed = session.work(|| open.map_or(Ok(()), sqlite::Blob::close));
            closed.map_err(|error| session.error(py, &error))?;
            session.take_pending(py).map_or(Ok(()), Err)
        })
    }

    fn __enter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        gate::guard(|| {
            slf.get().with(slf.py(), |_, _| Ok(()))?;
            Ok(slf)
        })
    }

    #[pyo3(signature = (kind, error, traceback, /))]
    fn __exit__(
        slf: &Bound<'_, Self>,
        kind: &Bound<'_, PyAny>,
        error: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        let _ = (kind, error, traceback);
        gate::guard(|| slf.get().with(slf.py(), |_, _| Ok(())))?;
        Self::close(slf)?;
        Ok(false)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.connection)
    }
}

impl Blob {
    /// Does something with the blob, whose connection is owned meanwhile.
    fn with<'py, T>(
        &self,
        py: Python<'py>,
        work: impl FnOnce(&Session, &mut sqlite::Blob) -> PyResult<T>,
    ) -> PyResult<T> {
        let session = self.connection.get().enter(py)?;
        let Ok(mut open) = self.open.0.get(py).try_borrow_mut() else {
            return Err(errors::programming(py, "Recursive use of blobs not allowed."));
        };
        let Some(blob) = &mut *open else {
            return Err(errors::programming(py, "Cannot operate on a closed blob."));
        };
        blob.check().map_err(|error| session.error(py, &error))?;
        let done = work(&session, blob)?;
        drop(open);
        session.take_pending(py).map_or(Ok(done), Err)
    }

    /// Reads as many bytes from an offset on.
    fn read_at<'py>(
        py: Python<'py>,
        session: &Session,
        blob: &mut sqlite::Blob,
        offset: usize,
        count: usize,
    ) -> PyResult<Bound<'py, PyBytes>> {
        PyBytes::new_with(py, count, |buffer| {
            let read = if count < MANY {
                session.work(|| blob.read_at(offset, buffer))
            } else {
                session.work_detached(|| blob.read_at(offset, buffer))
            };
            read.map_err(|error| session.error(py, &error))
        })
    }

    /// Writes bytes from an offset on.
    fn write_at(
        py: Python<'_>,
        session: &Session,
        blob: &mut sqlite::Blob,
        offset: usize,
        data: &[u8],
    ) -> PyResult<()> {
        let written = if data.len() < MANY {
            session.work(|| blob.write_at(offset, data))
        } else {
            session.work_detached(|| blob.write_at(offset, data))
        };
        written.map_err(|error| session.error(py, &error))
    }
}
