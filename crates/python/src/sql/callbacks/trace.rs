//! A Python function that is told of each statement that begins.

use std::borrow::Cow;
use std::sync::Arc;

use onecross_sqlite::{self as sqlite, Failed};
use pyo3::prelude::*;

use super::callable::Callable;
use super::report;
use crate::cpython::decoded;
use crate::errors::new_error;
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::errors;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Sets what is told of each statement that begins; None ends that.
    ///
    /// Args:
    ///     trace_callback: Called with the text of the statement, its parameters replaced by their
    ///         values, unless that would be longer than the connection allows.
    #[pyo3(signature = (trace_callback))]
    fn set_trace_callback(
        slf: &Bound<'_, Self>,
        trace_callback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let session = slf.get().enter(py)?;
            let tracer = (!trace_callback.is_none()).then(|| tracer(&session, trace_callback));
            let set = session.database.set_tracer(tracer);
            set.map_err(|error| session.error(py, &error))
        })
    }
}

fn tracer(session: &Arc<Session>, callback: &Bound<'_, PyAny>) -> sqlite::Tracer {
    let callable = Callable::registered(session, callback);
    Box::new(move |traced| {
        let told = callable.call(|session, callback| {
            let py = callback.py();
            let text = match traced.expanded_text() {
                Some(text) => Cow::Owned(text),
                None => {
                    if !session.rules.is_strict {
                        let message = "Expanded SQL string exceeds the maximum string length";
                        report::show(callback, new_error::<errors::DataError>(py, message));
                    }
                    Cow::Borrowed(traced.text())
                }
            };
            callback.call1((decoded(py, text.to_bytes())?,)).map(drop)
        });
        if told.is_err() && callable.is_strict { Err(Failed) } else { Ok(()) }
    })
}
