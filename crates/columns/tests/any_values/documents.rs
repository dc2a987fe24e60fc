//! Rows as JSON, read again.

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use onecross_columns::{Blobs, JsonRows, Kind, Reason, Zone};
use onecross_json::{Growing, Writer};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::check::{Read, check_misfit};
use super::wanted::Wanted;

const NAMES: [&str; 4] = ["a", "quo\"te\\", "\u{e9}\u{1f600}", "line\nbreak\0"];

/// Checks both layouts of all batches, with and without bytes.
pub(crate) fn check(read: &Read, columns: usize) {
    for blobs in [Blobs::Refused, Blobs::Base64] {
        let rows = JsonRows::new(NAMES[..columns].iter().copied(), blobs);
        for batch in &read.batches {
            let wanted = &read.rows[batch.first_row..][..batch.rows];
            let misfit = first_misfit(wanted, blobs);
            let (mut list, mut lines) = (writer(), writer());
            list.begin_list();
            let written = rows.items(batch, &mut list);
            assert_eq!(written, rows.lines(batch, &mut lines));
            match (written, misfit) {
                (Ok(()), None) => {
                    list.end_list();
                    check_list(&text(list), wanted);
                    let lines = text(lines);
                    assert_eq!(lines.matches('\n').count(), batch.rows);
                    let lines: Vec<&str> = lines.lines().collect();
                    check_list(&format!("[{}]", lines.join(",")), wanted);
                }
                (Err(misfit), Some((row, column, reason))) => {
                    check_misfit(&misfit, batch.first_row + row, column, reason);
                }
                (written, misfit) => panic!("{written:?} where {misfit:?} was wanted"),
            }
        }
    }
}

fn first_misfit(rows: &[Vec<Wanted>], blobs: Blobs) -> Option<(usize, usize, Reason)> {
    let reason = |wanted: &Wanted| match wanted {
        Wanted::Real(real) if !real.is_finite() => Some(Reason::NotFinite),
        Wanted::Blob(_) if blobs == Blobs::Refused => Some(Reason::Bytes),
        Wanted::Text(Kind::Json, text) if serde_json::from_slice::<IgnoredAny>(text).is_err() => {
            Some(Reason::NoJson)
        }
        _ => None,
    };
    rows.iter().enumerate().find_map(|(row, values)| {
        let mut found = values.iter().map(reason).enumerate();
        found.find_map(|(column, reason)| reason.map(|reason| (row, column, reason)))
    })
}

fn writer() -> Writer<Growing> {
    Writer::new(Growing::with_capacity(0))
}

fn text(writer: Writer<Growing>) -> String {
    let written = writer.finish_into(|size| Ok::<_, ()>(Growing::with_capacity(size)));
    let bytes = written.expect("nothing fails").into_vec();
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

fn check_list(text: &str, wanted: &[Vec<Wanted>]) {
    let is_wild = |wanted: &Wanted| match wanted {
        Wanted::Text(Kind::Json, text) => serde_json::from_slice::<Value>(text).is_err(),
        _ => false,
    };
    if wanted.iter().flatten().any(is_wild) {
        // It is JSON, and of no value that Rust has a type for.
        return assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    }
    let found: Vec<serde_json::Map<String, Value>> = serde_json::from_str(text).expect(text);
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert_eq!(found.len(), wanted.len());
        for (name, wanted) in NAMES.iter().zip(wanted) {
            check_value(&found[*name], wanted);
        }
    }
}

fn check_value(found: &Value, wanted: &Wanted) {
    let text = || found.as_str().unwrap_or_else(|| panic!("{found} is no text"));
    match wanted {
        Wanted::Null => assert!(found.is_null()),
        Wanted::Integer(it) => assert_eq!(found.as_i64(), Some(*it)),
        Wanted::Real(it) => {
            assert!(found.is_f64());
            assert_eq!(found.as_f64().map(f64::to_bits), Some(it.to_bits()));
        }
        Wanted::Text(Kind::Json, it) => {
            assert_eq!(Some(found), serde_json::from_slice(it).ok().as_ref());
        }
        Wanted::Text(_, it) => assert_eq!(text().as_bytes(), it),
        Wanted::Spelled(..) => unreachable!("its text is known by now"),
        Wanted::Blob(it) => assert_eq!(BASE64_STANDARD.decode(text()).as_ref(), Ok(it)),
        Wanted::Boolean(it) => assert_eq!(found.as_bool(), Some(*it)),
        Wanted::Date(it) => {
            let day = NaiveDate::parse_from_str(text(), "%Y-%m-%d").expect("this is a day");
            let days = day.signed_duration_since(NaiveDate::default()).num_days();
            assert_eq!((days, text().len()), (i64::from(*it), 10));
        }
        Wanted::Timestamp(it, Zone::Offset(offset)) => {
            let moment = DateTime::parse_from_rfc3339(text()).expect("this is a moment");
            let found = (moment.timestamp_micros(), moment.offset().local_minus_utc());
            assert_eq!(found, (*it, *offset));
        }
        Wanted::Timestamp(it, _) => {
            let moment = NaiveDateTime::parse_from_str(text(), "%Y-%m-%dT%H:%M:%S%.f");
            let moment = moment.expect("this is a moment");
            assert_eq!(moment.and_utc().timestamp_micros(), *it);
        }
    }
}
