//! Columns as Arrow's arrays, where a column has one type in all batches.

use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Decimal128Array, Float64Array, new_null_array};
use arrow_schema::{DataType, TimeUnit};

use crate::batch::Batch;
use crate::column::{Cell, Column};
use crate::decimal::{self, MOST_DIGITS};
use crate::kind::{Kind, Rule};
use crate::misfit::{Misfit, Reason};
use crate::moment::{Zone, offset_text};
use crate::value::Value;

/// The types that the columns of a result have in Arrow.
#[derive(Clone, Debug)]
pub struct Uniform {
    /// For each column its type, or the value that none of the types has room for.
    columns: Vec<Result<Target, Misfit>>,
}

/// The type that a column has in all batches.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Unknown,
    Of(Kind),
    Timestamp(Zone),
    Decimal { scale: u8 },
    Union,
}

impl Uniform {
    /// Finds a type for each column that all values of these batches fit, if there is one. Integers
    /// and floats together are floats, if each integer is one.
    pub fn of(rules: &[Rule], batches: &[Batch]) -> Self {
        let columns = rules.iter().enumerate();
        Self { columns: columns.map(|(column, rule)| Target::of(*rule, batches, column)).collect() }
    }

    /// The same, but for columns that it has no type for: those have what is found later.
    #[must_use]
    pub fn completed(&self, later: &Self) -> Self {
        let columns = self.columns.iter().zip(&later.columns);
        let columns = columns.map(|(known, later)| if known.is_ok() { known } else { later });
        Self { columns: columns.cloned().collect() }
    }

    /// Whether it has a type for each column.
    pub fn is_complete(&self) -> bool {
        self.columns.iter().all(Result::is_ok)
    }

    /// The type of a column.
    ///
    /// # Errors
    ///
    /// The first value that is of another type than those before it.
    pub fn data_type(&self, column: usize) -> Result<DataType, &Misfit> {
        self.columns[column].as_ref().map(|target| target.data_type())
    }

    /// The values of a column of a batch.
    ///
    /// # Errors
    ///
    /// The first value that is not of the column's type.
    pub fn array(&self, column: usize, batch: &Batch) -> Result<ArrayRef, Misfit> {
        let array = self.columns[column].clone()?.array(&batch.columns[column]);
        array.map_err(|misfit| misfit.in_batch(batch, column))
    }

    /// Checks that the values of a column of a batch are of the column's type, of decimal numbers
    /// however long they are.
    ///
    /// # Errors
    ///
    /// The first value that is not.
    pub fn check(&self, column: usize, batch: &Batch) -> Result<(), Misfit> {
        let checked = self.columns[column].clone()?.check(&batch.columns[column]);
        checked.map_err(|misfit| misfit.in_batch(batch, column))
    }
}

impl Batch {
    /// The numbers of a column as floats.
    ///
    /// # Errors
    ///
    /// The first value that is no number, or an integer that no float is equal to.
    pub fn floats(&self, column: usize) -> Result<Float64Array, Misfit> {
        let floats = Target::Of(Kind::Real).floats(&self.columns[column]);
        floats.map_err(|misfit| misfit.in_batch(self, column))
    }
}

impl Misfit {
    fn in_batch(mut self, batch: &Batch, column: usize) -> Self {
        self.row += batch.first_row;
        self.column = column;
        self
    }
}

impl Target {
    /// The type that has room for the values of a column of all batches.
    fn of(rule: Rule, batches: &[Batch], column: usize) -> Result<Self, Misfit> {
        let mut target = Self::Unknown;
        for batch in batches {
            target = (target.with(rule, &batch.columns[column]))
                .map_err(|misfit| misfit.in_batch(batch, column))?;
        }
        Ok(match (target, rule) {
            (Self::Unknown, Rule::Infer(Some(kind)) | Rule::Exactly(kind)) => match kind {
                Kind::Timestamp => Self::Timestamp(Zone::Local),
                Kind::Decimal => Self::Decimal { scale: 0 },
                kind => Self::Of(kind),
            },
            (Self::Unknown, Rule::Any) => Self::Union,
            (target, _) => target,
        })
    }

