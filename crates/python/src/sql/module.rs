//! The functions of the module, and what it makes ready once.

use onecross_sqlite as sqlite;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::adaptation::{self, PrepareProtocol};
use super::errors;
use super::given::Given;
use super::name::Name;
use super::strict_cursor::StrictCursor;
use super::{columns, constants, direct_methods, session, waiting};
use crate::cpython::Text;
use crate::errors::new_error;
use crate::gate;

/// Registers a function that makes objects of a type into what SQLite knows.
#[pyfunction]
#[pyo3(signature = (kind, adapter, /))]
pub(crate) fn register_adapter(
    kind: &Bound<'_, PyAny>,
    adapter: &Bound<'_, PyAny>,
) -> PyResult<()> {
    gate::guard(|| {
        if !kind.is_instance_of::<PyType>() {
            let given = errors::class_name(kind)?;
            let message = format!("register_adapter() argument 1 must be type, not {given}");
            return Err(new_error::<PyTypeError>(kind.py(), &message));
        }
        adaptation::register(kind, adapter)
    })
}

/// Registers a function that makes objects of the bytes of a type's values.
#[pyfunction]
#[pyo3(signature = (typename, converter, /))]
pub(crate) fn register_converter(
    typename: &Bound<'_, PyString>,
    converter: &Bound<'_, PyAny>,
) -> PyResult<()> {
    gate::guard(|| columns::register(&Text::of(typename).to_lossy(), converter))
}

/// What stands for an object in a database.
#[pyfunction]
#[pyo3(signature = (obj, proto=Given::Nothing, alt=Given::Nothing, /))]
pub(crate) fn adapt<'py>(
    obj: Bound<'py, PyAny>,
    proto: Given<'py>,
    alt: Given<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    gate::guard(|| {
        let py = obj.py();
        let proto = match proto {
            Given::Value(proto) => proto,
            Given::Nothing => py.get_type::<PrepareProtocol>().into_any(),
        };
        match (adaptation::adapt(&obj, &proto)?, alt) {
            (Some(adapted), _) | (None, Given::Value(adapted)) => Ok(adapted),
            (None, Given::Nothing) => Err(errors::programming(py, "can't adapt")),
        }
    })
}

/// Has connections that are opened from now on share the cache of the database, or not.
#[pyfunction]
#[pyo3(signature = (is_enabled, /))]
pub(crate) fn enable_shared_cache(py: Python<'_>, is_enabled: bool) -> PyResult<()> {
    gate::guard(|| {
        sqlite::enable_shared_cache(is_enabled).map_err(|error| errors::of_sqlite(py, &error))?;
        SHARES_CACHES.store(is_enabled, Ordering::Relaxed);
        Ok(())
    })
}

static SHARES_CACHES: AtomicBool = AtomicBool::new(false);

/// Whether connections that are opened now share the cache of their database.
pub(super) fn shares_caches() -> bool {
    SHARES_CACHES.load(Ordering::Relaxed)
}

/// Whether a text ends with the semicolon of a statement.
#[pyfunction]
#[pyo3(signature = (statement))]
pub(crate) fn complete_statement(statement: Name) -> PyResult<bool> {
    gate::guard(|| Ok(sqlite::is_complete(&statement)))
}

/// Has SQLite wait as a thread of Python's should, and notes when this process is forked.
pub(crate) fn initialise(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    sqlite::around_sleep(waiting::sleep);
    direct_methods::add(py)?;
    let os = py.import(intern!(py, "os"))?;
    if let Some(register) = os.getattr_opt(intern!(py, "register_at_fork"))? {
        let options = crate::cpython::new_dict(py)?;
        options.set_item(intern!(py, "after_in_child"), wrap_pyfunction!(note_fork, module)?)?;
        register.call((), Some(&options))?;
    }
    module.add("sqlite_constants", constants::constants(py)?)?;
    module.add("adapters", adaptation::adapters(py)?)?;
    module.add("converters", columns::converters(py)?)?;
    module.add("StrictCursor", py.get_type::<StrictCursor>())?;
    let (number, text) = sqlite::version();
    module.add("sqlite_version_number", number)?;
    module.add("sqlite_version", text)
}

#[pyfunction]
fn note_fork() {
    session::note_fork();
}
