//! The first rows as a table, as notebooks show it.

use std::fmt::Write;

use onecross_columns::{Batch, Cell, date_text, timestamp_text};
use pyo3::prelude::*;

use super::reading::Reading;

/// How many rows are shown.
const SHOWN: usize = 10;

/// The first of the rows that are left, none of which is taken.
pub(super) fn table(py: Python<'_>, reading: &mut Reading) -> PyResult<String> {
    let mut html = String::from("<table><thead><tr>");
    for name in &reading.header(py)?.texts {
        element(&mut html, "th", name);
    }
    html.push_str("</tr></thead><tbody>");
    let mut left = 0;
    if let Some((batch, next)) = reading.peek(py)? {
        let end = batch.rows.min(next + SHOWN);
        (next..end).for_each(|row| line(&mut html, batch, row));
        left = batch.rows - end;
    }
    html.push_str("</tbody></table>");
    if left > 0 || reading.is_unfinished() {
        html.push_str("<p>…</p>");
    }
    Ok(html)
}

fn line(html: &mut String, batch: &Batch, row: usize) {
    html.push_str("<tr>");
    for column in &batch.columns {
        let text = match column.cell(row) {
            cell @ (Cell::Null | Cell::Integer(_) | Cell::Real(_)) => cell.to_string(),
            Cell::Text(text) | Cell::Decimal(text) | Cell::Json(text) => text.to_owned(),
            Cell::Blob(bytes) => format!("{} bytes", bytes.len()),
            Cell::Boolean(value) => value.to_string(),
            Cell::Date(days) => date_text(days),
            Cell::Timestamp(micros, zone) => timestamp_text(micros, zone, ' '),
        };
        element(html, "td", &text);
    }
    html.push_str("</tr>");
}

fn element(html: &mut String, name: &str, text: &str) {
    let written = write!(html, "<{name}>");
    debug_assert!(written.is_ok());
    for character in text.chars() {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            other => html.push(other),
        }
    }
    html.push_str(&format!("</{name}>"));
}
