//! What of a connection's behaviour can be turned on and off.

use onecross_sqlite as sqlite;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::connection::Connection;
use super::errors::OperationalError;
use super::given::Given;
use crate::cpython::c_int;
use crate::errors::new_error;
use crate::gate;

#[pymethods]
impl Connection {
    /// Turns something on or off, one of `SQLITE_DBCONFIG_*`.
    #[pyo3(signature = (op, enable=Given::Nothing, /))]
    fn setconfig(slf: &Bound<'_, Self>, op: &Bound<'_, PyAny>, enable: Given<'_>) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let enable = enable.truth_or(true)?;
            let session = slf.get().enter(py)?;
            let turned = session.database.turn(switch(op)?, enable);
            if turned.map_err(|error| session.error(py, &error))? == enable {
                return Ok(());
            }
            Err(new_error::<OperationalError>(py, "Unable to set config"))
        })
    }

    /// Whether something is on, one of `SQLITE_DBCONFIG_*`.
    #[pyo3(signature = (op, /))]
    fn getconfig(slf: &Bound<'_, Self>, op: &Bound<'_, PyAny>) -> PyResult<bool> {
        gate::guard(|| {
            let py = slf.py();
            let session = slf.get().enter(py)?;
            session.database.is_on(switch(op)?).map_err(|error| session.error(py, &error))
        })
    }
}

fn switch(op: &Bound<'_, PyAny>) -> PyResult<sqlite::Switch> {
    let option = c_int(op)?;
    sqlite::Switch::new(option).ok_or_else(|| {
        new_error::<PyValueError>(op.py(), &format!("unknown config 'op': {option}"))
    })
}
