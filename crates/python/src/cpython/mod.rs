//! Every raw C-API call of onecross, behind safe types; nothing else in the crate is unsafe.
//!
//! What is borrowed from an object never lives across a call that may run Python code.

mod arrow_array;
mod arrow_import;
mod arrow_schema;
mod arrow_stream;
mod atoms;
mod attribute;
mod bound_statement;
mod bytes;
mod call;
mod collector;
mod column_buffer;
mod contiguous;
mod coroutine;
mod dict;
mod direct_method;
mod exchange;
mod growing;
mod held;
mod held_thread;
mod instance;
mod instance_attribute;
mod integer;
mod known_class;
mod layout;
mod list;
mod named_tuple;
mod number_buffer;
mod object_array;
mod parked;
mod plain;
mod plain_instance;
mod ready;
mod record;
mod row;
mod saved_thread;
mod sequences;
mod shared_bytes;
mod snapshot;
mod text;
mod types;

pub(crate) use arrow_import::{ImportedArrays, Unimported};
pub(crate) use atoms::{
    decoded, interned, memory_error, new_count, new_float, new_integer, new_text, text,
};
pub(crate) use attribute::{AttributeReader, Code, class_attribute};
pub(crate) use bound_statement::{BoundStatement, Unbound};
pub(crate) use bytes::BytesOutput;
pub(crate) use call::CallArguments;
pub(crate) use collector::without_collector;
pub(crate) use column_buffer::ColumnBuffer;
pub(crate) use contiguous::{shows_bytes, with_bytes, with_plain_bytes};
pub(crate) use coroutine::{Context, Sent, is_coroutine, send};
pub(crate) use dict::DictCursor;
pub(crate) use direct_method::{DirectMethod, add_direct_method, attach, let_go};
pub(crate) use exchange::exchange;
pub(crate) use growing::{Template, append, new_dict, new_list};
pub(crate) use held::Held;
pub(crate) use held_thread::HeldThread;
pub(crate) use instance::uninitialised;
pub(crate) use instance_attribute::InstanceAttribute;
pub(crate) use integer::{c_int, decimal_digits, index, is_index, small_integer};
pub(crate) use layout::{force_public_api, knows_layout};
pub(crate) use list::ListItems;
pub(crate) use named_tuple::{named_tuple, named_tuple_of, tuple_item, untrack_if_plain};
pub(crate) use number_buffer::NumberBuffer;
pub(crate) use object_array::fill_objects;
pub(crate) use parked::{Parked, UnfinishedDicts, UnfinishedJson};
pub(crate) use plain::{Plain, PlainShape, write_plain_items, write_plain_value};
pub(crate) use plain_instance::InstanceMaker;
pub(crate) use ready::ready;
pub(crate) use record::{hash_of, new_bytes, new_record};
pub(crate) use row::Row;
pub(crate) use saved_thread::{SavedThread, thread_number, with_interpreter};
pub(crate) use sequences::{is_sequence, list_of, list_to_tuple, tuple_of};
pub(crate) use shared_bytes::SharedBytes;
pub(crate) use snapshot::Snapshot;
pub(crate) use text::Text;
pub(crate) use types::{
    ClassTag, class_tag, generic_attribute, gets_as_dict, has_python_method, is_generator,
    is_main_interpreter, iterates_by_python, may_be_awaitable, may_be_exception, missing_attribute,
    optional_attribute,
};
