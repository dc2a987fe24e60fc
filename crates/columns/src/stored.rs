//! Arrow's arrays as a database stores them: numbers and bytes where they lie, the rest as texts.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ByteArrayType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, DecimalType, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryViewArray, FixedSizeBinaryArray, Float16Array, GenericByteArray,
    Int64Array, LargeStringArray, OffsetSizeTrait, PrimitiveArray, StringViewArray, make_array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};

use crate::value::Value;
use crate::written::{self, Part};

/// An array, read by the row.
#[derive(Clone, Debug)]
pub struct Stored {
    values: Values,
    nulls: Option<NullBuffer>,
    rows: usize,
}

#[derive(Clone, Debug)]
enum Values {
    Null,
    Int8(ScalarBuffer<i8>),
    Int16(ScalarBuffer<i16>),
    Int32(ScalarBuffer<i32>),
    Int64(ScalarBuffer<i64>),
    UInt8(ScalarBuffer<u8>),
    UInt16(ScalarBuffer<u16>),
    UInt32(ScalarBuffer<u32>),
    Float16(Float16Array),
    Float32(ScalarBuffer<f32>),
    Float64(ScalarBuffer<f64>),
    Boolean(BooleanBuffer),
    Text(Bytes<i32>),
    LargeText(Bytes<i64>),
    TextView(StringViewArray),
    Blob(Bytes<i32>),
    LargeBlob(Bytes<i64>),
    BlobView(BinaryViewArray),
    FixedBlob(FixedSizeBinaryArray),
    Dictionary(Vec<usize>, Box<Stored>),
}

/// Bytes one behind the other, and where each value begins and ends.
#[derive(Clone, Debug)]
struct Bytes<O: OffsetSizeTrait> {
    offsets: OffsetBuffer<O>,
    data: Buffer,
}

impl<O: OffsetSizeTrait> Bytes<O> {
    fn of<T: ByteArrayType<Offset = O>>(array: &GenericByteArray<T>) -> Self {
        Self { offsets: array.offsets().clone(), data: array.values().clone() }
    }

    #[inline(always)]
    fn value(&self, row: usize) -> &[u8] {
        &self.data[self.offsets[row].as_usize()..self.offsets[row + 1].as_usize()]
    }
}

/// Why an array cannot be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unstorable {
    /// A database stores nothing of this type.
    Type(DataType),
    /// It has no form for one of the values.
    Value {
        /// The row, counted from 0.
        row: usize,
        /// The value, as a message shows it.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// The type of a column that stores such an array, as CREATE TABLE has it; `None` where nothing
/// stores one.
///
/// What is kept as a text has a type for which SQLite leaves it one, be it all digits.
pub fn declared_for(data_type: &DataType) -> Option<&'static str> {
    Some(match data_type {
        DataType::Null => "",
        DataType::Boolean => "BOOLEAN",
        data_type if data_type.is_integer() => "INTEGER",
        DataType::Float16 | DataType::Float32 | DataType::Float64 => "REAL",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "TEXT",
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "BLOB",
        DataType::Date32 | DataType::Date64 => "DATE",
        DataType::Timestamp(..) => "TIMESTAMP",
        DataType::Time32(_) | DataType::Time64(_) => "TEXT",
        data_type if data_type.is_decimal() => "DECIMAL TEXT",
        DataType::Dictionary(_, values) => return declared_for(values),
        _ => return None,
    })
}

