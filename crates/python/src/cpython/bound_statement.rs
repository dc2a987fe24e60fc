//! A statement with the Python objects that are bound to it, texts and bytes where they lie.

use onecross_sqlite::{Code, Error, Statement, Step, Value};
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::contiguous::{shows_bytes, with_bytes};
use super::direct_method::{attach, let_go};
use super::integer::small_integer;
use super::text::Text;

/// Why a parameter could not be bound.
pub(crate) enum Unbound {
    /// Python raised.
    Raised(PyErr),
    /// An int does not fit 64 bits.
    TooWide,
    /// A text has no form in UTF-8: it has a lone surrogate.
    NotEncodable(PyErr),
    /// SQLite refused.
    Refused(Error),
    /// Nothing in a database is like an object of this type.
    Unsupported(String),
}

impl Unbound {
    fn of_encoding(py: Python<'_>, error: PyErr) -> Self {
        if error.is_instance_of::<PyUnicodeEncodeError>(py) {
            Self::NotEncodable(error)
        } else {
            Self::Raised(error)
        }
    }
}

/// What makes an object of one that SQLite does not know, told its place.
type Adapt<'a, 'py> = &'a mut dyn FnMut(usize, Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>;

/// A prepared statement that keeps alive what it reads in place.
pub(crate) struct BoundStatement {
    statement: Statement,
    kept: Option<Py<PyTuple>>,
    adapted: Vec<Py<PyAny>>,
    /// Whether what is bound may be gone.
    is_stale: bool,
}

impl BoundStatement {
    pub(crate) fn new(statement: Statement) -> Self {
        Self { statement, kept: None, adapted: Vec::new(), is_stale: false }
    }

    pub(crate) fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Binds all parameters to the items of the tuple, which must be as many.
    ///
    /// What is no atom is adapted before, told its place; atoms too, if `adapts_atoms`.
    ///
    /// # Errors
    ///
    /// The place of the item that could not be bound, and why. Nothing is bound then.
    #[inline(always)]
    pub(crate) fn bind<'py>(
        &mut self,
        parameters: Bound<'py, PyTuple>,
        adapts_atoms: bool,
        adapt: Adapt<'_, 'py>,
    ) -> Result<(), Box<(usize, Unbound)>> {
        if parameters.len() != self.statement.parameter_count() {
            self.statement.clear_bindings();
        }
        for (place, item) in parameters.iter_borrowed().enumerate() {
            if adapts_atoms || bind_atom(&mut self.statement, place + 1, &item) != Some(Ok(())) {
                self.bind_adapted(place, &item, adapts_atoms, adapt)?;
            }
        }
        self.kept = Some(parameters.unbind());
        self.is_stale = false;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn bind_adapted<'py>(
        &mut self,
        place: usize,
        item: &Bound<'py, PyAny>,
        adapts_atoms: bool,
        adapt: Adapt<'_, 'py>,
    ) -> Result<(), Box<(usize, Unbound)>> {
        let bound = if !adapts_atoms && is_atom(item) {
            bind_any(&mut self.statement, place + 1, item)
        } else {
            let adapted = attach(|_| adapt(place, item.clone()));
            adapted.map_err(Unbound::Raised).and_then(|adapted| {
                let bound = bind_any(&mut self.statement, place + 1, &adapted);
                self.adapted.push(adapted.unbind());
                bound
            })
        };
        bound.map_err(|error| {
            self.is_stale = true;
            self.release(item.py());
            Box::new((place, error))
        })
    }

    /// Binds copies of these values to the parameters, in their order, of which each has one.
    ///
    /// # Errors
    ///
    /// What SQLite refuses one with.
    pub(crate) fn bind_values<'a>(
        &mut self,
        values: impl Iterator<Item = Value<'a>>,
    ) -> Result<(), Error> {
        self.is_stale = true;
        for (place, value) in values.enumerate() {
            let (statement, number) = (&mut self.statement, place + 1);
            let bound = match value {
                Value::Null => statement.bind_null(number),
                Value::Integer(value) => statement.bind_integer(number, value),
                Value::Real(value) => statement.bind_real(number, value),
                Value::Text(text) => statement.bind_text(number, text),
                Value::Blob(blob) => statement.bind_blob(number, blob),
            };
            bound.map_err(|code| self.statement.error(code))?;
        }
        self.is_stale = false;
        Ok(())
    }

    /// Runs to the next row, or to the end, where the run ends.
    #[inline(always)]
    pub(crate) fn step(&mut self) -> Result<Step, Box<Error>> {
        if self.is_stale {
            self.clear();
        }
        let step = self.statement.step()?;
        if step == Step::Done {
            self.reset()?;
        }
        Ok(step)
    }

    #[cold]
    fn clear(&mut self) {
        self.statement.clear_bindings();
        self.is_stale = false;
    }

    /// Ends the run. The parameters must be bound anew before the next; what was bound is to be
    /// released.
    ///
    /// # Errors
    ///
    /// As `Statement::reset`.
    #[inline(always)]
    pub(crate) fn reset(&mut self) -> Result<(), Box<Error>> {
        self.is_stale = self.statement.parameter_count() > 0;
        self.statement.reset()
    }

    /// A value of the current row. `None` where memory runs out.
    #[inline]
    pub(crate) fn value(&self, column: usize) -> Option<Value<'_>> {
        self.statement.value(column)
    }

    /// A value of the current row as SQLite writes it in a text. `None` for what is NULL or empty.
    pub(crate) fn written(&mut self, column: usize) -> Option<&[u8]> {
        self.statement.written(column)
    }

    /// Notes that nobody has a value of the current row any more.
    pub(crate) fn take_values_back(&mut self) {
        self.statement.take_values_back();
    }

    /// Shows what is bound to the collector.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.kept)?;
        self.adapted.iter().try_for_each(|adapted| visit.call(adapted))
    }

    /// Lets go of what was bound, once the run has ended.
    #[inline(always)]
    pub(crate) fn release(&mut self, py: Python<'_>) {
        if let Some(kept) = self.kept.take() {
            kept.drop_ref(py);
        }
        if !self.adapted.is_empty() {
            let_go(py, std::mem::take(&mut self.adapted));
        }
    }
}

