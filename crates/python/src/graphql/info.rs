//! What resolvers are told about a call: made when one is called, shared within the call.

use pyo3::prelude::*;

use super::arguments::Coerced;
use super::host::{PythonCall, PythonHost, handle, path_object};
use crate::cpython::{CallArguments, named_tuple};
use crate::meter::Tally;

impl<'py, T: Tally> PythonHost<'_, 'py, T> {
    /// The `info` of a call.
    pub(super) fn info(&mut self, call: &PythonCall<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(info) = call.info.get() {
            return Ok(info.clone());
        }
        let py = self.py;
        let field = handle(call.field);
        let tail = self.operation.info_tail(py, self.runtime, self.tally)?;
        let path = path_object(self.runtime, self.plan, call.path, py)?;
        let head = [
            field.name.bind(py).clone().into_any(),
            self.nodes(call.field)?.into_any(),
            field.output.bind(py).clone(),
            field.parent.bind(py).clone(),
            path,
        ];
        let info = named_tuple(self.operation.info_class(self.runtime, py), head, Some(&tail))?;
        self.tally.make();
        // The first one stays, should making it have come back here.
        let _ = call.info.set(info.clone());
        Ok(info)
    }

    /// Calls a resolver or a predicate: `(source, info, **arguments)`, `(info, **arguments)`
    /// without a source.
    pub(super) fn call_with_info(
        &mut self,
        function: &Bound<'py, PyAny>,
        source: Option<&Bound<'py, PyAny>>,
        call: &PythonCall<'_, 'py>,
        arguments: &Coerced<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let info = self.info(call)?;
        self.passage.note_call();
        if let Coerced::Fresh(arguments) = arguments {
            return self.tally.call(|| match source {
                Some(source) => function.call((source, info), Some(arguments)),
                None => function.call((info,), Some(arguments)),
            });
        }
        let mut in_place = CallArguments::new();
        if let Some(source) = source {
            in_place.push(source);
        }
        in_place.push(&info);
        let Coerced::Shared(keywords) = arguments else {
            return self.tally.call(|| in_place.call(function, None));
        };
        for value in &keywords.values {
            in_place.push(value.bind(self.py));
        }
        let names = keywords.names.as_ref().map(|names| names.bind(self.py));
        self.tally.call(|| in_place.call(function, names))
    }
}
