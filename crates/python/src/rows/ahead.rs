//! Rows that one thread reads, and another takes without waiting for their source.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::reading::Portion;
use super::result::Rows;

impl Rows {
    /// Reads so many rows, or as many as are read ahead, unless some are at hand. What goes wrong
    /// with them is raised where they are taken.
    ///
    /// # Errors
    ///
    /// There are no rows, or another call reads them.
    pub(crate) fn read_ahead(&self, py: Python<'_>, most: Option<usize>) -> PyResult<()> {
        let portion = most.map_or(Portion::Some, Portion::Rows);
        self.take(py)?.reading().read_ahead(py, portion)
    }

    /// The next row, if it is at hand, and there is one.
    ///
    /// # Errors
    ///
    /// What was wrong with it.
    pub(crate) fn row_at_hand<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let mut taken = self.take(py)?;
        if taken.reading().is_at_hand() { taken.next_row() } else { Ok(None) }
    }

    /// Whether the next row was read, or it is known that there is none.
    ///
    /// # Errors
    ///
    /// Another call reads the rows.
    pub(crate) fn is_at_hand(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.take(py)?.reading().is_at_hand())
    }

    /// Whether all rows were read.
    ///
    /// # Errors
    ///
    /// Another call reads the rows.
    pub(crate) fn is_read(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.take(py)?.reading().is_read())
    }

    /// # Errors
    ///
    /// All rows were taken, or another call reads them.
    pub(crate) fn check_left(&self, py: Python<'_>) -> PyResult<()> {
        self.take_all(py).map(drop)
    }
}
