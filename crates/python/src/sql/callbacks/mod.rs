//! What SQLite calls back in Python: functions, collations, authorizer, handlers and hooks.

mod aggregate;
mod authorizer;
mod callable;
mod collation;
mod function;
mod hooks;
mod progress;
mod report;
mod trace;
mod values;

pub(super) use callable::Callables;
pub(super) use progress::Progress;
pub(crate) use report::enable_callback_tracebacks;
