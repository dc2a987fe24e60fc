//! Values of different lengths, one behind the other.

use arrow_array::{BinaryArray, StringArray};
use arrow_buffer::{Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};

use super::room::with_room;
use crate::misfit::{Misfit, Reason};
use crate::value::Value;

/// A column of texts or of bytes that grows. All of them together have at most 2^31 bytes: the
/// batcher ends a batch before.
#[derive(Debug)]
pub(crate) struct Variable {
    bytes: Vec<u8>,
    ends: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl Variable {
    /// A column that begins with so many rows without a value.
    pub(crate) fn after_nulls(rows: usize) -> Self {
        let mut nulls = NullBufferBuilder::new(rows);
        if rows > 0 {
            nulls.append_n_nulls(rows);
        }
        Self { bytes: Vec::new(), ends: vec![0; rows + 1], nulls }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// # Errors
    ///
    /// There is no memory for it.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: &[u8]) -> Result<(), Box<Misfit>> {
        with_room(&mut self.bytes, value.len())?.extend_from_slice(value);
        with_room(&mut self.ends, 1)?.push(self.bytes.len() as i32);
        self.nulls.append_non_null();
        Ok(())
    }

    /// # Errors
    ///
    /// There is no memory for it.
    #[inline(always)]
    pub(crate) fn push_null(&mut self) -> Result<(), Box<Misfit>> {
        with_room(&mut self.ends, 1)?.push(self.bytes.len() as i32);
        self.nulls.append_null();
        Ok(())
    }

    /// The values; `None` where there is none.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&[u8]>> {
        (0..self.len()).map(|row| self.nulls.is_valid(row).then(|| self.value(row)))
    }

    fn value(&self, row: usize) -> &[u8] {
        &self.bytes[self.ends[row] as usize..self.ends[row + 1] as usize]
    }

    pub(crate) fn finish_blobs(mut self) -> BinaryArray {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        BinaryArray::new(offsets, Buffer::from_vec(self.bytes), self.nulls.finish())
    }

    /// The first values, which are UTF-8.
    pub(crate) fn finish_texts(mut self, rows: usize) -> StringArray {
        if rows < self.len() {
            self.ends.truncate(rows + 1);
            self.bytes.truncate(self.ends[rows] as usize);
            self.nulls.truncate(rows);
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        StringArray::new(offsets, Buffer::from_vec(self.bytes), self.nulls.finish())
    }

    /// The first value that is not UTF-8, and its row.
    pub(crate) fn first_no_text(&self) -> Option<Misfit> {
        if self.bytes.is_ascii() {
            return None;
        }
        let is_no_text = |row: &usize| std::str::from_utf8(self.value(*row)).is_err();
        let row = (0..self.len()).find(is_no_text)?;
        Some(Misfit::new(&Value::Text(self.value(row)), Reason::NoText).at(row))
    }
}
