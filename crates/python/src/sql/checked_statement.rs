//! A statement that is made to see whether its text has an error.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::connection::Connection;
use super::cursor::text_of;
use super::execute;
use crate::errors::new_error;
use crate::gate;

/// A statement, of which nothing can be asked.
#[pyclass(frozen, module = "onecross.sql.sqlite3")]
pub(crate) struct CheckedStatement;

#[pymethods]
impl Connection {
    /// Makes a statement of the one argument, its text, and tells what is wrong with that.
    #[pyo3(signature = (*arguments))]
    fn _check(slf: &Bound<'_, Self>, arguments: &Bound<'_, PyTuple>) -> PyResult<CheckedStatement> {
        gate::guard(|| {
            let py = slf.py();
            let entered = slf.get().enter(py)?;
            if arguments.len() != 1 {
                let given = arguments.len();
                let message = format!("function takes exactly 1 argument ({given} given)");
                return Err(new_error::<PyTypeError>(py, &message));
            }
            let sql = arguments.get_item(0)?;
            execute::prepare(py, &entered, text_of(&sql, "argument 1")?, None)?;
            Ok(CheckedStatement)
        })
    }
}
