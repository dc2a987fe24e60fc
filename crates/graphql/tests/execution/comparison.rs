//! A response compared with the reference's, everything being there at once or coming later.

use std::cell::Cell;

use crate::arbitrary::Object;
use crate::host::{Case, Run, Value, answer};
use crate::reference::Response;
use crate::spelling::{TRUE, Written};

/// Asserts that a value is answered as it should be, however the selection is spelled.
pub(crate) fn check_at_once(kind: &Object, value: &Value, spelling: &[u8]) {
    let Written { types, document } = Written::of(kind, spelling);
    let plan = Case::new(&types).plan(&document, &[TRUE]);
    assert_eq!(answer(&plan, value), Response::begin(kind, value, true).finish());
}

/// Asserts it of a value parts of which come later, in the order that the choices have.
pub(crate) fn check_in_any_order(
    kind: &Object,
    value: &Value,
    spelling: &[u8],
    choices: impl Iterator<Item = usize>,
) {
    let Written { types, document } = Written::of(kind, spelling);
    let plan = Case::new(&types).plan(&document, &[TRUE]);
    let depth = Cell::new(0);
    let begun = Run::begin(&plan, value, &depth, false);
    let Ok(mut run) = begun else { panic!("nothing ends the execution") };
    let mut reference = Response::begin(kind, value, false);
    for choice in choices {
        assert_eq!(run.awaited.len(), reference.awaited.len());
        if run.awaited.is_empty() {
            break;
        }
        let index = choice % run.awaited.len();
        let resumed = run.resume(index);
        assert!(resumed.is_ok());
        reference.resume(index);
        assert_eq!(depth.get(), 0);
    }
    assert_eq!(run.unfilled(), 0);
    let given = run.finish();
    assert_eq!(&given, &reference.finish());
    assert_eq!(given.json, answer(&plan, value).json);
}
