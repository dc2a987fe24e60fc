//! A column of values of any type, appended one by one.

use onecross_columns::Value;

/// Values of any type. What is appended is copied, and the room for it kept for what comes next.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    cells: Vec<Cell>,
    bytes: Vec<u8>,
}

/// Texts and blobs lie from one byte to another.
#[derive(Clone, Copy, Debug)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(usize, usize),
    Blob(usize, usize),
}

/// What the values of a column are that is made for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// INTEGER.
    Integer,
    /// REAL.
    Real,
    /// TEXT.
    Text,
    /// BLOB.
    Blob,
    /// TEXT that begins with a year and a hyphen, of which SQLite makes no number.
    Day,
}

impl Kind {
    /// The kind of values for which a column has that type; `None` where it has any.
    pub fn of_declared(declared: &str) -> Option<Self> {
        Some(match declared {
            "INTEGER" | "BOOLEAN" => Self::Integer,
            "REAL" => Self::Real,
            "TEXT" | "DECIMAL TEXT" => Self::Text,
            "BLOB" => Self::Blob,
            "DATE" | "TIMESTAMP" => Self::Day,
            _ => return None,
        })
    }
}

impl Cells {
    /// Forgets all values, and keeps the room that they had.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.bytes.clear();
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many bytes of texts and blobs there are.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: Value<'_>) {
        let cell = match value {
            Value::Null => Cell::Null,
            Value::Integer(value) => Cell::Integer(value),
            Value::Real(value) => Cell::Real(value),
            Value::Text(text) => return self.push_text(|bytes| bytes.extend_from_slice(text)),
            Value::Blob(blob) => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(blob);
                Cell::Blob(start, self.bytes.len())
            }
        };
        self.cells.push(cell);
    }

    /// Appends a text that is written behind the bytes that there are.
    #[inline]
    pub fn push_text(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        self.cells.push(Cell::Text(start, self.bytes.len()));
    }

    /// The value of a row.
    ///
    /// # Panics
    ///
    /// There is no such row.
    #[inline]
    pub fn value(&self, row: usize) -> Value<'_> {
        match self.cells[row] {
            Cell::Null => Value::Null,
            Cell::Integer(value) => Value::Integer(value),
            Cell::Real(value) => Value::Real(value),
            Cell::Text(start, end) => Value::Text(&self.bytes[start..end]),
            Cell::Blob(start, end) => Value::Blob(&self.bytes[start..end]),
        }
    }

    /// The first value that a column would not keep as it is, or that is none of its kind.
    pub fn first_unlike(&self, kind: Kind) -> Option<usize> {
        self.cells.iter().position(|cell| match (cell, kind) {
            (Cell::Null, _)
            | (Cell::Integer(_), Kind::Integer)
            | (Cell::Real(_), Kind::Real)
            | (Cell::Text(..), Kind::Text)
            | (Cell::Blob(..), Kind::Blob) => false,
            // Not-a-number is stored as NULL.
            (Cell::Real(value), _) => !value.is_nan(),
            (Cell::Text(start, end), Kind::Day) => !is_of_a_year(&self.bytes[*start..*end]),
            _ => true,
        })
    }

    /// The type that CREATE TABLE would have for a column of these values: one that leaves each of
    /// them as it is.
    pub fn declared(&self) -> &'static str {
        let mut known = "";
        for cell in &self.cells {
            known = match (cell, known) {
                (Cell::Null, known) => known,
                (Cell::Integer(_), "" | "INTEGER") => "INTEGER",
                (Cell::Real(_), "" | "REAL") => "REAL",
                (Cell::Text(..), "" | "TEXT") => "TEXT",
                (Cell::Blob(..), "" | "BLOB") => "BLOB",
                _ => return "",
            };
        }
        known
    }
}

fn is_of_a_year(text: &[u8]) -> bool {
    matches!(text, [a, b, c, d, b'-', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()))
}
