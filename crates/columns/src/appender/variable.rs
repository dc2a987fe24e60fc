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

    /// # Errors
    ///
    /// The first value that is not UTF-8, with its row.
    pub(crate) fn finish_texts(mut self) -> Result<StringArray, Misfit> {
        if let Err(error) = self.check_texts() {
            return Err(*error);
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        Ok(StringArray::new(offsets, Buffer::from_vec(self.bytes), self.nulls.finish()))
    }

    fn check_texts(&self) -> Result<(), Box<Misfit>> {
        if self.bytes.is_ascii() {
            return Ok(());
        }
        for row in 0..self.len() {
            let value = self.value(row);
            if std::str::from_utf8(value).is_err() {
                return Err(Box::new(Misfit::new(&Value::Text(value), Reason::NoText).at(row)));
            }
        }
        Ok(())
    }
}
