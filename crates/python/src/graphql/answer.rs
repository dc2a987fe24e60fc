//! The two forms of an answer: JSON bytes, and graphql-core's result with plain dicts.

use onecross_graphql::execute::Sink;
use onecross_json::{Encoded, Writer};
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};
use pyo3::{PyTraverseError, PyVisit};

use super::held::Held;
use super::result::JsonResult;
use super::runtime::Runtime;
use super::unfinished::Unfinished;
use crate::cpython::{BytesOutput, Parked, new_dict};
use crate::errors::EncodingError;
use crate::json::{Encoder, write_value};
use crate::make::Dicts;
use crate::meter::Tally;
use crate::read::Leaves;

/// Room beyond the size expected of a response: what a writer asks for ahead of what it needs.
///
/// It is kept small, because a response that ends up about as large as the memory asked for lets
/// the allocator give the next one the same pages, already mapped.
const SLACK: usize = 512;

/// A form of an answer.
pub(crate) trait Answer<'py>: Sink<Py<PyString>> + Leaves + Sized {
    /// Room for a response of about that many bytes.
    fn begin(py: Python<'py>, expected: usize) -> PyResult<Self>;

    /// Room for data of about that many bytes, and for nothing else.
    fn begin_data(py: Python<'py>, expected: usize) -> PyResult<Self>;

    /// The data that were written, and how many bytes they took.
    fn into_data(
        self,
        py: Python<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<(Bound<'py, PyAny>, usize)>;

    /// Shows the collector what was made so far.
    fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError>;

    /// Puts it aside with all that is needed to go on.
    fn hold(unfinished: Box<Unfinished<'py, Self>>) -> Held;

    /// The answer whose data were written, and how many bytes it took.
    fn finish(
        self,
        py: Python<'py>,
        runtime: &Runtime,
        errors: Option<Bound<'py, PyList>>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<(Bound<'py, PyAny>, usize)>;

    /// The answer to a request that was not executed.
    fn refuse(
        runtime: &Runtime,
        errors: Bound<'py, PyList>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>>;

    /// The answer that graphql-core gave.
    fn adopt(
        result: Bound<'py, PyAny>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// JSON bytes.
pub(crate) type Json<'py> = Writer<BytesOutput<'py>>;

impl<'py> Answer<'py> for Json<'py> {
    fn begin(py: Python<'py>, expected: usize) -> PyResult<Self> {
        let mut writer = Self::begin_data(py, expected)?;
        writer.raw(br#"{"data":"#);
        Ok(writer)
    }

    fn begin_data(py: Python<'py>, expected: usize) -> PyResult<Self> {
        Ok(Writer::new(BytesOutput::with_capacity(py, expected + SLACK)?))
    }

    fn into_data(
        self,
        py: Python<'py>,
        tally: &mut impl Tally,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let data = complete(self, py, tally)?;
        let size = data.as_bytes().len();
        Ok((data.into_any(), size))
    }

    fn traverse(&self, _visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Bytes hold nothing.
        Ok(())
    }

    fn hold(unfinished: Box<Unfinished<'py, Self>>) -> Held {
        Held::Json(Parked::park(unfinished))
    }

    fn finish(
        mut self,
        py: Python<'py>,
        _runtime: &Runtime,
        errors: Option<Bound<'py, PyList>>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        if self.is_void() {
            self = Self::begin(py, 0)?;
            self.null();
        } else if self.has_holes() {
            // What comes behind the data would stand behind the pages of the holes.
            self = Writer::new(self.finish_into(|size| BytesOutput::with_capacity(py, size))?);
            self.raw(b",");
        }
        if let Some(errors) = &errors {
            write_errors(&mut self, errors, encoder)?;
        }
        self.end_object();
        let body = complete(self, py, encoder.tally)?;
        let size = body.as_bytes().len();
        let result =
            JsonResult::make(body, errors.map(|list| list.into_any().unbind()), None, false)?;
        Ok((result, size))
    }

    fn refuse(
        _runtime: &Runtime,
        errors: Bound<'py, PyList>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = errors.py();
        let mut writer = Writer::new(BytesOutput::with_capacity(py, 512)?);
        writer.begin_object();
        write_errors(&mut writer, &errors, encoder)?;
        writer.end_object();
        JsonResult::make(
            complete(writer, py, encoder.tally)?,
            Some(errors.into_any().unbind()),
            None,
            true,
        )
    }

    fn adopt(
        result: Bound<'py, PyAny>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = result.py();
        let data = result.getattr(intern!(py, "data"))?;
        let errors = result.getattr(intern!(py, "errors"))?;
        let extensions = result.getattr(intern!(py, "extensions"))?;
        let errors = if errors.is_none() { None } else { Some(errors.cast_into::<PyList>()?) };
        let refused = data.is_none() && nothing_was_executed(errors.as_ref())?;
        let mut writer = Writer::new(BytesOutput::with_capacity(py, 512)?);
        writer.begin_object();
        if !refused {
            writer.key(&Encoded::key("data"));
            write_part(&mut writer, "the data", &data, encoder)?;
        }
        if let Some(errors) = &errors {
            write_errors(&mut writer, errors, encoder)?;
        }
        let has_extensions = !extensions.is_none() && extensions.is_truthy()?;
        if has_extensions {
            writer.key(&Encoded::key("extensions"));
            write_part(&mut writer, "the extensions", &extensions, encoder)?;
        }
        writer.end_object();
        let extensions = has_extensions.then(|| extensions.unbind());
        let errors = errors.map(|list| list.into_any().unbind());
        JsonResult::make(complete(writer, py, encoder.tally)?, errors, extensions, refused)
    }
}

/// The bytes that were written.
fn complete<'py>(
    writer: Json<'py>,
    py: Python<'py>,
    tally: &mut impl Tally,
) -> PyResult<Bound<'py, PyBytes>> {
    let body = writer.finish_into(|size| BytesOutput::with_capacity(py, size))?.finish()?;
    tally.make();
    tally.bytes(body.as_bytes().len());
    Ok(body)
}

/// Errors of an execution have a path, those of a request that was not executed have none.
fn nothing_was_executed(errors: Option<&Bound<'_, PyList>>) -> PyResult<bool> {
    let Some(errors) = errors else { return Ok(false) };
    for error in errors {
        if !error.getattr(intern!(error.py(), "path"))?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write_errors<'py>(
    writer: &mut Json<'py>,
    errors: &Bound<'py, PyList>,
    encoder: &mut Encoder<'_, 'py, impl Tally>,
) -> PyResult<()> {
    let py = errors.py();
    writer.key(&Encoded::key("errors"));
    writer.begin_list();
    for (index, error) in errors.iter().enumerate() {
        let formatted = encoder.tally.call(|| error.getattr(intern!(py, "formatted")))?;
        write_part(writer, &format!("error {index} of the response"), &formatted, encoder)?;
    }
    writer.end_list();
    Ok(())
}

fn write_part<'py>(
    writer: &mut Json<'py>,
    what: &str,
    value: &Bound<'py, PyAny>,
    encoder: &mut Encoder<'_, 'py, impl Tally>,
) -> PyResult<()> {
    let py = value.py();
    write_value(writer, value, encoder).map_err(|error| {
        if encoder.is_interrupted() || !error.is_instance_of::<PyException>(py) {
            return error;
        }
        unwritable(py, what, error)
    })
}

#[cold]
fn unwritable(py: Python<'_>, what: &str, error: PyErr) -> PyErr {
    let message = format!("{what} cannot be written as JSON: {}", error.value(py));
    let raised = EncodingError::new_err(message);
    raised.set_cause(py, Some(error));
    raised
}

impl<'py> Answer<'py> for Dicts<'py> {
    fn begin(py: Python<'py>, _expected: usize) -> PyResult<Self> {
        Ok(Self::new(py))
    }

    fn begin_data(py: Python<'py>, expected: usize) -> PyResult<Self> {
        Self::begin(py, expected)
    }

    fn into_data(
        self,
        _py: Python<'py>,
        _tally: &mut impl Tally,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        Ok((Dicts::finish(self), 0))
    }

    fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        Dicts::traverse(self, visit)
    }

    fn hold(unfinished: Box<Unfinished<'py, Self>>) -> Held {
        Held::Dicts(Parked::park(unfinished))
    }

    fn finish(
        self,
        py: Python<'py>,
        runtime: &Runtime,
        errors: Option<Bound<'py, PyList>>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let data = Dicts::finish(self);
        let class = runtime.result_class.bind(py);
        let result = encoder.tally.call(|| class.call1((data, errors)))?;
        Ok((result, 0))
    }

    fn refuse(
        runtime: &Runtime,
        errors: Bound<'py, PyList>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = errors.py();
        let arguments = new_dict(py)?;
        arguments.set_item(intern!(py, "errors"), errors)?;
        encoder.tally.call(|| runtime.result_class.bind(py).call((), Some(&arguments)))
    }

    fn adopt(
        result: Bound<'py, PyAny>,
        _encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(result)
    }
}
