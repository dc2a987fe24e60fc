//! Rows as a list of tuples or of dicts.

use onecross_columns::Batch;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::objects::{Failure, Maker};
use super::reading::{Portion, Reading};
use crate::cpython::{Template, append, new_list, new_record, without_collector};
use crate::gate::Passage;

/// A row as a tuple.
#[inline]
pub(super) fn tuple<'py>(
    py: Python<'py>,
    maker: &Maker<'py>,
    batch: &Batch,
    row: usize,
) -> Result<Bound<'py, PyTuple>, Failure> {
    let has_only_atoms = batch.columns.iter().all(Maker::makes_atoms);
    new_record(py, batch.columns.len(), has_only_atoms, |column| maker.cell(batch, row, column))
}

/// All rows that are left, as tuples.
pub(super) fn tuples<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    each(py, reading, passage, true, |maker, batch, row| {
        Ok(tuple(py, maker, batch, row)?.into_any())
    })
}

/// All rows that are left, as dicts.
pub(super) fn dicts<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    check_names(py, reading)?;
    let names = reading.header(py)?.names.iter().map(|name| name.bind(py).clone()).collect();
    let template = Template::new(py, names)?;
    each(py, reading, passage, true, |maker, batch, row| {
        let dict = template.copy();
        for (place, column) in batch.columns.iter().enumerate() {
            let value = maker.cell(batch, row, place)?;
            if Maker::makes_atoms(column) {
                template.set_atom(&dict, place, value);
            } else {
                template.set(&dict, place, &value);
            }
        }
        Ok(dict.into_any())
    })
}

/// # Errors
///
/// Two columns have one name, where columns are known by their names.
pub(super) fn check_names(py: Python<'_>, reading: &mut Reading) -> PyResult<()> {
    match reading.header(py)?.repeated().map(str::to_owned) {
        Some(name) => Err(repeated(py, reading, &name)),
        None => Ok(()),
    }
}

/// The error for a name that two columns have.
pub(super) fn repeated(py: Python<'_>, reading: &Reading, name: &str) -> PyErr {
    let message = format!("two columns are named '{name}': one of them needs another name, by AS");
    reading.misuse(py, &message)
}

/// All rows that are left, each as what is made of it; the collector waits meanwhile if no Python
/// code is run for that.
pub(super) fn each<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    passage: &Passage<'py>,
    is_quiet: bool,
    mut make: impl FnMut(&Maker<'py>, &Batch, usize) -> Result<Bound<'py, PyAny>, Failure>,
) -> PyResult<Bound<'py, PyList>> {
    let (list, maker) = (new_list(py, 0), Maker::new(py));
    let mut done = 0;
    while let Some(batch) = reading.next(py, Portion::Some)? {
        let is_quiet = is_quiet && batch.columns.iter().all(Maker::makes_atoms);
        let mut fill = || {
            for row in 0..batch.rows {
                append(&list, make(&maker, &batch, row)?);
                done += 1;
                if !is_quiet {
                    passage.note_call();
                    passage.pulse_idle(done).map_err(|error| *error)?;
                }
            }
            Ok(())
        };
        let filled = if is_quiet { without_collector(py, fill) } else { fill() };
        filled.map_err(|failure: Failure| failure.told(|misfit| reading.misfit(py, misfit)))?;
        passage.pulse_idle(0).map_err(|error| *error)?;
    }
    Ok(list)
}
