//! A response as JSON bytes, with the errors as objects beside it.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{PyTraverseError, PyVisit};

use crate::cpython::{SharedBytes, new_text};
use crate::gate;

/// The answer to a GraphQL request, ready to be sent: `bytes(result)` is the body, uncopied.
#[pyclass(frozen, extends = SharedBytes, module = "onecross.graphql")]
pub(crate) struct JsonResult {
    errors: Option<Py<PyAny>>,
    extensions: Option<Py<PyAny>>,
    is_request_error: bool,
}

impl JsonResult {
    pub(crate) fn make<'py>(
        body: Bound<'py, PyBytes>,
        errors: Option<Py<PyAny>>,
        extensions: Option<Py<PyAny>>,
        is_request_error: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = body.py();
        let result = Self { errors, extensions, is_request_error };
        let base = PyClassInitializer::from(SharedBytes::new(body.unbind()));
        Ok(Bound::new(py, base.add_subclass(result))?.into_any())
    }
}

#[pymethods]
impl JsonResult {
    /// The `GraphQLError`s of the response, or `None` when there are none.
    #[getter]
    fn errors(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.errors.as_ref().map(|errors| errors.clone_ref(py))
    }

    /// The extensions of the response, or `None`.
    #[getter]
    fn extensions(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.extensions.as_ref().map(|extensions| extensions.clone_ref(py))
    }

    /// Whether nothing was executed; the body then has no `data`.
    #[getter]
    fn is_request_error(&self) -> bool {
        self.is_request_error
    }

    /// Errors have tracebacks, tracebacks have frames, and a frame may have this result.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.errors)?;
        visit.call(&self.extensions)
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyString>> {
        let py = slf.py();
        gate::guard(|| {
            let length = slf.as_super().get().bytes().as_bytes(py).len();
            let errors = match &slf.get().errors {
                Some(errors) => errors.bind(py).len()?,
                None => 0,
            };
            Ok(new_text(py, &format!("<JsonResult: {length} bytes, {errors} errors>")))
        })
    }
}
