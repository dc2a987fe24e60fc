//! Where in the text of a statement an error is, for people: the line, and a mark below it.

use std::fmt;

/// How many characters of a line are shown on either side of the place.
const CONTEXT: usize = 60;

/// A place in the text of a statement.
pub(super) struct Place {
    /// The characters before it.
    pub(super) offset: usize,
    /// Both counted from 1.
    line: usize,
    column: usize,
    shown: String,
    mark: String,
}

impl Place {
    /// The place at so many bytes of the text.
    pub(super) fn at(text: &[u8], bytes: usize) -> Self {
        let (before, after) = text.split_at(bytes.min(text.len()));
        let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before[start..].chars().count();
        let cut = column.saturating_sub(CONTEXT);
        let left: String = before[start..].chars().skip(cut).collect();
        let right = after.lines().next().unwrap_or_default().chars().take(CONTEXT);
        let (dots, blanks) = if cut > 0 { ("...", "   ") } else { ("", "") };
        let blank = |character| if character == '\t' { '\t' } else { ' ' };
        Self {
            offset: before.chars().count(),
            line: before.matches('\n').count() + 1,
            column: column + 1,
            mark: format!("{blanks}{}^", left.chars().map(blank).collect::<String>()),
            shown: format!("{dots}{left}{}", right.collect::<String>()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, shown, mark, .. } = self;
        write!(formatter, "line {line}, column {column}:\n    {shown}\n    {mark}")
    }
}
