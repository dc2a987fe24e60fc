//! Each allocation fails once, or with some that follow: an error or the right answer, no leak.

use crate::calls;
use crate::checked::{run_all, tells_of_fault};
use crate::disk::Disk;
use crate::memory;
use crate::vfs::{disk, open};
use crate::workload::{LAST, Mode, check};

/// How many allocations there are for each that is made to fail: they are far more than calls.
const STRIDE: usize = 13;

fn fail_each(count: usize) {
    memory::watch();
    for mode in Mode::ALL {
        let mut told = 0;
        for (round, number) in calls().enumerate() {
            let number = number * STRIDE;
            let held = memory::held();
            disk(|disk| *disk = Disk::default());
            memory::fail(number, count);
            let errors = run_all(mode, || {
                memory::heal();
            });
            let has_failed = memory::heal();
            assert!(errors.iter().all(tells_of_fault), "{mode:?} {number}: {errors:?}");
            told += errors.len();
            assert_eq!(disk(|disk| disk.open_files), 0, "{mode:?} {number}");
            assert_eq!(memory::held(), held, "{mode:?} {number}");

            let connection = open("database").unwrap();
            assert_eq!(check(&connection).unwrap(), Some(LAST), "{mode:?} {number}");
            if !has_failed {
                assert!(told > round / 8, "{mode:?}: {told} told of {round}");
                break;
            }
        }
    }
}

#[test]
fn one_allocation_fails() {
    fail_each(1);
}

#[test]
fn allocations_fail_from_one_on() {
    fail_each(usize::MAX);
}
