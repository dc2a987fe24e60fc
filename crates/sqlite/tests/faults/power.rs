//! The power goes at each call: what was committed is there afterwards, and nothing by halves.

use crate::calls;
use crate::disk::{Chance, Disk, Fault};
use crate::memory;
use crate::vfs::{disk, open};
use crate::workload::{LAST, Mode, check, transact};

/// How many ways to lose what was not synced are tried for each call.
const WAYS: u64 = 3;

/// Runs transactions until the power goes at that call; answers the last that was committed.
fn run_until(mode: Mode, number: usize) -> Option<i64> {
    disk(|disk| *disk = Disk::default());
    disk(|disk| disk.fail(Fault::PowerCut, number));
    let connection = open("database").ok()?;
    mode.configure(&connection).ok()?;
    (0..=LAST).take_while(|number| transact(&connection, *number).is_ok()).last()
}

/// Loses power at that call, and checks what is left; answers whether there was such a call.
fn lose_power(mode: Mode, number: usize, way: u64) -> bool {
    let committed = run_until(mode, number).unwrap_or(-1);
    let was_lost = disk(Disk::heal);
    let mut chance = Chance((number as u64) << 8 | way);
    disk(|disk| disk.lose_power(&mut chance));

    let connection = open("database").unwrap();
    let found = check(&connection).unwrap().unwrap_or(-1);
    // A journal that comes back undoes the last commit: what `extra` is there for.
    let least = if mode == Mode::Delete { (committed - 1).max(-1) } else { committed };
    assert!(
        (least..=committed + 1).contains(&found),
        "{mode:?}, call {number}, way {way}: {committed} committed, {found} found"
    );
    mode.configure(&connection).unwrap();
    if found < LAST {
        transact(&connection, found + 1).unwrap();
    }
    was_lost
}

#[test]
fn what_was_committed_outlives_the_power() {
    memory::watch();
    for mode in Mode::ALL {
        let went_on = calls().find(|number| !(0..WAYS).all(|way| lose_power(mode, *number, way)));
        assert!(went_on.is_some());
    }
}
