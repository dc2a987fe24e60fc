//! The rules of execution, told with a host, a schema and documents of the tests' own.

mod agreement;
mod arbitrary;
mod budget;
mod comparison;
mod depth;
mod explain;
mod failures;
mod fragments;
mod host;
mod inclusion;
mod merging;
mod nesting;
mod nulls;
mod pending;
mod plans;
mod pulses;
mod reference;
mod schemas;
mod serial;
mod spelling;
mod types;
