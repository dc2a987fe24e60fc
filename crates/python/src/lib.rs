//! onecross for Python: the extension module `onecross._core`, and the only crate that knows CPython.

#![deny(unsafe_code)]

#[expect(unsafe_code, reason = "every raw C-API call of the crate lives here")]
mod cpython;
mod errors;
mod fault;
mod gate;
mod graphql;
mod json;
mod make;
mod meter;
mod read;
mod rows;
mod sql;
mod stepping;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;

/// The native half of onecross.
#[pymodule(gil_used = true)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::cpython::SharedBytes;
    #[pymodule_export]
    use super::graphql::{Completion, GraphQLEngine, JsonResult, PreparedOperation};
    #[pymodule_export]
    use super::meter::Meter;
    #[pymodule_export]
    use super::rows::{ArrowStream, Parts, Rows};
    #[pymodule_export]
    use super::sql::{
        AwaitedQuery, AwaitedRows, Blob, CheckedStatement, Connection, Cursor, Intake,
        PrepareProtocol, Row, Rules, Statement, adapt, begin_job, coming_rows, complete_statement,
        count_waiting_rows, enable_callback_tracebacks, enable_shared_cache, execute_inline,
        is_free, is_query_at_hand, is_query_read, load_rows, open_databases, read_query_ahead,
        read_rows_ahead, register_adapter, register_converter, register_table, remaining_rows,
        stop_job, take_row, take_rows, unregister_table,
    };
    #[pymodule_export]
    use super::stepping::Suspended;

    #[pymodule_init]
    fn initialise(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::initialise(module)
    }
}

fn initialise(module: &Bound<'_, PyModule>) -> PyResult<()> {
    if !cpython::is_main_interpreter() {
        // Classes and names are kept once per process, and belong to the interpreter that made them.
        return Err(PyImportError::new_err("onecross does not support subinterpreters"));
    }
    let forced = std::env::var_os("ONECROSS_PUBLIC_API").is_some_and(|value| value == "1");
    if forced {
        cpython::force_public_api();
    }
    #[cfg(debug_assertions)]
    module.setattr("_inject_panic", wrap_pyfunction!(fault::inject_panic, module)?)?;
    sql::initialise(module)?;
    stepping::add_methods(module.py())?;
    module.add("knows_memory_layout", cpython::knows_layout())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
