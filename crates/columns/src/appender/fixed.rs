//! Values of one size, one behind the other.

use arrow_array::{ArrowPrimitiveType, PrimitiveArray};
use arrow_buffer::{ArrowNativeType, NullBufferBuilder};

use super::room::with_room;
use crate::misfit::Misfit;

/// A column of numbers that grows.
#[derive(Debug)]
pub(crate) struct Fixed<T> {
    values: Vec<T>,
    nulls: NullBufferBuilder,
}

impl<T: ArrowNativeType> Default for Fixed<T> {
    fn default() -> Self {
        Self::after_nulls(0)
    }
}

impl<T: ArrowNativeType> Fixed<T> {
    /// A column that begins with so many rows without a value.
    pub(crate) fn after_nulls(rows: usize) -> Self {
        let mut nulls = NullBufferBuilder::new(rows);
        if rows > 0 {
            nulls.append_n_nulls(rows);
        }
        Self { values: vec![T::default(); rows], nulls }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// # Errors
    ///
    /// There is no memory for it.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: T) -> Result<(), Box<Misfit>> {
        with_room(&mut self.values, 1)?.push(value);
        self.nulls.append_non_null();
        Ok(())
    }

    /// # Errors
    ///
    /// There is no memory for it.
    #[inline(always)]
    pub(crate) fn push_null(&mut self) -> Result<(), Box<Misfit>> {
        with_room(&mut self.values, 1)?.push(T::default());
        self.nulls.append_null();
        Ok(())
    }

    /// The values; `None` where there is none.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<T>> {
        let is_valid = |row: &usize| self.nulls.is_valid(*row);
        (0..self.len()).map(move |row| is_valid(&row).then(|| self.values[row]))
    }

    pub(crate) fn finish<P: ArrowPrimitiveType<Native = T>>(mut self) -> PrimitiveArray<P> {
        PrimitiveArray::new(self.values.into(), self.nulls.finish())
    }
}
