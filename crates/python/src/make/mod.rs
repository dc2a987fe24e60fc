//! Rust to Python: plain dicts and lists.

mod dicts;
mod places;
mod templates;

pub(crate) use dicts::Dicts;
