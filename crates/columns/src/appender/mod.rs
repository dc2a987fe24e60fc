//! A column that grows: it takes the type of what comes, and gives up none of it.

mod exact;
mod fixed;
mod room;
mod several;
mod variable;

use arrow_array::BooleanArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};

use self::fixed::Fixed;
use self::room::with_room;
pub(crate) use self::several::Several;
use self::variable::Variable;
use crate::column::Column;
use crate::kind::{Kind, Rule};
use crate::misfit::{Misfit, Reason};
use crate::moment::Zone;
use crate::value::Value;

/// A column that grows.
#[derive(Debug)]
pub(crate) struct Appender {
    rule: Rule,
    state: State,
}

#[derive(Debug)]
enum State {
    Nulls(usize),
    Integers(Fixed<i64>),
    Reals(Fixed<f64>),
    Texts(Variable),
    Blobs(Variable),
    /// Each is a byte, for so many are appended sooner than bits.
    Booleans(Fixed<u8>),
    Dates(Fixed<i32>),
    Timestamps(Fixed<i64>, Zone),
    Moments(Fixed<i64>, Vec<Zone>),
    Decimals(Variable),
    Json(Variable),
    Several(Box<Several>),
}

impl Appender {
    pub(crate) fn new(rule: Rule) -> Self {
        Self { rule, state: State::Nulls(0) }
    }

