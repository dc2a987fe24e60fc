//! SQL over SQLite: what Python sees of connections, cursors and rows.

mod adaptation;
mod allowance;
mod atomic;
mod backup;
mod blob;
mod blocks;
mod cache;
mod callbacks;
mod checked_statement;
mod columns;
mod columns_many;
mod connection;
mod constants;
mod convert;
mod cursor;
mod direct_methods;
mod ending;
mod entered;
mod errors;
mod execute;
mod extension;
mod fetch;
mod given;
mod image;
mod inline;
mod intake;
mod job;
mod keyword;
mod limit;
mod load;
mod module;
mod name;
mod opening;
mod owner;
mod parameters;
mod place;
mod prepared;
mod query;
mod query_ahead;
mod read_ahead;
mod refusal;
mod row;
mod rules;
mod session;
mod sessions;
mod statement;
mod strict_adaptation;
mod strict_cursor;
mod switch;
mod template;
mod transaction;
mod waiting;
mod watch;

pub(crate) use adaptation::PrepareProtocol;
pub(crate) use blob::Blob;
pub(crate) use callbacks::enable_callback_tracebacks;
pub(crate) use checked_statement::CheckedStatement;
pub(crate) use connection::Connection;
pub(crate) use cursor::Cursor;
pub(crate) use inline::execute_inline;
pub(crate) use intake::Intake;
pub(crate) use job::{begin_job, is_free, stop_job};
pub(crate) use load::{load_rows, register_table, unregister_table};
pub(crate) use module::{
    adapt, complete_statement, enable_shared_cache, initialise, register_adapter,
    register_converter,
};
pub(crate) use query_ahead::{
    AwaitedQuery, coming_rows, is_query_at_hand, is_query_read, read_query_ahead, remaining_rows,
};
pub(crate) use read_ahead::{
    AwaitedRows, count_waiting_rows, read_rows_ahead, take_row, take_rows,
};
pub(crate) use row::Row;
pub(crate) use rules::Rules;
pub(crate) use sessions::open_databases;
pub(crate) use statement::Statement;