impl Stored {
    /// An array as it is stored.
    ///
    /// # Errors
    ///
    /// A database stores nothing of the type; or has no form for a value, which is the first one.
    pub fn of(array: &ArrayRef) -> Result<Self, Unstorable> {
        let (rows, nulls) = (array.len(), array.nulls().cloned());
        let values = match array.data_type() {
            DataType::Null => Values::Null,
            DataType::Int8 => Values::Int8(array.as_primitive::<Int8Type>().values().clone()),
            DataType::Int16 => Values::Int16(array.as_primitive::<Int16Type>().values().clone()),
            DataType::Int32 => Values::Int32(array.as_primitive::<Int32Type>().values().clone()),
            DataType::Int64 => Values::Int64(array.as_primitive::<Int64Type>().values().clone()),
            DataType::UInt8 => Values::UInt8(array.as_primitive::<UInt8Type>().values().clone()),
            DataType::UInt16 => Values::UInt16(array.as_primitive::<UInt16Type>().values().clone()),
            DataType::UInt32 => Values::UInt32(array.as_primitive::<UInt32Type>().values().clone()),
            DataType::UInt64 => Values::Int64(narrowed(array.as_primitive())?.values().clone()),
            DataType::Float16 => Values::Float16(array.as_primitive().clone()),
            DataType::Float32 => {
                Values::Float32(array.as_primitive::<Float32Type>().values().clone())
            }
            DataType::Float64 => {
                Values::Float64(array.as_primitive::<Float64Type>().values().clone())
            }
            DataType::Boolean => Values::Boolean(array.as_boolean().values().clone()),
            DataType::Utf8 => Values::Text(Bytes::of(array.as_string::<i32>())),
            DataType::LargeUtf8 => Values::LargeText(Bytes::of(array.as_string::<i64>())),
            DataType::Utf8View => Values::TextView(array.as_string_view().clone()),
            DataType::Binary => Values::Blob(Bytes::of(array.as_binary::<i32>())),
            DataType::LargeBinary => Values::LargeBlob(Bytes::of(array.as_binary::<i64>())),
            DataType::BinaryView => Values::BlobView(array.as_binary_view().clone()),
            DataType::FixedSizeBinary(_) => Values::FixedBlob(array.as_fixed_size_binary().clone()),
            DataType::Dictionary(..) => return dictionary(array),
            data_type => return Ok(Self { values: texts(array, data_type)?, nulls, rows }),
        };
        Ok(Self { values, nulls, rows })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// What stands in a row.
    ///
    /// # Panics
    ///
    /// There is no such row.
    #[inline(always)]
    pub fn value(&self, row: usize) -> Value<'_> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Value::Null;
        }
        match &self.values {
            Values::Null => Value::Null,
            Values::Int64(values) => Value::Integer(values[row]),
            Values::Float64(values) => Value::Real(values[row]),
            Values::Text(values) => Value::Text(values.value(row)),
            Values::LargeText(values) => Value::Text(values.value(row)),
            Values::TextView(values) => Value::Text(values.value(row).as_bytes()),
            Values::Int8(values) => Value::Integer(values[row].into()),
            Values::Int16(values) => Value::Integer(values[row].into()),
            Values::Int32(values) => Value::Integer(values[row].into()),
            Values::UInt8(values) => Value::Integer(values[row].into()),
            Values::UInt16(values) => Value::Integer(values[row].into()),
            Values::UInt32(values) => Value::Integer(values[row].into()),
            Values::Float16(values) => Value::Real(values.value(row).to_f64()),
            Values::Float32(values) => Value::Real(values[row].into()),
            Values::Boolean(values) => Value::Integer(values.value(row).into()),
            Values::Blob(values) => Value::Blob(values.value(row)),
            Values::LargeBlob(values) => Value::Blob(values.value(row)),
            Values::BlobView(values) => Value::Blob(values.value(row)),
            Values::FixedBlob(values) => Value::Blob(values.value(row)),
            Values::Dictionary(places, values) => values.looked_up(places[row]),
        }
    }
}

impl Stored {
    /// Hands over what stands in these rows, one behind the other.
    ///
    /// # Panics
    ///
    /// There is no such row.
    #[inline]
    pub fn each<'a>(&'a self, rows: Range<usize>, mut take: impl FnMut(Value<'a>)) {
        match (&self.values, &self.nulls) {
            (Values::Int64(values), None) => {
                values[rows].iter().for_each(|value| take(Value::Integer(*value)));
            }
            (Values::Float64(values), None) => {
                values[rows].iter().for_each(|value| take(Value::Real(*value)));
            }
            (Values::Text(values), None) => {
                rows.for_each(|row| take(Value::Text(values.value(row))));
            }
            _ => rows.for_each(|row| take(self.value(row))),
        }
    }

    /// A value of a dictionary.
    #[inline(never)]
    fn looked_up(&self, place: usize) -> Value<'_> {
        self.value(place)
    }
}

fn narrowed(array: &PrimitiveArray<UInt64Type>) -> Result<Int64Array, Unstorable> {
    let is_present = |row: &usize| array.is_valid(*row);
    let wide = (0..array.len()).filter(is_present).find(|row| array.value(*row) > i64::MAX as u64);
    match wide {
        None => Ok(array.unary(|value| value as i64)),
        Some(row) => Err(Unstorable::Value {
            row,
            value: array.value(row).to_string(),
            why: "does not fit the 64 bits of SQLite's INTEGER",
        }),
    }
}

fn dictionary(array: &ArrayRef) -> Result<Stored, Unstorable> {
    let dictionary = array.as_any_dictionary();
    let (rows, nulls) = (array.len(), array.nulls().cloned());
    if dictionary.values().is_empty() {
        return Ok(Stored { values: Values::Null, nulls: None, rows });
    }
    let places = dictionary.normalized_keys();
    let values = Stored::of(dictionary.values()).or_else(|error| match error {
        Unstorable::Value { .. } => of_used(dictionary.values(), &places, nulls.as_ref()),
        error => Err(error),
    })?;
    Ok(Stored { values: Values::Dictionary(places, Box::new(values)), nulls, rows })
}

