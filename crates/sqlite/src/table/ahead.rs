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
    /// Which of them is the current one; one that is not among them, where it was not read.
    place: usize,
    /// Lent by the table for as long as the cursor has it, which is longer than it has this.
    columns: Vec<Vec<Value<'static>>>,
}

impl Ahead {
    /// Goes to a row; tells whether its values were read.
    #[inline]
    pub(super) fn go_to(&mut self, row: usize) -> bool {
        self.place = row.wrapping_sub(self.rows.start);
        self.place < self.rows.len()
    }

    /// A value of the current row, if it was read.
    #[inline]
    pub(super) fn get(&self, column: usize) -> Option<Value<'static>> {
        self.columns.get(column)?.get(self.place).copied()
    }

    /// Goes to a row and reads its values and those of the rows behind it, in the columns that are
    /// used: the bits of a number, the last of which stands for many columns, not read ahead.
    ///
    /// # Safety
    ///
    /// The table lives longer than this.
    pub(super) unsafe fn read(&mut self, table: &dyn Table, used: u64, row: usize) {
        const MOST: u32 = u64::BITS - 1;
        let rows = row..table.rows().min(row.saturating_add(ROWS));
        (self.rows, self.place) = (0..0, usize::MAX);
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
        (self.rows, self.place) = (rows, 0);
    }
}
