//! Text in pieces: names, numbers and marks, for the notations the tests are written in.

/// The pieces of a text that are still to be read.
pub(crate) struct Tokens(Vec<String>);

impl Tokens {
    pub(crate) fn of(text: &str) -> Self {
        let is_word = |character: char| character.is_alphanumeric() || "_-'".contains(character);
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let len = match first {
                _ if rest.starts_with("...") => 3,
                first if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                first => first.len_utf8(),
            };
            tokens.push(rest[..len].to_owned());
            rest = rest[len..].trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        }
        tokens.reverse();
        Self(tokens)
    }

    pub(crate) fn next(&mut self) -> String {
        self.0.pop().expect("the text goes on")
    }

    pub(crate) fn is_next(&self, token: &str) -> bool {
        self.0.last().is_some_and(|next| next == token)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next token if it is that one.
    pub(crate) fn take(&mut self, token: &str) -> bool {
        let taken = self.is_next(token);
        if taken {
            self.0.pop();
        }
        taken
    }

    pub(crate) fn expect(&mut self, token: &str) {
        let next = self.next();
        assert_eq!(next, token);
    }
}
