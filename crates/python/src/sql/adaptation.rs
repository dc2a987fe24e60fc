//! Objects that SQLite does not know, made into ones that it does.
//!
//! Reference: the adaptation protocol of Python's `sqlite3`.

use std::cell::Cell;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyNone, PyString};

use crate::cpython::{Held, new_dict};

/// The protocol by which an object says what stands for it in a database.
#[pyclass(frozen, subclass, module = "sqlite3")]
#[derive(Default)]
pub(crate) struct PrepareProtocol;

#[pymethods]
impl PrepareProtocol {
    #[new]
    #[pyo3(signature = (*_arguments, **_options))]
    fn new(
        _arguments: &Bound<'_, pyo3::types::PyTuple>,
        _options: Option<&Bound<'_, PyDict>>,
    ) -> Self {
        Self
    }
}

/// The registered adapters, by type and protocol.
pub(super) fn adapters(py: Python<'_>) -> PyResult<&Bound<'_, PyDict>> {
    static ADAPTERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    Ok(ADAPTERS.get_or_try_init(py, || Ok::<_, PyErr>(new_dict(py)?.unbind()))?.bind(py))
}

/// Whether an adapter was registered for a type that SQLite knows itself.
static ADAPTS_ATOMS: Held<Cell<bool>> = Held::new(Cell::new(false));

/// Whether even what SQLite knows is to be adapted.
#[inline]
pub(super) fn adapts_atoms(py: Python<'_>) -> bool {
    ADAPTS_ATOMS.get(py).get()
}

/// Registers a function that makes objects of a type into what SQLite knows.
pub(super) fn register(class: &Bound<'_, PyAny>, adapter: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = class.py();
    let atoms = [
        py.get_type::<PyInt>(),
        py.get_type::<PyFloat>(),
        py.get_type::<PyString>(),
        py.get_type::<PyByteArray>(),
        py.get_type::<PyBytes>(),
        py.get_type::<PyBool>(),
        py.get_type::<PyNone>(),
    ];
    if atoms.iter().any(|atom| atom.is(class)) {
        ADAPTS_ATOMS.get(py).set(true);
    }
    adapters(py)?.set_item((class, py.get_type::<PrepareProtocol>()), adapter)
}

/// What stands for a parameter in a database; itself, if nobody says otherwise.
pub(super) fn adapt_parameter<'py>(object: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if object.is_exact_instance_of::<PyBool>() && !adapts_atoms(object.py()) {
        return Ok(object);
    }
    let protocol = object.py().get_type::<PrepareProtocol>();
    Ok(adapt(&object, protocol.as_any())?.unwrap_or(object))
}

/// Adapts an object to a protocol: by a registered adapter, by the protocol's `__adapt__`, or by
/// the object's own `__conform__`. `None` where there is none of them.
pub(super) fn adapt<'py>(
    object: &Bound<'py, PyAny>,
    protocol: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = object.py();
    if let Some(adapter) = adapters(py)?.get_item((object.get_type(), protocol))? {
        return adapter.call1((object,)).map(Some);
    }
    if let Some(adapt) = protocol.getattr_opt(intern!(py, "__adapt__"))?
        && let Some(adapted) = answered(py, adapt.call1((object,)))?
    {
        return Ok(Some(adapted));
    }
    if let Some(conform) = object.getattr_opt(intern!(py, "__conform__"))?
        && let Some(adapted) = answered(py, conform.call1((protocol,)))?
    {
        return Ok(Some(adapted));
    }
    Ok(None)
}

/// A `TypeError` and None both say that the object cannot be adapted so.
fn answered<'py>(
    py: Python<'py>,
    answer: PyResult<Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match answer {
        Ok(adapted) => Ok((!adapted.is_none()).then_some(adapted)),
        Err(error) if error.is_instance_of::<PyTypeError>(py) => Ok(None),
        Err(error) => Err(error),
    }
}
