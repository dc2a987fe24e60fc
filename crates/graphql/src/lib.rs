//! The rules of GraphQL execution: schema and document to plan, plan and values to response.
//!
//! Nothing here knows Python. A [`Host`](execute::Host) says what values are and how fields are
//! resolved, a [`Sink`](execute::Sink) says what a response is made of; both are resolved at
//! compile time, so a plan runs without an intermediate tree of values.
//!
//! Reference: the GraphQL specification, section 6 (Execution), as graphql-core 3.3 reads it.

#![forbid(unsafe_code)]

pub mod document;
pub mod execute;
pub mod plan;
pub mod schema;

mod key;

pub use key::Key;