/// Binds what is exactly of a type that SQLite knows, or answers `None`.
#[inline(always)]
fn bind_atom(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Option<Result<(), Code>> {
    if let Ok(integer) = item.cast_exact::<PyInt>() {
        small_integer(integer).map(|value| statement.bind_integer(number, value))
    } else if let Ok(text) = item.cast_exact::<PyString>() {
        bind_ascii(statement, number, text)
    } else if let Ok(real) = item.cast_exact::<PyFloat>() {
        Some(statement.bind_real(number, real.value()))
    } else if item.is_none() {
        Some(statement.bind_null(number))
    } else if let Ok(bytes) = item.cast_exact::<PyBytes>() {
        // SAFETY: as in `bind_ascii`.
        Some(unsafe { statement.bind_blob_in_place(number, bytes.as_bytes()) })
    } else {
        None
    }
}

/// Whether it is of a type that SQLite knows, though its value may be none that is bound at once.
fn is_atom(item: &Bound<'_, PyAny>) -> bool {
    item.is_exact_instance_of::<PyString>() || item.is_exact_instance_of::<PyInt>()
}

/// Binds an object by what it is, subclasses and all that shows its bytes among them.
#[cold]
fn bind_any(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Result<(), Unbound> {
    let bound = if let Some(bound) = bind_atom(statement, number, item) {
        bound
    } else if let Ok(integer) = item.cast::<PyInt>() {
        statement.bind_integer(number, fitting(integer)?)
    } else if let Ok(real) = item.cast::<PyFloat>() {
        statement.bind_real(number, real.value())
    } else if let Ok(text) = item.cast::<PyString>() {
        match bind_ascii(statement, number, text) {
            Some(bound) => bound,
            None => {
                let bytes =
                    text.encode_utf8().map_err(|error| Unbound::of_encoding(text.py(), error))?;
                statement.bind_text(number, bytes.as_bytes())
            }
        }
    } else {
        return bind_buffer(statement, number, item);
    };
    bound.map_err(|code| Unbound::Refused(statement.error(code)))
}

fn fitting(integer: &Bound<'_, PyInt>) -> Result<i64, Unbound> {
    small_integer(integer).ok_or(Unbound::TooWide)
}

/// Binds a text where it lies, if it is ASCII, which is the same in UTF-8.
#[inline(always)]
fn bind_ascii(
    statement: &mut Statement,
    number: usize,
    text: &Bound<'_, PyString>,
) -> Option<Result<(), Code>> {
    let units = match Text::compact_ascii(text) {
        Some(units) => units,
        None => any_ascii(text)?,
    };
    // SAFETY: a str never changes. It is part of the tuple or of the adapted objects, which are
    // kept until the statement was reset, and then it is stale: it is not stepped before all
    // parameters were bound anew or cleared.
    Some(unsafe { statement.bind_text_in_place(number, units) })
}

#[inline(never)]
fn any_ascii<'a>(text: &'a Bound<'_, PyString>) -> Option<&'a [u8]> {
    match Text::of(text) {
        Text::Ascii(units) => Some(units),
        _ => None,
    }
}

#[cold]
fn bind_buffer(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Result<(), Unbound> {
    if !shows_bytes(item) {
        return Err(unsupported(item));
    }
    let bound = with_bytes(item, |bytes| statement.bind_blob(number, bytes));
    let bound = bound.map_err(Unbound::Raised)?;
    bound.map_err(|code| Unbound::Refused(statement.error(code)))
}

fn unsupported(item: &Bound<'_, PyAny>) -> Unbound {
    match item.get_type().name() {
        Ok(name) => Unbound::Unsupported(Text::of(&name).to_lossy()),
        Err(error) => Unbound::Raised(error),
    }
}
