//! The first word of a statement, by which transactions are begun and ended.

/// What a statement does to rows and transactions, as far as its first word tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    /// INSERT, REPLACE.
    Insert,
    /// UPDATE, DELETE.
    Change,
    /// WITH: what follows it may select or change.
    With,
    /// SELECT, VALUES.
    Select,
    /// COMMIT, END.
    Commit,
    /// SAVEPOINT, which begins a transaction where there is none.
    Savepoint,
    /// RELEASE, ROLLBACK.
    Ending,
    /// BEGIN, and what cannot run within a transaction or should not begin one: PRAGMA, ATTACH,
    /// DETACH, VACUUM, EXPLAIN.
    Control,
    /// Everything else.
    Other,
}

impl Keyword {
    /// Reads the first word behind blanks and comments; in the strict face, behind all that SQLite
    /// passes over, and Python's `sqlite3` does not.
    pub(super) fn of(text: &[u8], is_strict: bool) -> Self {
        let word = first_word(if is_strict { skip_empty_statements(text) } else { text });
        let is =
            |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
        if is(&["INSERT", "REPLACE"]) {
            Self::Insert
        } else if is(&["UPDATE", "DELETE"]) {
            Self::Change
        } else if is(&["WITH"]) {
            Self::With
        } else if is(&["SELECT", "VALUES"]) {
            Self::Select
        } else if is(&["SAVEPOINT"]) {
            Self::Savepoint
        } else if is(&["COMMIT", "END"]) {
            Self::Commit
        } else if is(&["RELEASE", "ROLLBACK"]) {
            Self::Ending
        } else if is(&["BEGIN", "PRAGMA", "ATTACH", "DETACH", "VACUUM", "EXPLAIN"]) {
            Self::Control
        } else {
            Self::Other
        }
    }
}

/// Whether there is nothing in the text but blanks and comments.
pub(super) fn is_blank(text: &[u8]) -> bool {
    skip_blanks(text).is_empty()
}

fn first_word(text: &[u8]) -> &[u8] {
    let text = skip_blanks(text);
    let length = text.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(text.len());
    &text[..length]
}

fn skip_empty_statements(mut text: &[u8]) -> &[u8] {
    loop {
        text = match skip_blanks(text) {
            [b';' | b'\x0b', rest @ ..] | [0xef, 0xbb, 0xbf, rest @ ..] => rest,
            text => return text,
        }
    }
}

fn skip_blanks(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', rest @ ..] => rest,
            [b'-', b'-', rest @ ..] => {
                let end = rest.iter().position(|byte| *byte == b'\n');
                end.map_or(&[][..], |end| &rest[end + 1..])
            }
            [b'/', b'*', rest @ ..] => {
                let end = rest.windows(2).position(|pair| pair == b"*/");
                end.map_or(&[][..], |end| &rest[end + 2..])
            }
            _ => return text,
        }
    }
}
