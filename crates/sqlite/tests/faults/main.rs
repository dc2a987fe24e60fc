//! Disks and memory that fail, and power that goes: errors are told, and what was committed stays.

mod checked;
mod disk;
mod every_call;
mod memory;
mod no_memory;
mod power;
mod vfs;
mod workload;

/// All of the calls that can fail, if the environment asks for them, or else a part that takes
/// seconds. The stride is a prime, so that what recurs is not missed each time.
fn calls() -> impl Iterator<Item = usize> {
    let is_every_one = std::env::var_os("ONECROSS_EVERY_FAULT").is_some();
    (1..).step_by(if is_every_one { 1 } else { 17 })
}