    /// Appends a value.
    ///
    /// Each type is asked for by itself, so that one that is known where this is called from is not
    /// told apart again.
    ///
    /// # Errors
    ///
    /// It does not fit what was asked for; then it is not appended.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: Value<'_>) -> Result<(), Box<Misfit>> {
        match value {
            Value::Null => self.push_null(),
            Value::Integer(integer) => match &mut self.state {
                State::Integers(column) => column.push(integer),
                _ => self.push_other(value),
            },
            Value::Real(real) => match &mut self.state {
                State::Reals(column) => column.push(real),
                _ => self.push_other(value),
            },
            Value::Text(text) => match &mut self.state {
                State::Texts(column) => column.push(text),
                _ => self.push_other(value),
            },
            Value::Blob(blob) => match &mut self.state {
                State::Blobs(column) => column.push(blob),
                _ => self.push_other(value),
            },
        }
    }

    #[inline(never)]
    fn push_null(&mut self) -> Result<(), Box<Misfit>> {
        match &mut self.state {
            State::Nulls(rows) => *rows += 1,
            State::Integers(column) | State::Timestamps(column, _) => column.push_null()?,
            State::Moments(column, zones) => {
                column.push_null()?;
                with_room(zones, 1)?.push(Zone::Unknown);
            }
            State::Reals(column) => column.push_null()?,
            State::Booleans(column) => column.push_null()?,
            State::Dates(column) => column.push_null()?,
            State::Several(column) => column.push(Value::Null)?,
            State::Texts(column)
            | State::Blobs(column)
            | State::Decimals(column)
            | State::Json(column) => column.push_null()?,
        }
        Ok(())
    }

    /// Appends the first value, one of another type than those before, or one that is to become
    /// what was asked for.
    #[inline(never)]
    fn push_other(&mut self, value: Value<'_>) -> Result<(), Box<Misfit>> {
        if let Rule::Exactly(kind) = self.rule {
            return self.push_exactly(kind, value);
        }
        match (&mut self.state, value) {
            (State::Several(column), value) => column.push(value)?,
            (State::Nulls(rows), Value::Integer(integer)) => {
                let mut column = Fixed::after_nulls(*rows);
                column.push(integer)?;
                self.state = State::Integers(column);
            }
            (State::Nulls(rows), Value::Real(real)) => {
                let mut column = Fixed::after_nulls(*rows);
                column.push(real)?;
                self.state = State::Reals(column);
            }
            (State::Nulls(rows), Value::Text(text)) => {
                let mut column = Variable::after_nulls(*rows);
                column.push(text)?;
                self.state = State::Texts(column);
            }
            (State::Nulls(rows), Value::Blob(blob)) => {
                let mut column = Variable::after_nulls(*rows);
                column.push(blob)?;
                self.state = State::Blobs(column);
            }
            (_, value) => {
                let mut column = self.as_several()?;
                column.push(value)?;
                self.state = State::Several(Box::new(column));
            }
        }
        Ok(())
    }

    fn as_several(&self) -> Result<Several, Box<Misfit>> {
        let mut several = Several::new();
        match &self.state {
            State::Integers(column) => fill(&mut several, column.iter(), Value::Integer)?,
            State::Reals(column) => fill(&mut several, column.iter(), Value::Real)?,
            State::Texts(column) => fill(&mut several, column.iter(), Value::Text)?,
            State::Blobs(column) => fill(&mut several, column.iter(), Value::Blob)?,
            _ => unreachable!("what was asked for is of one type"),
        }
        Ok(several)
    }

    fn len(&self) -> usize {
        match &self.state {
            State::Nulls(rows) => *rows,
            State::Integers(column) | State::Timestamps(column, _) | State::Moments(column, _) => {
                column.len()
            }
            State::Reals(column) => column.len(),
            State::Booleans(column) => column.len(),
            State::Dates(column) => column.len(),
            State::Several(column) => column.len(),
            State::Texts(column)
            | State::Blobs(column)
            | State::Decimals(column)
            | State::Json(column) => column.len(),
        }
    }

    /// The first text that is not UTF-8, and its row.
    pub(crate) fn first_no_text(&self) -> Option<Misfit> {
        match &self.state {
            State::Texts(column) | State::Json(column) => column.first_no_text(),
            State::Several(column) => column.first_no_text(),
            _ => None,
        }
    }

    /// The column of the first rows, in which all texts are UTF-8.
    pub(crate) fn finish(self, rows: usize) -> Column {
        let is_cut = self.len() > rows;
        let column = match self.state {
            State::Nulls(rows) => Column::Null(rows),
            State::Integers(column) => Column::Integer(column.finish::<Int64Type>()),
            State::Reals(column) => Column::Real(column.finish::<Float64Type>()),
            State::Texts(column) => Column::Text(column.finish_texts(rows)),
            State::Blobs(column) => Column::Blob(column.finish_blobs()),
            State::Booleans(column) => Column::Boolean(BooleanArray::from_iter(
                column.iter().map(|it| it.map(|it| it == 1)),
            )),
            State::Dates(column) => Column::Date(column.finish::<Date32Type>()),
            State::Timestamps(column, zone) => {
                Column::Timestamp(column.finish::<TimestampMicrosecondType>(), zone)
            }
            State::Moments(column, zones) => {
                Column::Moments(column.finish::<TimestampMicrosecondType>(), zones)
            }
            State::Decimals(column) => Column::Decimal(column.finish_texts(rows)),
            State::Json(column) => Column::Json(column.finish_texts(rows)),
            State::Several(column) => Column::Mixed(Box::new(column.finish(rows))),
        };
        // What was cut off may have been all that was of another type.
        if is_cut { column.slice(0, rows) } else { column }
    }
}

fn fill<'a, T>(
    several: &mut Several,
    values: impl Iterator<Item = Option<T>>,
    value: impl Fn(T) -> Value<'a>,
) -> Result<(), Box<Misfit>> {
    for it in values {
        several.push(it.map_or(Value::Null, &value))?;
    }
    Ok(())
}

impl State {
    /// A column of a type that begins with so many rows without a value.
    fn of(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Integer => Self::Integers(Fixed::after_nulls(rows)),
            Kind::Real => Self::Reals(Fixed::after_nulls(rows)),
            Kind::Text => Self::Texts(Variable::after_nulls(rows)),
            Kind::Blob => Self::Blobs(Variable::after_nulls(rows)),
            Kind::Boolean => Self::Booleans(Fixed::after_nulls(rows)),
            Kind::Date => Self::Dates(Fixed::after_nulls(rows)),
            Kind::Timestamp => Self::Timestamps(Fixed::after_nulls(rows), Zone::Unknown),
            Kind::Decimal => Self::Decimals(Variable::after_nulls(rows)),
            Kind::Json => Self::Json(Variable::after_nulls(rows)),
        }
    }
}

fn misfit(value: &Value<'_>, reason: Reason) -> Box<Misfit> {
    Box::new(Misfit::new(value, reason))
}
