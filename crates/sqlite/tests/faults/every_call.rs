//! Each call of the disk fails once: an error or the right answer, never corruption, never a leak.

use crate::calls;
use crate::checked::{run_all, tells_of_fault};
use crate::disk::{Disk, Fault};
use crate::memory;
use crate::vfs::{disk, open};
use crate::workload::{LAST, Mode, check};

/// Runs all transactions once for each call that can fail.
fn fail_each(fault: Fault) {
    memory::watch();
    for mode in Mode::ALL {
        let mut told = 0;
        for (round, number) in calls().enumerate() {
            let held = memory::held();
            disk(|disk| *disk = Disk::default());
            disk(|disk| disk.fail(fault, number));
            let errors = run_all(mode, || {
                disk(Disk::heal);
            });
            assert!(errors.iter().all(tells_of_fault), "{mode:?} {fault:?} {number}: {errors:?}");
            told += errors.len();
            assert_eq!(disk(|disk| disk.open_files), 0, "{mode:?} {fault:?} {number}");
            assert_eq!(memory::held(), held, "{mode:?} {fault:?} {number}");

            let has_failed = disk(Disk::heal);
            let connection = open("database").unwrap();
            assert_eq!(check(&connection).unwrap(), Some(LAST), "{mode:?} {fault:?} {number}");
            if !has_failed {
                assert!(told > round / 8, "{mode:?} {fault:?}: {told} told of {round}");
                break;
            }
        }
    }
}

#[test]
fn one_call_fails() {
    fail_each(Fault::Once);
}

#[test]
fn all_calls_fail_from_one_on() {
    fail_each(Fault::Forever);
}

#[test]
fn a_write_is_cut_short() {
    fail_each(Fault::ShortWrite);
}

#[test]
fn the_disk_is_full() {
    fail_each(Fault::Full);
}

#[test]
fn a_lock_is_taken() {
    fail_each(Fault::Busy);
}
