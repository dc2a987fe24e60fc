//! What a database keeps of Arrow's arrays.

use std::sync::Arc;

use arrow_array::builder::{FixedSizeBinaryBuilder, StringDictionaryBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, Date32Array, Date64Array,
    Decimal128Array, Decimal256Array, DictionaryArray, DurationSecondArray, Float32Array,
    Float64Array, Int8Array, Int64Array, LargeBinaryArray, LargeStringArray, ListArray, NullArray,
    StringArray, StringViewArray, Time32MillisecondArray, Time32SecondArray,
    Time64MicrosecondArray, Time64NanosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt32Array,
    UInt64Array,
};
use arrow_buffer::i256;
use arrow_schema::{DataType, Field, TimeUnit};
use onecross_columns::{Stored, Unstorable, Value, declared_for};
use proptest::prelude::*;

fn shown(array: impl Array + 'static) -> Vec<String> {
    let array: ArrayRef = Arc::new(array);
    let stored = Stored::of(&array).unwrap();
    assert!(declared_for(array.data_type()).is_some());
    (0..stored.len()).map(|row| stored.value(row).to_string()).collect()
}

fn refused(array: impl Array + 'static) -> Unstorable {
    let array: ArrayRef = Arc::new(array);
    Stored::of(&array).unwrap_err()
}

#[test]
fn numbers_are_what_they_are() {
    assert_eq!(shown(Int8Array::from(vec![Some(-128), None])), ["-128", "NULL"]);
    assert_eq!(shown(UInt32Array::from(vec![u32::MAX])), ["4294967295"]);
    let wide = UInt64Array::from(vec![Some(i64::MAX as u64), None]);
    assert_eq!(shown(wide), ["9223372036854775807", "NULL"]);
    assert_eq!(shown(Float32Array::from(vec![0.5, 0.1])), ["0.5", "0.10000000149011612"]);
    assert_eq!(shown(Float64Array::from(vec![-0.0, f64::INFINITY])), ["-0.0", "inf"]);
    assert_eq!(shown(BooleanArray::from(vec![Some(true), Some(false), None])), ["1", "0", "NULL"]);
    assert_eq!(shown(NullArray::new(2)), ["NULL", "NULL"]);
}

#[test]
fn an_integer_that_is_too_wide_is_told() {
    let error = refused(UInt64Array::from(vec![Some(1), None, Some(u64::MAX), Some(1 << 63)]));
    let why = "does not fit the 64 bits of SQLite's INTEGER";
    assert_eq!(error, Unstorable::Value { row: 2, value: u64::MAX.to_string(), why });
}

#[test]
fn texts_and_bytes_of_every_layout_are_the_same() {
    let texts = vec![Some("é"), None, Some(""), Some("longer than a view has room")];
    let expected = ["'é'", "NULL", "''", "'longer than a view has room'"];
    assert_eq!(shown(StringArray::from(texts.clone())), expected);
    assert_eq!(shown(LargeStringArray::from(texts.clone())), expected);
    assert_eq!(shown(StringViewArray::from(texts)), expected);
    let blobs = vec![Some(&b"\xff\0"[..]), None, Some(b"")];
    let expected = ["a BLOB of 2 bytes", "NULL", "a BLOB of 0 bytes"];
    assert_eq!(shown(BinaryArray::from(blobs.clone())), expected);
    assert_eq!(shown(LargeBinaryArray::from(blobs.clone())), expected);
    assert_eq!(shown(BinaryViewArray::from(blobs)), expected);
    let mut fixed = FixedSizeBinaryBuilder::new(3);
    fixed.append_value(b"abc").unwrap();
    fixed.append_null();
    assert_eq!(shown(fixed.finish()), ["a BLOB of 3 bytes", "NULL"]);
}

#[test]
fn days_are_texts() {
    let days = vec![Some(0), None, Some(-719_162), Some(2_932_896)];
    let expected = ["'1970-01-01'", "NULL", "'0001-01-01'", "'9999-12-31'"];
    assert_eq!(shown(Date32Array::from(days)), expected);
    assert_eq!(shown(Date64Array::from(vec![-86_400_000])), ["'1969-12-31'"]);
    for error in [
        refused(Date32Array::from(vec![0, 2_932_897])),
        refused(Date64Array::from(vec![0, 86_400_001])),
    ] {
        assert!(matches!(error, Unstorable::Value { row: 1, .. }), "{error:?}");
    }
}