    /// The type that has room for the values of one more column.
    fn with(self, rule: Rule, column: &Column) -> Result<Self, Misfit> {
        if rule == Rule::Any {
            return Ok(Self::Union);
        }
        let added = match column {
            Column::Null(_) => return Ok(self),
            Column::Mixed(_) | Column::Moments(..) => return self.with_each_of(column),
            Column::Timestamp(_, zone) => Self::Timestamp(*zone),
            Column::Decimal(texts) => {
                let scales = texts.iter().flatten().filter_map(|it| decimal::parse(it.as_bytes()));
                Self::Decimal { scale: scales.map(|it| it.scale).max().unwrap_or_default() }
            }
            column => column.kind().map_or(Self::Unknown, Self::Of),
        };
        match (self, added) {
            (Self::Unknown, added) => Ok(added),
            (Self::Decimal { scale }, Self::Decimal { scale: other }) => {
                Ok(Self::Decimal { scale: scale.max(other) })
            }
            (Self::Timestamp(zone), Self::Timestamp(other)) if zone == other => Ok(self),
            (before, added) if before == added => Ok(self),
            _ => self.with_each_of(column),
        }
    }

    fn with_each_of(mut self, column: &Column) -> Result<Self, Misfit> {
        for row in 0..column.len() {
            let cell = column.cell(row);
            self = match (self, cell) {
                (target, Cell::Null) => target,
                (Self::Unknown | Self::Of(Kind::Integer), Cell::Integer(_)) => {
                    Self::Of(Kind::Integer)
                }
                (Self::Unknown | Self::Of(Kind::Integer | Kind::Real), Cell::Real(_))
                | (Self::Of(Kind::Real), Cell::Integer(_)) => Self::Of(Kind::Real),
                (Self::Unknown | Self::Of(Kind::Text), Cell::Text(_)) => Self::Of(Kind::Text),
                (Self::Unknown | Self::Of(Kind::Blob), Cell::Blob(_)) => Self::Of(Kind::Blob),
                (Self::Unknown, Cell::Timestamp(_, zone)) => Self::Timestamp(zone),
                (Self::Timestamp(zone), Cell::Timestamp(_, other)) if zone == other => self,
                (target, cell) => return Err(target.refuse(cell, row)),
            };
        }
        Ok(self)
    }

