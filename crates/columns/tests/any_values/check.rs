//! Puts a table through columns, and compares all that comes out with what is wanted.

use std::ops::Range;

use onecross_columns::{Batch, Batcher, Column, Limits, Misfit, Reason, Value};

use super::arrays;
use super::documents;
use super::table::Table;
use super::wanted::{Wanted, wanted};

/// Batches, and what is wanted in each of the rows that they hold.
pub(crate) struct Read {
    pub(crate) batches: Vec<Batch>,
    pub(crate) rows: Vec<Vec<Wanted>>,
}

/// Checks a table in each form; the choices tell where it is cut.
pub(crate) fn check(table: &Table, choices: &[u8]) {
    let read = read(table);
    let choice = |place: usize| usize::from(choices.get(place).copied().unwrap_or(7));
    for (number, batch) in read.batches.iter().enumerate() {
        let first = choice(number) % (batch.rows + 1);
        let rows = choice(number + 1) % (batch.rows - first + 1);
        let part = batch.slice(first, rows);
        assert_eq!(part.first_row, batch.first_row + first);
        check_cells(&part, &mut read.rows[part.first_row..][..rows].to_vec());
        let again = part.slice(rows / 2, rows - rows / 2);
        check_cells(&again, &mut read.rows[again.first_row..][..again.rows].to_vec());
        check_alone(&part, table);
        check_alone(&again, table);
    }
    let known = choice(0) % (read.batches.len() + 1);
    arrays::check(&table.rules, &read, 0..read.batches.len());
    arrays::check(&table.rules, &read, 0..known);
    documents::check(&read, table.rules.len());
    // The same of batches that were cut.
    let cut = read.batches.iter().map(|batch| batch.slice(choice(2) % batch.rows, 1));
    let read = Read { batches: cut.collect(), rows: read.rows.clone() };
    arrays::check_cut(&table.rules, &read);
    documents::check(&read, table.rules.len());
}

fn read(table: &Table) -> Read {
    let limits = |batch: usize| table.limits[batch % table.limits.len()];
    let of = |(rows, bytes)| Limits::new(rows, bytes);
    let mut batcher = Batcher::new(table.rules.clone(), of(limits(0)));
    let mut read = Read { batches: Vec::new(), rows: Vec::new() };
    let (mut begun, mut bytes) = (0, 0..=0);
    for (number, row) in table.rows.iter().enumerate() {
        let mut made = Vec::new();
        for (column, stored) in row.iter().enumerate() {
            let wanted = wanted(table.rules[column], stored);
            match (batcher.push(column, stored.lent()), wanted) {
                (Ok(()), Ok(wanted)) => {
                    let (least, most) = match (stored.lent(), &wanted) {
                        (Value::Text(it) | Value::Blob(it), _) => (it.len(), it.len()),
                        (_, Wanted::Text(_, text)) => (text.len(), 0),
                        (_, Wanted::Spelled(..)) => ("1.5".len(), 0),
                        _ => (0, 0),
                    };
                    bytes = bytes.start() + least..=bytes.end() + most;
                    made.push(wanted);
                }
                (Err(misfit), Err(reason)) => {
                    check_misfit(&misfit, number, column, reason);
                    return read;
                }
                (pushed, wanted) => panic!("{pushed:?} of {stored:?} is not {wanted:?}"),
            }
        }
        read.rows.push(made);
        // A number that may become text is counted without writing it.
        let (most_rows, most_bytes) = limits(read.batches.len());
        bytes = *bytes.start()..=bytes.end() + 24 * row.len();
        let is_full = batcher.end_row();
        let rows = number + 1 - begun;
        assert!(is_full || rows < most_rows && *bytes.start() < most_bytes);
        assert!(!is_full || rows >= most_rows || *bytes.end() >= most_bytes);
        if is_full {
            if !take(&mut batcher, begun..number + 1, &mut read) {
                return read;
            }
            (begun, bytes) = (number + 1, 0..=0);
            batcher.set_limits(of(limits(read.batches.len())));
        }
    }
    if begun < table.rows.len() {
        take(&mut batcher, begun..table.rows.len(), &mut read);
    }
    read
}

/// Takes a batch; tells whether there may be more.
fn take(batcher: &mut Batcher, rows: Range<usize>, read: &mut Read) -> bool {
    let is_broken = |row: &usize| read.rows[*row].iter().any(Wanted::is_no_text);
    let broken = rows.clone().find(is_broken);
    let (batch, misfit) = batcher.take();
    let rows = rows.start..broken.unwrap_or(rows.end);
    assert_eq!((batch.first_row, batch.rows), (rows.start, rows.len()));
    check_cells(&batch, &mut read.rows[rows]);
    if batch.rows > 0 {
        read.batches.push(batch);
    }
    match (misfit, broken) {
        (None, None) => true,
        (Some(misfit), Some(row)) => {
            let column = read.rows[row].iter().position(Wanted::is_no_text);
            check_misfit(&misfit, row, column.unwrap_or_default(), Reason::NoText);
            false
        }
        (misfit, broken) => panic!("{misfit:?} where {broken:?} is no text"),
    }
}

/// Checks that the columns of rows are what they were if there were no others.
fn check_alone(part: &Batch, table: &Table) {
    let mut batcher = Batcher::new(table.rules.clone(), Limits::none());
    for row in &table.rows[part.first_row..][..part.rows] {
        for (column, stored) in row.iter().enumerate() {
            batcher.push(column, stored.lent()).expect("there was room for it before");
        }
        batcher.end_row();
    }
    let (alone, misfit) = batcher.take();
    assert_eq!(misfit, None);
    for (one, other) in part.columns.iter().zip(&alone.columns) {
        assert_eq!(std::mem::discriminant(one), std::mem::discriminant(other));
        if let (Column::Timestamp(_, one), Column::Timestamp(_, other)) = (one, other) {
            assert_eq!(one, other);
        }
    }
}

fn check_cells(batch: &Batch, wanted: &mut [Vec<Wanted>]) {
    assert_eq!(batch.rows, wanted.len());
    assert!(batch.columns.iter().all(|column| column.len() == batch.rows));
    for (row, wanted) in wanted.iter_mut().enumerate() {
        for (column, wanted) in wanted.iter_mut().enumerate() {
            wanted.check(batch.columns[column].cell(row));
        }
    }
}

pub(crate) fn check_misfit(misfit: &Misfit, row: usize, column: usize, reason: Reason) {
    assert_eq!((misfit.row, misfit.column, misfit.reason), (row, column, reason), "{misfit}");
    assert!(misfit.to_string().contains(&misfit.value) && !misfit.value.is_empty());
}
