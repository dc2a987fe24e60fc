//! Columns as Arrow's arrays: the type of each, found again value by value.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use onecross_columns::{Kind, Reason, Rule, Uniform, Zone};

use super::check::{Read, check_misfit};
use super::wanted::{Wanted, digits_of};

const MOST_DIGITS: i128 = 38;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Type {
    Unknown,
    Of(Kind),
    Timestamp(Zone),
    Decimal(i128),
    Union,
}

/// Checks the arrays of all batches, in the types that some of them have.
pub(crate) fn check(rules: &[Rule], read: &Read, known: Range<usize>) {
    let uniform = Uniform::of(rules, &read.batches[known.clone()]);
    let wanted = (0..rules.len()).map(|column| type_of(rules[column], read, &known, column));
    let wanted: Vec<_> = wanted.collect();
    assert_eq!(uniform.is_complete(), wanted.iter().all(Result::is_ok));
    for (column, wanted) in wanted.into_iter().enumerate() {
        match (uniform.data_type(column), wanted) {
            (Ok(found), Ok(of)) => {
                assert_eq!(found, data_type(of));
                (0..read.batches.len()).for_each(|batch| {
                    check_array(&uniform, of, read, batch, column);
                });
            }
            (Err(misfit), Err((row, column, reason))) => {
                check_misfit(misfit, row, column, reason);
                for batch in &read.batches {
                    assert_eq!(uniform.array(column, batch).as_ref(), Err(misfit));
                    assert_eq!(uniform.check(column, batch).as_ref(), Err(misfit));
                }
            }
            (found, wanted) => panic!("{found:?} is not {wanted:?}"),
        }
    }
}

/// Checks the arrays of batches that were cut. What was cut off may have told of types.
pub(crate) fn check_cut(rules: &[Rule], read: &Read) {
    let uniform = Uniform::of(rules, &read.batches);
    for (column, batch) in
        (0..rules.len()).flat_map(|it| read.batches.iter().map(move |of| (it, of)))
    {
        let Ok(array) = uniform.array(column, batch) else { continue };
        let of = match array.data_type() {
            DataType::Float64 => Type::Of(Kind::Real),
            DataType::Decimal128(_, scale) => Type::Decimal(i128::from(*scale)),
            DataType::Union(..) => Type::Union,
            _ => Type::Unknown,
        };
        for row in 0..batch.rows {
            check_item(&array, row, of, &read.rows[batch.first_row + row][column]);
        }
    }
}

fn check_array(uniform: &Uniform, of: Type, read: &Read, batch: usize, column: usize) {
    let batch = &read.batches[batch];
    let rows = batch.first_row..batch.first_row + batch.rows;
    let misfit = rows.clone().find_map(|row| {
        let reason = refusal(of, &read.rows[row][column]);
        reason.map(|reason| (row, reason))
    });
    if of != Type::Of(Kind::Real) {
        let is_of_type = |reason| {
            !matches!(reason, Reason::TooManyDigits | Reason::FinerScale | Reason::NoNumber)
        };
        let misfit = misfit.filter(|(_, reason)| is_of_type(*reason));
        let checked = uniform.check(column, batch);
        let checked = checked.map_err(|misfit| (misfit.row, misfit.reason));
        assert_eq!(checked, misfit.map_or(Ok(()), Err));
    }
    match (uniform.array(column, batch), misfit) {
        (Ok(array), None) => {
            assert_eq!((array.data_type(), array.len()), (&data_type(of), batch.rows));
            for (place, row) in rows.enumerate() {
                check_item(&array, place, of, &read.rows[row][column]);
            }
        }
        (Err(misfit), Some((row, reason))) => check_misfit(&misfit, row, column, reason),
        (array, misfit) => panic!("{array:?} in {of:?} where {misfit:?} was wanted"),
    }
}

/// The type that has room for the values of a column, or the first that there is none for.
fn type_of(
    rule: Rule,
    read: &Read,
    known: &Range<usize>,
    column: usize,
) -> Result<Type, (usize, usize, Reason)> {
    if rule == Rule::Any {
        return Ok(Type::Union);
    }
    let mut of = Type::Unknown;
    for batch in &read.batches[known.clone()] {
        for row in batch.first_row..batch.first_row + batch.rows {
            let Some(kind) = read.rows[row][column].kind() else { continue };
            let same = match (kind, &read.rows[row][column]) {
                (Kind::Decimal, Wanted::Text(_, text)) => {
                    Type::Decimal(scale_of(text).unwrap_or(0))
                }
                (_, Wanted::Timestamp(_, zone)) => Type::Timestamp(*zone),
                _ => Type::Of(kind),
            };
            of = match (of, same) {
                (Type::Unknown, same) => same,
                (Type::Decimal(one), Type::Decimal(other)) => Type::Decimal(one.max(other)),
                (Type::Of(Kind::Integer), Type::Of(Kind::Real))
                | (Type::Of(Kind::Real), Type::Of(Kind::Integer)) => Type::Of(Kind::Real),
                (of, same) if of == same => of,
                (Type::Of(known), _) => {
                    return Err((row, column, Reason::OtherType(known, kind)));
                }
                _ => return Err((row, column, Reason::OtherOffset)),
            };
        }
    }
    Ok(match (of, rule) {
        (Type::Unknown, Rule::Exactly(Kind::Timestamp)) => Type::Timestamp(Zone::Local),
        (Type::Unknown, Rule::Exactly(Kind::Decimal)) => Type::Decimal(0),
        (Type::Unknown, Rule::Exactly(kind) | Rule::Infer(Some(kind))) => Type::Of(kind),
        (of, _) => of,
    })
}

