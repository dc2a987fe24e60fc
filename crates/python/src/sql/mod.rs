//! SQL over SQLite: what Python sees of connections, cursors and rows.

mod adaptation;
mod cache;
mod callbacks;
mod checked_statement;
mod columns;
mod connection;
mod convert;
mod cursor;
mod errors;
mod execute;
mod fetch;
mod given;
mod keyword;
mod module;
mod opening;
mod owner;
mod parameters;
mod prepared;
mod row;
mod rules;
mod session;

mod transaction;
mod watch;

pub(crate) use adaptation::PrepareProtocol;
pub(crate) use callbacks::enable_callback_tracebacks;
pub(crate) use checked_statement::CheckedStatement;
pub(crate) use connection::Connection;
pub(crate) use cursor::Cursor;
pub(crate) use module::{
    adapt, enable_shared_cache, initialise, register_adapter, register_converter,
};
pub(crate) use row::Row;
pub(crate) use rules::Rules;
