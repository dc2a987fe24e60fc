//! Which rows may have a value in a column: an index, made when it is wanted for the second time.
//!
//! SQLite compares each row that it is given once more, so that an index may name too many rows, but
//! never too few.

use std::cell::{Cell, OnceCell};
use std::hash::RandomState;

use super::Table;
use super::key::{Key, whole};
use crate::value::Value;

/// The end of a chain.
const END: u32 = u32::MAX;

/// The index of a column, if it was wanted often enough.
#[derive(Default)]
pub(super) struct Lookup {
    is_wanted: Cell<bool>,
    index: OnceCell<Option<Index>>,
}

/// The rows of each hash, in chains that ascend.
struct Index {
    hasher: RandomState,
    /// The first row of each hash, cut to the length of this.
    first: Box<[u32]>,
    /// The row that follows each in its chain.
    next: Box<[u32]>,
    has_texts: bool,
    has_fractions: bool,
}

/// Where a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// In no row.
    Nowhere,
    /// In some of the rows of a chain.
    Chain(u32),
    /// In any row.
    Anywhere,
}

impl Lookup {
    /// Where the value may be.
    ///
    /// A single look costs less without an index than the making of one.
    pub(super) fn find(&self, table: &dyn Table, column: usize, value: Value<'_>) -> Found {
        if !self.is_wanted.replace(true) {
            return Found::Anywhere;
        }
        let index = self.index.get_or_init(|| Index::of(table, column));
        index.as_ref().map_or(Found::Anywhere, |index| index.find(value))
    }

    /// The row behind another one in its chain.
    pub(super) fn next(&self, row: u32) -> Option<u32> {
        let next = *self.index.get()?.as_ref()?.next.get(row as usize)?;
        (next != END).then_some(next)
    }
}

impl Index {
    /// `None` where a value can only be compared by SQLite itself, or memory runs out.
    fn of(table: &dyn Table, column: usize) -> Option<Self> {
        let rows = u32::try_from(table.rows()).ok().filter(|rows| *rows < END)?;
        let hasher = RandomState::new();
        let mut first = filled((rows as usize).next_power_of_two())?;
        let mut next = filled(rows as usize)?;
        let (mut has_texts, mut has_fractions) = (false, false);
        // From the end, so that each chain ascends.
        for row in (0..rows).rev() {
            let value = table.value(row as usize, column);
            has_texts |= matches!(value, Value::Text(_));
            has_fractions |= is_fraction(value);
            match Key::of(value, &hasher) {
                Key::Null => {}
                Key::Unclear => return None,
                Key::Hash(hash) => {
                    let place = place(hash, first.len());
                    next[row as usize] = std::mem::replace(&mut first[place], row);
                }
            }
        }
        Some(Self { hasher, first, next, has_texts, has_fractions })
    }

    fn find(&self, value: Value<'_>) -> Found {
        let is_text = matches!(value, Value::Text(_));
        if is_text && self.has_fractions || is_fraction(value) && self.has_texts {
            // Compared as texts, the float is one of fewer digits.
            return Found::Anywhere;
        }
        match Key::of(value, &self.hasher) {
            Key::Null => Found::Nowhere,
            Key::Unclear => Found::Anywhere,
            Key::Hash(hash) => match self.first[place(hash, self.first.len())] {
                END => Found::Nowhere,
                row => Found::Chain(row),
            },
        }
    }
}

/// Whether it is a float that is no integer.
fn is_fraction(value: Value<'_>) -> bool {
    matches!(value, Value::Real(value) if whole(value).is_none())
}

fn filled(length: usize) -> Option<Box<[u32]>> {
    let mut chain = Vec::new();
    chain.try_reserve_exact(length).ok()?;
    chain.resize(length, END);
    Some(chain.into_boxed_slice())
}

/// The length is a power of two.
fn place(hash: u64, length: usize) -> usize {
    hash as usize & (length - 1)
}
