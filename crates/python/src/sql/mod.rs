//! SQL over SQLite: what Python sees of connections, cursors and rows.

mod adaptation;
mod cache;
mod columns;
mod connection;
mod convert;
mod cursor;
mod errors;
mod execute;
mod fetch;
mod keyword;
mod module;
mod opening;
mod owner;
mod parameters;
mod prepared;
mod rules;
mod session;
mod transaction;
mod watch;

pub(crate) use adaptation::PrepareProtocol;
pub(crate) use connection::Connection;
pub(crate) use cursor::Cursor;
pub(crate) use module::{adapt, initialise, register_adapter, register_converter};
pub(crate) use rules::Rules;
