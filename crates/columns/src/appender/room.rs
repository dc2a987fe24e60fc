//! Memory that may not be there.

use crate::misfit::{Misfit, Reason};
use crate::value::Value;

/// The values, with room for so many more.
///
/// # Errors
///
/// There is none.
#[inline(always)]
pub(super) fn with_room<T>(values: &mut Vec<T>, more: usize) -> Result<&mut Vec<T>, Box<Misfit>> {
    if values.capacity() - values.len() < more {
        grow(values, more)?;
    }
    Ok(values)
}

#[cold]
fn grow<T>(values: &mut Vec<T>, more: usize) -> Result<(), Box<Misfit>> {
    let no_memory = |_| Box::new(Misfit::new(&Value::Null, Reason::NoMemory));
    values.try_reserve(more).map_err(no_memory)
}
