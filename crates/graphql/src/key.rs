//! A name that goes into every response: escaped once, with room for the host's own form of it.

use std::sync::{Arc, OnceLock};

use onecross_json::Encoded;

/// A response key or a type name, ready for every sink.
#[derive(Debug)]
pub struct Key<Name> {
    /// Shared with the paths that lead through it.
    text: Arc<str>,
    encoded: Encoded,
    handle: OnceLock<Name>,
}

impl<Name> Key<Name> {
    /// A key of an object.
    pub fn response(text: &str) -> Self {
        Self { text: text.into(), encoded: Encoded::key(text), handle: OnceLock::new() }
    }

    /// A text that is a value.
    pub fn constant(text: &str) -> Self {
        Self { text: text.into(), encoded: Encoded::text(text), handle: OnceLock::new() }
    }

    /// The name itself.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name itself, to be kept.
    pub(crate) fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The name as JSON.
    #[inline]
    pub fn encoded(&self) -> &Encoded {
        &self.encoded
    }

    /// The host's form of the name, made on first use.
    pub fn handle(&self, make: impl FnOnce(&str) -> Name) -> &Name {
        self.handle.get_or_init(|| make(&self.text))
    }
}