/// Why there is no room for a value.
fn refusal(of: Type, wanted: &Wanted) -> Option<Reason> {
    let kind = wanted.kind()?;
    match (of, wanted) {
        (Type::Union, _) => None,
        (Type::Unknown, _) => Some(Reason::AfterNulls),
        (Type::Of(Kind::Real), Wanted::Integer(integer)) => {
            let is_exact = *integer as f64 as i128 == i128::from(*integer);
            (!is_exact).then_some(Reason::NoExactFloat)
        }
        (Type::Of(known), _) => (known != kind).then_some(Reason::OtherType(known, kind)),
        (Type::Timestamp(zone), Wanted::Timestamp(_, other)) => {
            (zone != *other).then_some(Reason::OtherOffset)
        }
        (Type::Decimal(scale), Wanted::Text(_, text)) => match scale_of(text) {
            Some(own) if own > scale => Some(Reason::FinerScale),
            Some(_) => scaled(text, scale).is_none().then_some(Reason::TooManyDigits),
            None if digits_of(text).is_none() => Some(Reason::NoNumber),
            None => Some(Reason::TooManyDigits),
        },
        (of, wanted) => panic!("{wanted:?} in {of:?}"),
    }
}

/// How many digits stand behind the point of a number that 38 digits suffice for.
fn scale_of(text: &[u8]) -> Option<i128> {
    let scale = -digits_of(text)?.1;
    (scale <= MOST_DIGITS && scaled(text, scale.max(0)).is_some()).then_some(scale.max(0))
}

/// A number as a whole one of that scale.
fn scaled(text: &[u8], scale: i128) -> Option<i128> {
    let (digits, exponent) = digits_of(text)?;
    let zeros = exponent + scale;
    if digits.is_empty() {
        return Some(0);
    }
    let room = MOST_DIGITS - digits.len() as i128;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros as i128 <= room)?;
    let sign = if text.starts_with(b"-") { "-" } else { "" };
    format!("{sign}{digits}{}", "0".repeat(zeros)).parse().ok()
}

fn data_type(of: Type) -> DataType {
    match of {
        Type::Unknown => DataType::Null,
        Type::Of(Kind::Integer) => DataType::Int64,
        Type::Of(Kind::Real) => DataType::Float64,
        Type::Of(Kind::Blob) => DataType::Binary,
        Type::Of(Kind::Boolean) => DataType::Boolean,
        Type::Of(Kind::Date) => DataType::Date32,
        Type::Of(_) => DataType::Utf8,
        Type::Timestamp(Zone::Offset(0)) => timestamp(Some("UTC".to_owned())),
        Type::Timestamp(Zone::Offset(offset)) => {
            let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
            timestamp(Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)))
        }
        Type::Timestamp(_) => timestamp(None),
        Type::Decimal(scale) => DataType::Decimal128(MOST_DIGITS as u8, scale as i8),
        Type::Union => Uniform::of(&[Rule::Any], &[]).data_type(0).expect("any value fits"),
    }
}

fn timestamp(zone: Option<String>) -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, zone.map(Into::into))
}

fn check_item(array: &ArrayRef, row: usize, of: Type, wanted: &Wanted) {
    if of == Type::Union {
        let union = array.as_union();
        let child = ["null", "integer", "real", "text", "blob"][union.type_id(row) as usize];
        let kind = wanted.kind().map(|kind| kind.name().to_lowercase());
        assert_eq!(child, kind.as_deref().unwrap_or("null"));
        if let Some(kind) = wanted.kind() {
            check_item(&union.value(row), 0, Type::Of(kind), wanted);
        }
        return;
    }
    if array.data_type() == &DataType::Null {
        return assert_eq!(wanted.kind(), None);
    }
    assert_eq!(array.is_null(row), wanted.kind().is_none());
    match (of, wanted) {
        (_, Wanted::Null) => {}
        (Type::Of(Kind::Real), Wanted::Integer(integer)) => {
            let real = array.as_primitive::<Float64Type>().value(row);
            assert_eq!(real as i128, i128::from(*integer));
        }
        (_, Wanted::Integer(it)) => {
            assert_eq!(array.as_primitive::<Int64Type>().value(row), *it);
        }
        (_, Wanted::Real(it)) => {
            let real = array.as_primitive::<Float64Type>().value(row);
            assert_eq!(real.to_bits(), it.to_bits());
        }
        (Type::Decimal(scale), Wanted::Text(_, text)) => {
            let value = array.as_primitive::<Decimal128Type>().value(row);
            assert_eq!(Some(value), scaled(text, scale));
        }
        (_, Wanted::Text(_, text)) => {
            assert_eq!(array.as_string::<i32>().value(row).as_bytes(), text);
        }
        (_, Wanted::Spelled(..)) => unreachable!("its text is known by now"),
        (_, Wanted::Blob(it)) => assert_eq!(array.as_binary::<i32>().value(row), it),
        (_, Wanted::Boolean(it)) => assert_eq!(array.as_boolean().value(row), *it),
        (_, Wanted::Date(it)) => assert_eq!(array.as_primitive::<Date32Type>().value(row), *it),
        (_, Wanted::Timestamp(it, _)) => {
            assert_eq!(array.as_primitive::<TimestampMicrosecondType>().value(row), *it);
        }
    }
}