#[test]
fn times_have_the_digits_that_they_need() {
    assert_eq!(shown(Time32SecondArray::from(vec![0, 86_399])), ["'00:00:00'", "'23:59:59'"]);
    assert_eq!(shown(Time32MillisecondArray::from(vec![1])), ["'00:00:00.001000'"]);
    assert_eq!(shown(Time64MicrosecondArray::from(vec![3_600_000_001])), ["'01:00:00.000001'"]);
    let nanoseconds = shown(Time64NanosecondArray::from(vec![1, 2_000]));
    assert_eq!(nanoseconds, ["'00:00:00.000000001'", "'00:00:00.000002'"]);
    assert!(matches!(refused(Time32SecondArray::from(vec![86_400])), Unstorable::Value { .. }));
}

#[test]
fn moments_are_texts_with_the_offset_of_their_zone() {
    let nanoseconds = TimestampNanosecondArray::from(vec![Some(-1), None, Some(1_500_000_000)]);
    let expected = ["'1969-12-31 23:59:59.999999999'", "NULL", "'1970-01-01 00:00:01.500000'"];
    assert_eq!(shown(nanoseconds), expected);
    for (zone, expected) in [
        ("UTC", "'1970-01-01 00:00:00+00:00'"),
        ("+05:30", "'1970-01-01 05:30:00+05:30'"),
        ("-0130", "'1969-12-31 22:30:00-01:30'"),
        ("+14", "'1970-01-01 14:00:00+14:00'"),
        ("Europe/Berlin", "'1970-01-01 00:00:00+00:00'"),
    ] {
        let array = TimestampSecondArray::from(vec![0]).with_timezone(zone);
        assert_eq!(shown(array), [expected], "{zone}");
    }
    assert_eq!(shown(TimestampMillisecondArray::from(vec![1])), ["'1970-01-01 00:00:00.001000'"]);
    let last = TimestampMicrosecondArray::from(vec![253_402_300_799_999_999]);
    assert_eq!(shown(last), ["'9999-12-31 23:59:59.999999'"]);
    for value in [i64::MAX, i64::MIN, 253_402_300_800] {
        let error = refused(TimestampSecondArray::from(vec![Some(0), None, Some(value)]));
        assert!(matches!(error, Unstorable::Value { row: 2, .. }), "{error:?}");
    }
}

#[test]
fn decimals_are_their_digits() {
    let decimals = Decimal128Array::from(vec![Some(-5), None, Some(12_345)]);
    let decimals = decimals.with_precision_and_scale(38, 2).unwrap();
    assert_eq!(shown(decimals), ["'-0.05'", "NULL", "'123.45'"]);
    let wide = Decimal256Array::from(vec![i256::from_i128(i128::MAX)]);
    let wide = wide.with_precision_and_scale(76, 0).unwrap();
    assert_eq!(shown(wide), [format!("'{}'", i128::MAX)]);
}

#[test]
fn what_is_looked_up_in_a_dictionary_is_stored() {
    let mut builder = StringDictionaryBuilder::<Int8Type>::new();
    for text in [Some("b"), None, Some("a"), Some("b")] {
        builder.append_option(text);
    }
    assert_eq!(shown(builder.finish()), ["'b'", "NULL", "'a'", "'b'"]);
    let nothing = DictionaryArray::<Int8Type>::new(
        Int8Array::from(vec![None, None]),
        Arc::new(StringArray::from(Vec::<&str>::new())),
    );
    assert_eq!(shown(nothing), ["NULL", "NULL"]);
    let days = DictionaryArray::<Int8Type>::new(
        Int8Array::from(vec![0, 1]),
        Arc::new(Date32Array::from(vec![1, i32::MAX])),
    );
    assert!(matches!(refused(days), Unstorable::Value { row: 1, .. }));
}

#[test]
fn what_nothing_stores_is_told_by_its_type() {
    let item = Field::new_list_field(DataType::Int64, true);
    let list = ListArray::new_null(Arc::new(item), 1);
    assert!(matches!(refused(list), Unstorable::Type(DataType::List(_))));
    let duration = DurationSecondArray::from(vec![1]);
    assert!(matches!(refused(duration), Unstorable::Type(DataType::Duration(_))));
    assert_eq!(declared_for(&DataType::Duration(TimeUnit::Second)), None);
}

proptest! {
    #[test]
    fn a_slice_is_part_of_the_whole(
        values in prop::collection::vec(prop::option::of(any::<i64>()), 0..40),
        start in 0..40_usize,
        length in 0..40_usize,
    ) {
        let start = start.min(values.len());
        let length = length.min(values.len() - start);
        let array: ArrayRef = Arc::new(Int64Array::from(values.clone()));
        let stored = Stored::of(&array.slice(start, length)).unwrap();
        prop_assert_eq!(stored.len(), length);
        for row in 0..length {
            let expected = values[start + row].map_or(Value::Null, Value::Integer);
            prop_assert_eq!(stored.value(row), expected);
        }
    }
}
