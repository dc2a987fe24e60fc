//! Rust to Python: plain dicts and lists.

mod dicts;

pub(crate) use dicts::Dicts;
