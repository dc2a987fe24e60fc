//! The types that columns have names for, and what is asked of a column.

/// A type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Integers of 64 bits.
    Integer,
    /// Floats of 64 bits.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
    /// True and false, stored as 1 and 0.
    Boolean,
    /// Days, stored as `2026-11-22`.
    Date,
    /// Days with a time of day, stored as `2026-11-22 18:30:00`, perhaps with an offset from UTC.
    Timestamp,
    /// Decimal numbers, stored as their digits.
    Decimal,
    /// JSON, stored as text.
    Json,
}

/// What is asked of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The type is what the values have; where all are NULL it is this one, if there is one.
    Infer(Option<Kind>),
    /// All values are of this type, or become so.
    Exactly(Kind),
    /// Values may be of several types, in each form that has room for such a column.
    Any,
}

impl Kind {
    /// The name of the type in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
            Self::Decimal => "DECIMAL",
            Self::Json => "JSON",
        }
    }

    /// The type that a column was declared with: by its first word, or else by what SQLite itself
    /// looks for in a declaration (<https://sqlite.org/datatype3.html>, section 3.1).
    pub fn declared(declaration: &str) -> Option<Self> {
        let declaration = declaration.trim().to_ascii_uppercase();
        let end = declaration.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let by_word = match &declaration[..end.unwrap_or(declaration.len())] {
            "BOOL" | "BOOLEAN" => Some(Self::Boolean),
            "DATE" => Some(Self::Date),
            "DATETIME" | "TIMESTAMP" | "TIMESTAMPTZ" => Some(Self::Timestamp),
            "DECIMAL" => Some(Self::Decimal),
            "JSON" => Some(Self::Json),
            _ => None,
        };
        let has = |part: &str| declaration.contains(part);
        by_word.or_else(|| {
            if has("INT") {
                Some(Self::Integer)
            } else if has("CHAR") || has("CLOB") || has("TEXT") {
                Some(Self::Text)
            } else if has("BLOB") {
                Some(Self::Blob)
            } else if has("REAL") || has("FLOA") || has("DOUB") {
                Some(Self::Real)
            } else {
                None
            }
        })
    }

    /// Whether it is one of the types that SQLite stores; the others are stored as one of them.
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Integer | Self::Real | Self::Text | Self::Blob)
    }
}

impl Rule {
    /// What is asked of a column that was declared so. A value of a type that SQLite stores may
    /// stand in any column, whatever it was declared; what a type of ours means is asked for.
    pub fn declared(declaration: &str) -> Self {
        match Kind::declared(declaration) {
            Some(kind) if !kind.is_stored() => Self::Exactly(kind),
            kind => Self::Infer(kind),
        }
    }

    /// What a user asks for by a name, in whatever case: that of a type, or ANY.
    pub fn named(name: &str) -> Option<Self> {
        Some(Self::Exactly(match name.to_ascii_uppercase().as_str() {
            "INTEGER" => Kind::Integer,
            "REAL" => Kind::Real,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Blob,
            "BOOLEAN" => Kind::Boolean,
            "DATE" => Kind::Date,
            "DATETIME" | "TIMESTAMP" => Kind::Timestamp,
            "DECIMAL" => Kind::Decimal,
            "JSON" => Kind::Json,
            "ANY" => return Some(Self::Any),
            _ => return None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Rule};

    #[test]
    fn declarations_are_taken_by_their_first_word_or_as_sqlite_does() {
        for (declaration, kind) in [
            ("INTEGER", Some(Kind::Integer)),
            ("unsigned big int", Some(Kind::Integer)),
            ("varchar(20)", Some(Kind::Text)),
            ("double precision", Some(Kind::Real)),
            ("BLOB", Some(Kind::Blob)),
            ("bool", Some(Kind::Boolean)),
            ("DATE", Some(Kind::Date)),
            ("datetime", Some(Kind::Timestamp)),
            ("TIMESTAMP WITH TIME ZONE", Some(Kind::Timestamp)),
            ("DECIMAL(10, 2)", Some(Kind::Decimal)),
            ("decimal text", Some(Kind::Decimal)),
            ("JSON", Some(Kind::Json)),
            ("DATEINT", Some(Kind::Integer)),
            ("NUMERIC", None),
            ("", None),
        ] {
            assert_eq!(Kind::declared(declaration), kind, "{declaration}");
        }
    }

    #[test]
    fn only_types_of_ours_are_asked_for_by_a_declaration() {
        assert_eq!(Rule::declared("INTEGER"), Rule::Infer(Some(Kind::Integer)));
        assert_eq!(Rule::declared("DATE"), Rule::Exactly(Kind::Date));
        assert_eq!(Rule::declared("NUMERIC"), Rule::Infer(None));
        assert_eq!(Rule::named("integer"), Some(Rule::Exactly(Kind::Integer)));
        assert_eq!(Rule::named("Any"), Some(Rule::Any));
        for name in ["thing", "POINT", "INT", "VARCHAR(20)", " TEXT", ""] {
            assert_eq!(Rule::named(name), None, "{name}");
        }
    }
}
