//! Coroutines of resolvers: begun at once, each under a task of its own, and left to that task where
//! they suspend themselves.
//!
//! A coroutine that returns without suspending costs neither a task nor a turn of the loop. What it
//! runs in is as in a task all the same: `asyncio.current_task()` is a real task from the first step
//! to the last, and context variables are its own.

mod stepper;
mod suspended;

pub(crate) use stepper::{Stepped, Stepper, Stepping};
pub(crate) use suspended::Suspended;
