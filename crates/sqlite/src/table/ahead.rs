//! Values that are read before SQLite asks for them, where it will ask for all of them.
//!
//! A column is read for many rows at once, so that what it is made of is found out once for them.

use std::mem;
use std::ops::Range;

use super::Table;
use crate::value::Value;

/// How many rows are read at once.
const ROWS: usize = 128;

/// The values of some rows, column by column.
#[derive(Default)]
pub(super) struct Ahead {
    rows: Range<usize>,
    /// Lent by the table for as long as the cursor has it, which is longer than it has this.
    columns: Vec<Vec<Value<'static>>>,
}

impl Ahead {
    /// Whether the values of a row were read.
    #[inline]
    pub(super) fn has(&self, row: usize) -> bool {
        self.rows.contains(&row)
    }

    /// A value that was read.
    #[inline]
    pub(super) fn get(&self, row: usize, column: usize) -> Option<Value<'static>> {
        let place = row.checked_sub(self.rows.start)?;
        self.columns.get(column)?.get(place).copied()
    }

    /// Reads the values of a row and of those behind it, in the columns that are used: the bits of
    /// a number, the last of which stands for many columns, that are not read ahead.
    ///
    /// # Safety
    ///
    /// The table lives longer than this.
    pub(super) unsafe fn read(&mut self, table: &dyn Table, used: u64, row: usize) {
        const MOST: u32 = u64::BITS - 1;
        let rows = row..table.rows().min(row.saturating_add(ROWS));
        self.rows = 0..0;
        let used = used & !(1 << MOST);
        self.columns.resize_with((u64::BITS - used.leading_zeros()) as usize, Vec::new);
        for (number, column) in self.columns.iter_mut().enumerate() {
            column.clear();
            if used >> number & 1 == 0 {
                continue;
            }
            let mut values: Vec<Value<'_>> = mem::take(column);
            table.extend(&mut values, rows.clone(), number);
            // SAFETY: the two are the same but for how long the table lends the values, for which
            // the caller vouches.
            *column = unsafe { mem::transmute::<Vec<Value<'_>>, Vec<Value<'static>>>(values) };
        }
        self.rows = rows;
    }
}
