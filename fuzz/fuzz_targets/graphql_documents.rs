//! Any document, its fragments calling each other as they like, is executed to an end within the
//! limits, and again from the warm plan with the same answer.

#![no_main]

use std::cell::Cell;
use std::slice::Iter;

use libfuzzer_sys::fuzz_target;

#[expect(dead_code, unused_imports, reason = "the tests ask for more")]
#[path = "../../crates/graphql/tests/execution/host/mod.rs"]
mod host;

use host::{Case, Run, answer, value};

const TYPES: &str = "
    type Query { a: Int sure: Int! text: String next: Query all: [Query!] any: Any }
    type Other { a: Int text: String! next: Query }
    union Any = Query | Other
";
const LEAVES: [&str; 4] = ["a", "sure", "text", "__typename"];
const CONDITIONS: [&str; 4] = ["Query", "Other", "Any", "Nobody"];
const FRAGMENTS: usize = 4;

/// Writes what the bytes stand for; where they end, as little as can be.
struct Writer<'a>(Iter<'a, u8>);

impl Writer<'_> {
    fn choice(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % count
    }

    fn document(&mut self) -> String {
        let mut text = self.selections(4);
        for number in 0..FRAGMENTS {
            let condition = CONDITIONS[self.choice(3)];
            text += &format!(" fragment F{number} on {condition} {}", self.selections(3));
        }
        text
    }

    fn selections(&mut self, depth: usize) -> String {
        let count = 1 + self.choice(4);
        let selections: Vec<String> = (0..count).map(|_| self.selection(depth)).collect();
        format!("{{ {} }}", selections.join(" "))
    }

    fn selection(&mut self, depth: usize) -> String {
        match self.choice(8) {
            0..4 => format!("{}{}", LEAVES[self.choice(4)], self.directives()),
            _ if depth == 0 => "a".to_owned(),
            4 => format!("...F{}{}", self.choice(FRAGMENTS), self.directives()),
            5 => {
                let condition = CONDITIONS[self.choice(4)];
                let directives = self.directives();
                format!("... on {condition}{directives} {}", self.selections(depth - 1))
            }
            _ => {
                let field = ["next", "all", "any", "k: next"][self.choice(4)];
                let directives = self.directives();
                format!("{field}{directives} {}", self.selections(depth - 1))
            }
        }
    }

    fn directives(&mut self) -> &'static str {
        ["", "", "", " @skip(if: $no)", " @include(if: $yes)", " @skip(if: $yes)"][self.choice(6)]
    }

    fn root(&mut self, depth: usize) -> String {
        if depth == 0 {
            return "Query { a: 1, sure: 2, text: t }".to_owned();
        }
        let name = ["Query", "Other", ""][self.choice(3)];
        let fields = ["a", "sure", "text", "next", "all", "any"].map(|field| {
            let value = match (self.choice(8), field) {
                (0, _) => "null".to_owned(),
                (1, _) => "error(e)".to_owned(),
                (2, _) => "later(error(late))".to_owned(),
                (3, "next" | "any") => format!("later({})", self.root(depth - 1)),
                (_, "next" | "any") => self.root(depth - 1),
                (_, "all") => format!("[{} {}]", self.root(depth - 1), self.root(depth - 1)),
                (3, _) => "later(3)".to_owned(),
                _ => "4".to_owned(),
            };
            format!("{field}: {value}")
        });
        format!("{name} {{ {} }}", fields.join(" "))
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut writer = Writer(bytes.iter());
    let (document, root) = (writer.document(), value(&writer.root(3)));
    let plan = Case::new(TYPES).plan(&document, &["yes"]);
    let cold = answer(&plan, &root);
    let size = plan.size();
    assert_eq!(cold, answer(&plan, &root));
    assert_eq!(size, plan.size());

    let depth = Cell::new(0);
    let Ok(mut run) = Run::begin(&plan, &root, &depth, false) else {
        panic!("nothing ends the execution")
    };
    while !run.awaited.is_empty() {
        let resumed = run.resume(run.awaited.len() / 2);
        assert!(resumed.is_ok());
    }
    assert_eq!((run.unfilled(), depth.get()), (0, 0));
    assert_eq!(run.finish().json, cold.json);
});
