//! Values of several types, one behind the other.

use arrow_array::types::{Float64Type, Int64Type};

use super::fixed::Fixed;
use super::room::with_room;
use super::variable::Variable;
use crate::misfit::Misfit;
use crate::mixed::{BLOB, INTEGER, Mixed, NULL, REAL, TEXT};
use crate::value::Value;

/// A column of values of any type that grows.
#[derive(Debug)]
pub(crate) struct Several {
    types: Vec<i8>,
    places: Vec<i32>,
    nulls: usize,
    integers: Fixed<i64>,
    reals: Fixed<f64>,
    texts: Variable,
    blobs: Variable,
}

impl Several {
    pub(crate) fn new() -> Self {
        Self {
            types: Vec::new(),
            places: Vec::new(),
            nulls: 0,
            integers: Fixed::after_nulls(0),
            reals: Fixed::after_nulls(0),
            texts: Variable::after_nulls(0),
            blobs: Variable::after_nulls(0),
        }
    }

    /// # Errors
    ///
    /// There is no memory for it.
    #[inline]
    pub(crate) fn push(&mut self, value: Value<'_>) -> Result<(), Box<Misfit>> {
        let (of, place) = match value {
            Value::Null => {
                self.nulls += 1;
                (NULL, self.nulls - 1)
            }
            Value::Integer(integer) => {
                self.integers.push(integer)?;
                (INTEGER, self.integers.len() - 1)
            }
            Value::Real(real) => {
                self.reals.push(real)?;
                (REAL, self.reals.len() - 1)
            }
            Value::Text(text) => {
                self.texts.push(text)?;
                (TEXT, self.texts.len() - 1)
            }
            Value::Blob(blob) => {
                self.blobs.push(blob)?;
                (BLOB, self.blobs.len() - 1)
            }
        };
        with_room(&mut self.types, 1)?.push(of);
        with_room(&mut self.places, 1)?.push(place as i32);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// The first text that is not UTF-8, and its row.
    pub(crate) fn first_no_text(&self) -> Option<Misfit> {
        let misfit = self.texts.first_no_text()?;
        let is_here =
            |row: &usize| self.types[*row] == TEXT && self.places[*row] as usize == misfit.row;
        let row = (0..self.len()).find(is_here)?;
        Some(misfit.at(row))
    }

    /// The first rows, in which all texts are UTF-8.
    pub(crate) fn finish(mut self, rows: usize) -> Mixed {
        self.types.truncate(rows);
        self.places.truncate(rows);
        let texts = self.types.iter().filter(|of| **of == TEXT).count();
        Mixed {
            types: self.types,
            places: self.places,
            integers: self.integers.finish::<Int64Type>(),
            reals: self.reals.finish::<Float64Type>(),
            texts: self.texts.finish_texts(texts),
            blobs: self.blobs.finish_blobs(),
        }
    }
}
