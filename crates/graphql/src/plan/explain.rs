//! A plan as text: each field, how it will be got, what that will cost in crossings.

use std::fmt::Write as _;

use super::{Field, FieldKind, Plan, SelectionSet};
use crate::schema::{Handles, Position, Shape, TypeId};

/// The most lines of an explanation.
const LINE_LIMIT: usize = 10_000;

/// How deep an explanation follows what is selected of what is selected.
const DEPTH_LIMIT: usize = 100;

/// What stands for all that was left out.
const LEFT_OUT: &str = "(and more)";

/// What a host says of the parts of a schema when a plan is explained.
pub trait Describe {
    /// How it is got, in a few words.
    fn how(&self) -> String;
    /// How many crossings each value costs.
    fn crossings(&self) -> usize;
}

impl<H: Handles> Plan<H>
where
    H::Field: Describe,
    H::Leaf: Describe,
    H::Object: Describe,
    H::Abstract: Describe,
{
    /// A line for each field: key, type, how it is got, and crossings for each object.
    pub fn explain(&self) -> String {
        let mut table = Table { plan: self, rows: Vec::new() };
        table.selection(self.root(), 1);
        let name = self.operation().name.as_deref().unwrap_or("(unnamed)");
        let mut text = format!("{} {name}\n", self.operation().kind.keyword());
        text.push_str(&table.render());
        text
    }
}

struct Table<'p, H: Handles> {
    plan: &'p Plan<H>,
    rows: Vec<[String; 4]>,
}

impl<H: Handles> Table<'_, H>
where
    H::Field: Describe,
    H::Leaf: Describe,
    H::Object: Describe,
    H::Abstract: Describe,
{
    fn selection(&mut self, set: &SelectionSet<H>, depth: usize) {
        for field in &set.fields {
            if self.rows.len() >= LINE_LIMIT || depth > DEPTH_LIMIT {
                return self.leave_out(depth);
            }
            self.field(field, depth);
        }
    }

    fn field(&mut self, field: &Field<H>, depth: usize) {
        let key = format!("{}{}", "  ".repeat(depth), field.key.text());
        let FieldKind::Defined(definition) = &field.kind else {
            self.row(key, "String!", "constant", 0);
            return;
        };
        let completed = self.completion(&definition.position);
        let how = [definition.handle.how(), completed.0].join("");
        let crossings = definition.handle.crossings() + completed.1;
        self.row(key, &definition.printed, &how, crossings);
        self.below(field, &definition.position, depth);
    }

    /// What completing a value adds to resolving it.
    fn completion(&self, position: &Position<H>) -> (String, usize) {
        let (how, crossings) = match &position.shape {
            Shape::List(item) => return self.completion(item),
            Shape::Leaf(leaf) => (leaf.how(), leaf.crossings()),
            Shape::Object(id) => {
                let handle = &self.plan.schema().object(*id).handle;
                (handle.how(), handle.crossings())
            }
            Shape::Abstract(id) => {
                let handle = &self.plan.schema().abstract_type(*id).handle;
                (handle.how(), handle.crossings())
            }
        };
        (if how.is_empty() { how } else { format!(", {how}") }, crossings)
    }

    fn below(&mut self, field: &Field<H>, position: &Position<H>, depth: usize) {
        match &position.shape {
            Shape::Leaf(_) => {}
            Shape::List(item) => self.below(field, item, depth),
            Shape::Object(id) => self.selected(field, 0, *id, depth),
            Shape::Abstract(id) => {
                let possible = &self.plan.schema().abstract_type(*id).possible;
                let mut places: Vec<_> = possible.iter().collect();
                places.sort_by_key(|(_, slot)| **slot);
                for (object, slot) in places {
                    let name = self.plan.schema().object(*object).name.text();
                    let heading = format!("{}... on {name}", "  ".repeat(depth + 1));
                    self.row(heading, "", "", 0);
                    self.selected(field, *slot, *object, depth + 1);
                }
            }
        }
    }

    fn selected(&mut self, field: &Field<H>, slot: usize, object: TypeId, depth: usize) {
        let set = self.plan.selection(field, slot, object);
        self.selection(&set, depth + 1);
    }

    fn leave_out(&mut self, depth: usize) {
        // Past the limit, everything around the last line has something to leave out as well.
        if self.rows.len() <= LINE_LIMIT {
            self.row(format!("{}{LEFT_OUT}", "  ".repeat(depth)), "", "", 0);
        }
    }

    fn row(&mut self, key: String, printed: &str, how: &str, crossings: usize) {
        let cost = if how.is_empty() { String::new() } else { crossings.to_string() };
        self.rows.push([key, printed.to_owned(), how.to_owned(), cost]);
    }

    fn render(&self) -> String {
        let heading = ["field", "type", "how it is got", "crossings"].map(str::to_owned);
        let rows = std::iter::once(&heading).chain(&self.rows);
        let mut widths = [0; 4];
        for row in rows.clone() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for [key, printed, how, cost] in rows {
            let line = format!(
                "{key:0$}  {printed:1$}  {how:2$}  {cost}",
                widths[0], widths[1], widths[2]
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}
