//! The GraphQL face: thin bindings over `onecross-graphql`, one file per part.

mod answer;
mod arguments;
mod carry_out;
mod class_value;
mod classes;
mod custom;
mod description;
mod element;
mod engine;
mod executor;
mod field;
mod handles;
mod host;
mod info;
mod later;
mod leaf;
mod lookup;
mod mappings;
mod method;
mod nodes;
mod premise;
mod prepared;
mod reader;
mod request;
mod resolution;
mod result;
mod rows;
mod running;
mod runtime;
mod scope;
mod serve;
mod syntax;
mod turns;

pub(crate) use engine::GraphQLEngine;
pub(crate) use executor::PreparedOperation;
pub(crate) use result::JsonResult;
