//! Execution agrees with the reference on any types and values, in whatever order they come.

use std::cell::Cell;
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary::{Kind, Object, Shape, root};
use crate::host::{Case, Run, answer};
use crate::reference::Response;

/// A schema of which the type is the query root, and a document that selects everything of it.
#[derive(Default)]
struct Written {
    types: String,
    document: String,
}

impl Written {
    fn of(root: &Object) -> Self {
        let mut written = Self::default();
        written.object(&Object { name: "Query".to_owned(), ..root.clone() });
        written
    }

    /// Writes what is selected of a type; returns the type as it is printed.
    fn kind(&mut self, kind: &Kind) -> String {
        let printed = match &kind.shape {
            Shape::Leaf => "String".to_owned(),
            Shape::List(item) => format!("[{}]", self.kind(item)),
            Shape::Object(object) => {
                self.object(object);
                format!("{}{}", if object.is_in_union { "U" } else { "" }, object.name)
            }
        };
        printed + if kind.is_nullable { "" } else { "!" }
    }

    fn object(&mut self, object: &Object) {
        let Object { name, fields, .. } = object;
        let mut written = format!("union U{name} = Query | {name} type {name} {{ ");
        self.document.push_str("{ ");
        for (number, field) in fields.iter().enumerate() {
            let _ = write!(self.document, "f{number} ");
            let _ = write!(written, "f{number}: {} ", self.kind(field));
        }
        self.document.push_str("} ");
        self.types.push_str(&(written + "} "));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn with_everything_there_at_once((kind, value) in root()) {
        let Written { types, document } = Written::of(&kind);
        let plan = Case::new(&types).plan(&document, &[]);
        prop_assert_eq!(answer(&plan, &value), Response::begin(&kind, &value, true).finish());
    }

    #[test]
    fn with_what_is_awaited_coming_in_any_order(
        (kind, value) in root(),
        choices in vec(any::<prop::sample::Index>(), 1..20),
    ) {
        let Written { types, document } = Written::of(&kind);
        let plan = Case::new(&types).plan(&document, &[]);
        let depth = Cell::new(0);
        let begun = Run::begin(&plan, &value, &depth, false);
        let mut run = begun.map_err(|_| TestCaseError::fail("nothing ends the execution"))?;
        let mut reference = Response::begin(&kind, &value, false);
        for choice in choices.iter().cycle() {
            prop_assert_eq!(run.awaited.len(), reference.awaited.len());
            if run.awaited.is_empty() {
                break;
            }
            let index = choice.index(run.awaited.len());
            let resumed = run.resume(index);
            prop_assert!(resumed.is_ok());
            reference.resume(index);
            prop_assert_eq!(depth.get(), 0);
        }
        prop_assert_eq!(run.unfilled(), 0);
        let given = run.finish();
        prop_assert_eq!(&given, &reference.finish());
        prop_assert_eq!(given.json, answer(&plan, &value).json);
    }
}