/// The values of a dictionary, of which one has no form: that matters if a row has it, and to the
/// first row that has.
#[cold]
fn of_used(
    values: &ArrayRef,
    places: &[usize],
    nulls: Option<&NullBuffer>,
) -> Result<Stored, Unstorable> {
    let mut first_rows = vec![None; values.len()];
    for (row, place) in places.iter().enumerate().rev() {
        if nulls.is_none_or(|nulls| nulls.is_valid(row)) {
            first_rows[*place] = Some(row);
        }
    }
    let (mut refused, mut end) = (None, places.len());
    loop {
        let is_asked = first_rows.iter().map(|row| row.is_some_and(|row| row < end));
        let present = NullBuffer::union(values.nulls(), Some(&is_asked.collect()));
        let asked = values.to_data().into_builder().nulls(present).build();
        let asked = asked.map_err(|_| Unstorable::Type(values.data_type().clone()))?;
        match (Stored::of(&make_array(asked)), refused) {
            (Ok(stored), None) => return Ok(stored),
            (Ok(_), Some(error)) => return Err(error),
            // A row before that one may have another value without a form.
            (Err(Unstorable::Value { row: place, value, why }), _) => {
                end = first_rows[place].unwrap_or_default();
                refused = Some(Unstorable::Value { row: end, value, why });
            }
            (Err(error), _) => return Err(error),
        }
    }
}

/// What is stored as texts.
fn texts(array: &ArrayRef, data_type: &DataType) -> Result<Values, Unstorable> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let zone = match data_type {
        DataType::Timestamp(_, zone) => zone.as_deref().map(written::offset),
        _ => None,
    };
    let timestamp = move |part: Part| written::timestamp(part, zone);
    match data_type {
        DataType::Date32 => each::<Date32Type>(array, |days| written::date(i64::from(days))),
        DataType::Date64 => each::<Date64Type>(array, |value| {
            (value % 86_400_000 == 0).then(|| written::date(value / 86_400_000)).flatten()
        }),
        DataType::Timestamp(Second, _) => {
            each::<TimestampSecondType>(array, move |it| timestamp(Part::of(it, 1)))
        }
        DataType::Timestamp(Millisecond, _) => {
            each::<TimestampMillisecondType>(array, move |it| timestamp(Part::of(it, 1_000)))
        }
        DataType::Timestamp(Microsecond, _) => {
            each::<TimestampMicrosecondType>(array, move |it| timestamp(Part::of(it, 1_000_000)))
        }
        DataType::Timestamp(Nanosecond, _) => {
            each::<TimestampNanosecondType>(array, move |it| timestamp(Part::of(it, 1_000_000_000)))
        }
        DataType::Time32(Second) => {
            each::<Time32SecondType>(array, |it| written::time(Part::of(it.into(), 1)))
        }
        DataType::Time32(_) => {
            each::<Time32MillisecondType>(array, |it| written::time(Part::of(it.into(), 1_000)))
        }
        DataType::Time64(Microsecond) => {
            each::<Time64MicrosecondType>(array, |it| written::time(Part::of(it, 1_000_000)))
        }
        DataType::Time64(_) => {
            each::<Time64NanosecondType>(array, |it| written::time(Part::of(it, 1_000_000_000)))
        }
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
        data_type => Err(Unstorable::Type(data_type.clone())),
    }
}

fn each<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    write: impl Fn(T::Native) -> Option<String>,
) -> Result<Values, Unstorable>
where
    T::Native: std::fmt::Display,
{
    let array = array.as_primitive::<T>();
    let texts = array.iter().enumerate().map(|(row, value)| {
        let Some(value) = value else { return Ok(None) };
        write(value).map(Some).ok_or_else(|| Unstorable::Value {
            row,
            value: value.to_string(),
            why: "is no day or time of the years 1 to 9999",
        })
    });
    let texts: LargeStringArray = texts.collect::<Result<_, _>>()?;
    Ok(Values::LargeText(Bytes::of(&texts)))
}

fn decimals<T: DecimalType + ArrowPrimitiveType>(array: &ArrayRef) -> Result<Values, Unstorable> {
    let array = array.as_primitive::<T>();
    let (precision, scale) = match array.data_type() {
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => (*precision, *scale),
        data_type => return Err(Unstorable::Type(data_type.clone())),
    };
    let texts = array.iter().map(|it| it.map(|it| T::format_decimal(it, precision, scale)));
    let texts: LargeStringArray = texts.collect();
    Ok(Values::LargeText(Bytes::of(&texts)))
}
