//! The bytes of a fuzzer, to choose with, by whoever is called back, too.

use std::sync::{Arc, Mutex};

use onecross_sqlite::Value;

/// The bytes that are left.
#[derive(Clone)]
pub struct Choices(Arc<Mutex<Vec<u8>>>);

impl Choices {
    pub fn new(bytes: &[u8]) -> Self {
        Self(Arc::new(Mutex::new(bytes.iter().rev().copied().collect())))
    }

    /// The next byte; `None` at the end.
    pub fn next(&self) -> Option<u8> {
        self.0.lock().unwrap().pop()
    }

    /// One of so many, the first at the end.
    pub fn one_of(&self, count: usize) -> usize {
        usize::from(self.next().unwrap_or(0)) % count.max(1)
    }

    pub fn some(&self) -> Vec<u8> {
        let count = usize::from(self.next().unwrap_or(0));
        (0..count).map_while(|_| self.next()).collect()
    }
}

/// Reads all bytes of a value.
pub fn touch(value: Option<Value<'_>>) {
    if let Some(Value::Text(bytes) | Value::Blob(bytes)) = value {
        std::hint::black_box(bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)));
    }
}
