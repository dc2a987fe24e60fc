//! A statement with the Python objects that are bound to it, texts and bytes where they lie.

use onecross_sqlite::{Error, Statement, Step, Value};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyString, PyTuple};

use super::integer::small_integer;
use super::text::Text;
use crate::errors::new_error;

/// Why a parameter could not be bound.
pub(crate) enum Unbound {
    /// Python raised.
    Raised(PyErr),
    /// SQLite refused.
    Refused(Error),
    /// Nothing in a database is like an object of this type.
    Unsupported(String),
}

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
    /// What is no atom is adapted before; atoms too, if `adapts_atoms`.
    ///
    /// # Errors
    ///
    /// The place of the item that could not be bound, and why. Nothing is bound then.
    #[inline]
    pub(crate) fn bind<'py>(
        &mut self,
        parameters: Bound<'py, PyTuple>,
        adapts_atoms: bool,
        mut adapt: impl FnMut(Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>,
    ) -> Result<(), (usize, Unbound)> {
        if parameters.len() != self.statement.parameter_count() {
            self.statement.clear_bindings();
        }
        for (place, item) in parameters.iter_borrowed().enumerate() {
            let bound =
                if adapts_atoms { None } else { bind_atom(&mut self.statement, place + 1, &item) };
            let bound = bound.unwrap_or_else(|| {
                let adapted = adapt(item.to_owned()).map_err(Unbound::Raised)?;
                let bound = bind_any(&mut self.statement, place + 1, &adapted);
                self.adapted.push(adapted.unbind());
                bound
            });
            if let Err(error) = bound {
                self.release();
                return Err((place, error));
            }
        }
        self.kept = Some(parameters.unbind());
        self.is_stale = false;
        Ok(())
    }

    /// Runs to the next row, or to the end.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<Step, Error> {
        if self.is_stale {
            self.statement.clear_bindings();
            self.is_stale = false;
        }
        self.statement.step()
    }

    /// Ends the run. The parameters must be bound anew before the next.
    #[inline]
    pub(crate) fn reset(&mut self) {
        self.statement.reset();
        self.release();
    }

    /// A value of the current row. `None` where memory runs out.
    #[inline]
    pub(crate) fn value(&self, column: usize) -> Option<Value<'_>> {
        self.statement.value(column)
    }

    #[inline]
    fn release(&mut self) {
        self.is_stale = self.statement.parameter_count() > 0;
        self.kept = None;
        if !self.adapted.is_empty() {
            self.adapted.clear();
        }
    }
}

/// Binds what is exactly of a type that SQLite knows, or answers `None`.
#[inline]
fn bind_atom(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Option<Result<(), Unbound>> {
    let bound = if let Ok(text) = item.cast_exact::<PyString>() {
        return Some(bind_text(statement, number, text));
    } else if let Ok(integer) = item.cast_exact::<PyInt>() {
        return Some(bind_integer(statement, number, integer));
    } else if let Ok(real) = item.cast_exact::<PyFloat>() {
        statement.bind_real(number, real.value())
    } else if item.is_none() {
        statement.bind_null(number)
    } else if let Ok(bytes) = item.cast_exact::<PyBytes>() {
        // SAFETY: as in `bind_text`.
        unsafe { statement.bind_blob_in_place(number, bytes.as_bytes()) }
    } else {
        return None;
    };
    Some(bound.map_err(Unbound::Refused))
}

/// Binds an object by what it is, subclasses and all that shows its bytes among them.
fn bind_any(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Result<(), Unbound> {
    if let Some(bound) = bind_atom(statement, number, item) {
        return bound;
    }
    if let Ok(integer) = item.cast::<PyInt>() {
        return bind_integer(statement, number, integer);
    }
    if let Ok(real) = item.cast::<PyFloat>() {
        return statement.bind_real(number, real.value()).map_err(Unbound::Refused);
    }
    if let Ok(text) = item.cast::<PyString>() {
        return bind_text(statement, number, text);
    }
    bind_buffer(statement, number, item)
}

#[inline]
fn bind_integer(
    statement: &mut Statement,
    number: usize,
    integer: &Bound<'_, PyInt>,
) -> Result<(), Unbound> {
    match small_integer(integer) {
        Some(value) => statement.bind_integer(number, value).map_err(Unbound::Refused),
        None => {
            let message = "Python int too large to convert to SQLite INTEGER";
            Err(Unbound::Raised(new_error::<PyOverflowError>(integer.py(), message)))
        }
    }
}

#[inline]
fn bind_text(
    statement: &mut Statement,
    number: usize,
    text: &Bound<'_, PyString>,
) -> Result<(), Unbound> {
    let bound = match Text::of(text) {
        // SAFETY: a str never changes. It is part of the tuple or of the adapted objects, which are
        // kept until the statement was reset, and then it is stale: it is not stepped before all
        // parameters were bound anew or cleared.
        Text::Ascii(units) => unsafe { statement.bind_text_in_place(number, units) },
        _ => {
            let bytes = text.encode_utf8().map_err(Unbound::Raised)?;
            statement.bind_text(number, bytes.as_bytes())
        }
    };
    bound.map_err(Unbound::Refused)
}

#[cold]
fn bind_buffer(
    statement: &mut Statement,
    number: usize,
    item: &Bound<'_, PyAny>,
) -> Result<(), Unbound> {
    let Ok(buffer) = PyBuffer::<u8>::get(item) else { return Err(unsupported(item)) };
    let bytes = buffer.to_vec(item.py()).map_err(Unbound::Raised)?;
    statement.bind_blob(number, &bytes).map_err(Unbound::Refused)
}

fn unsupported(item: &Bound<'_, PyAny>) -> Unbound {
    match item.get_type().name() {
        Ok(name) => Unbound::Unsupported(Text::of(&name).to_lossy()),
        Err(error) => Unbound::Raised(error),
    }
}
