//! A prepared statement with all that is known of it.

use std::sync::Weak;

use onecross_sqlite::Statement;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use super::inline::Patience;
use super::keyword::Keyword;
use crate::cpython::{BoundStatement, let_go};

/// A statement, ready to be run, that is one cursor's at a time.
pub(crate) struct Prepared {
    pub(super) bound: BoundStatement,
    pub(super) text: Py<PyString>,
    /// The hash of the text, if the statement may be kept in the cache.
    pub(super) hash: Option<isize>,
    /// What is held as long as the cache may not let the statement go.
    pub(super) pin: Option<Weak<()>>,
    pub(super) keyword: Keyword,
    /// Whether the rows that it changes are counted.
    pub(super) is_change: bool,
    pub(super) columns: usize,
    has_names: bool,
    /// What PEP 249 calls the description, made when a row first comes.
    pub(super) description: Option<Py<PyTuple>>,
    /// What makes values of each column, where that is not up to the value.
    pub(super) converters: Option<Vec<Option<Py<PyAny>>>>,
    /// Whether it is tried where nobody may wait.
    pub(super) patience: Patience,
    /// How often SQLite has prepared it anew, as it does when the schema has changed.
    preparations: i32,
}

impl Prepared {
    pub(super) fn new(
        statement: Statement,
        text: Py<PyString>,
        hash: Option<isize>,
        keyword: Keyword,
        is_strict: bool,
    ) -> Self {
        let columns = statement.column_count();
        let mut names =
            (1..=statement.parameter_count()).filter_map(|number| statement.parameter_name(number));
        let has_names = names.any(|name| !name.to_bytes().starts_with(b"?"));
        // Python's sqlite3 looks no further than the first word.
        let is_change = matches!(keyword, Keyword::Insert | Keyword::Change)
            || is_strict && keyword == Keyword::With && !statement.is_read_only();
        Self {
            bound: BoundStatement::new(statement),
            text,
            hash,
            pin: None,
            keyword,
            is_change,
            columns,
            has_names,
            description: None,
            converters: None,
            patience: Patience::default(),
            preparations: 0,
        }
    }

    #[inline]
    pub(super) fn statement(&self) -> &Statement {
        self.bound.statement()
    }

    /// Forgets what was known of the columns if the schema has changed since.
    #[inline(always)]
    pub(super) fn refresh(&mut self, py: Python<'_>) {
        let preparations = self.statement().preparations();
        if preparations != self.preparations {
            self.preparations = preparations;
            self.columns = self.statement().count_columns();
            let_go(py, (self.description.take(), self.converters.take()));
        }
    }

    /// Shows what it holds to the collector.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let converters = self.converters.iter().flatten().flatten();
        converters.into_iter().try_for_each(|converter| visit.call(converter))?;
        self.bound.traverse(visit)
    }

    /// Whether the cache may not let it go.
    pub(super) fn is_pinned(&self) -> bool {
        self.pin.as_ref().is_some_and(|pin| pin.strong_count() > 0)
    }

    /// Whether a parameter has a name.
    pub(super) fn has_names(&self) -> bool {
        self.has_names
    }
}
