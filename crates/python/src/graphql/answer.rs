//! The two forms of an answer: JSON bytes, and graphql-core's result with plain dicts.

use onecross_json::{Encoded, Writer};
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::later::Awaits;
use super::result::JsonResult;
use super::runtime::Runtime;
use crate::cpython::{BytesOutput, new_dict};
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
pub(crate) trait Answer<'py>: Awaits<'py> + Leaves + Sized {
    /// Room for a response of about that many bytes.
    fn begin(py: Python<'py>, expected: usize) -> PyResult<Self>;

    /// The answer whose data were written, and how many bytes it took.
    fn finish(
        self,
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
        let mut writer = data_writer(py, expected)?;
        writer.raw(br#"{"data":"#);
        Ok(writer)
    }

    fn finish(
        mut self,
        _runtime: &Runtime,
        errors: Option<Bound<'py, PyList>>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        if let Some(errors) = &errors {
            write_errors(&mut self, errors, encoder)?;
        }
        self.end_object();
        let body = complete(self, encoder.tally)?;
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
        let mut writer = Writer::new(BytesOutput::with_capacity(errors.py(), 512)?);
        writer.begin_object();
        write_errors(&mut writer, &errors, encoder)?;
        writer.end_object();
        JsonResult::make(
            complete(writer, encoder.tally)?,
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
        JsonResult::make(complete(writer, encoder.tally)?, errors, extensions, refused)
    }
}

/// Room for data of about that many bytes, and for nothing else.
pub(super) fn data_writer(py: Python<'_>, expected: usize) -> PyResult<Json<'_>> {
    Ok(Writer::new(BytesOutput::with_capacity(py, expected + SLACK)?))
}

/// The bytes that were written.
pub(super) fn complete<'py>(
    writer: Json<'py>,
    tally: &mut impl Tally,
) -> PyResult<Bound<'py, PyBytes>> {
    let body = writer.finish().finish()?;
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

    fn finish(
        self,
        runtime: &Runtime,
        errors: Option<Bound<'py, PyList>>,
        encoder: &mut Encoder<'_, 'py, impl Tally>,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let data = Dicts::finish(self);
        let class = runtime.result_class.bind(data.py());
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
