//! The GraphQL face: thin bindings over `onecross-graphql`, one file per part.

mod answer;
mod arguments;
mod description;
mod engine;
mod field;
mod handles;
mod host;
mod info;
mod leaf;
mod mappings;
mod prepared;
mod request;
mod result;
mod runtime;
mod serve;
mod syntax;

pub(crate) use engine::GraphQLEngine;
pub(crate) use result::JsonResult;