    fn refuse(self, cell: Cell<'_>, row: usize) -> Misfit {
        let other_type = |kind| cell.kind().map(|found| Reason::OtherType(kind, found));
        let reason = match self {
            Self::Of(Kind::Real) if matches!(cell, Cell::Integer(_)) => Some(Reason::NoExactFloat),
            Self::Of(kind) => other_type(kind),
            Self::Timestamp(_) if matches!(cell, Cell::Timestamp(..)) => Some(Reason::OtherOffset),
            Self::Timestamp(_) => other_type(Kind::Timestamp),
            Self::Decimal { .. } => other_type(Kind::Decimal),
            Self::Unknown | Self::Union => None,
        };
        let reason = reason.unwrap_or(Reason::AfterNulls);
        Misfit::new(&cell, reason).at(row)
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Unknown => DataType::Null,
            Self::Of(Kind::Integer) => DataType::Int64,
            Self::Of(Kind::Real) => DataType::Float64,
            Self::Of(Kind::Text | Kind::Json) => DataType::Utf8,
            Self::Of(Kind::Blob) => DataType::Binary,
            Self::Of(Kind::Boolean) => DataType::Boolean,
            Self::Of(Kind::Date) => DataType::Date32,
            Self::Of(Kind::Timestamp) => Self::Timestamp(Zone::Local).data_type(),
            Self::Of(Kind::Decimal) => Self::Decimal { scale: 0 }.data_type(),
            Self::Timestamp(Zone::Offset(offset)) => {
                let name = if offset == 0 { "UTC".to_owned() } else { offset_text(offset) };
                DataType::Timestamp(TimeUnit::Microsecond, Some(name.into()))
            }
            Self::Timestamp(_) => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Decimal { scale } => DataType::Decimal128(MOST_DIGITS, scale as i8),
            Self::Union => DataType::Union(crate::mixed::fields(), arrow_schema::UnionMode::Dense),
        }
    }

    fn array(self, column: &Column) -> Result<ArrayRef, Misfit> {
        Ok(match (self, column) {
            (Self::Union, column) => Arc::new(crate::mixed::union_of(column)),
            (target, Column::Null(rows)) => new_null_array(&target.data_type(), *rows),
            (Self::Of(Kind::Integer), Column::Integer(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Real), Column::Real(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Real), Column::Integer(_) | Column::Mixed(_)) => {
                Arc::new(self.floats(column)?)
            }
            (Self::Of(Kind::Text), Column::Text(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Json), Column::Json(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Blob), Column::Blob(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Boolean), Column::Boolean(values)) => Arc::new(values.clone()),
            (Self::Of(Kind::Date), Column::Date(values)) => Arc::new(values.clone()),
            (Self::Timestamp(zone), Column::Timestamp(values, other)) if zone == *other => {
                Arc::new(values.clone().with_data_type(self.data_type()))
            }
            (Self::Decimal { scale }, Column::Decimal(_)) => {
                Arc::new(self.decimals(column, scale)?)
            }
            (target, column) => {
                target.check(column)?;
                new_null_array(&target.data_type(), column.len())
            }
        })
    }

    fn check(self, column: &Column) -> Result<(), Misfit> {
        let is_alike = match self {
            Self::Union => true,
            Self::Of(kind) => column.kind() == Some(kind),
            Self::Timestamp(zone) => matches!(column, Column::Timestamp(_, it) if *it == zone),
            Self::Decimal { .. } => matches!(column, Column::Decimal(_)),
            Self::Unknown => false,
        };
        if is_alike {
            return Ok(());
        }
        let misfit = (0..column.len()).find(|row| !self.has_place_for(column.cell(*row)));
        misfit.map_or(Ok(()), |row| Err(self.refuse(column.cell(row), row)))
    }

    fn has_place_for(self, cell: Cell<'_>) -> bool {
        match (self, cell) {
            (_, Cell::Null) => true,
            (Self::Of(kind), cell) => cell.kind() == Some(kind),
            (Self::Timestamp(zone), Cell::Timestamp(_, other)) => zone == other,
            _ => false,
        }
    }

    fn floats(self, column: &Column) -> Result<Float64Array, Misfit> {
        let floats = (0..column.len()).map(|row| match column.cell(row) {
            Cell::Null => Ok(None),
            Cell::Real(real) => Ok(Some(real)),
            Cell::Integer(integer) => match exact_float(integer) {
                Some(real) => Ok(Some(real)),
                None => Err(self.refuse(column.cell(row), row)),
            },
            cell => Err(self.refuse(cell, row)),
        });
        floats.collect::<Result<arrow_array::PrimitiveArray<Float64Type>, _>>()
    }

    fn decimals(self, column: &Column, scale: u8) -> Result<Decimal128Array, Misfit> {
        let numbers = (0..column.len()).map(|row| {
            let Cell::Decimal(text) = column.cell(row) else { return Ok(None) };
            let number = decimal::parse(text.as_bytes());
            number.and_then(|it| it.at_scale(scale)).map(Some).ok_or_else(|| {
                let reason = match number {
                    Some(number) if number.scale > scale => Reason::FinerScale,
                    None if decimal::is_special(text.as_bytes()) => Reason::NoNumber,
                    _ => Reason::TooManyDigits,
                };
                Misfit::new(&Value::Text(text.as_bytes()), reason).at(row)
            })
        });
        let numbers = numbers.collect::<Result<Decimal128Array, _>>()?;
        Ok(numbers.with_data_type(self.data_type()))
    }
}

/// The float that an integer is, if there is one.
fn exact_float(integer: i64) -> Option<f64> {
    let real = integer as f64;
    // The nearest float of the greatest integers is 2^63, which is none of them.
    (real < 9_223_372_036_854_775_808.0 && real as i64 == integer).then_some(real)
}
