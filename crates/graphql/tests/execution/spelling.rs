//! A schema for a type, and its selection spelled in one of many ways that all say the same.

use std::fmt::Write as _;

use crate::arbitrary::{Kind, Object, Shape};

/// The variable that is true; the other one is not.
pub(crate) const TRUE: &str = "yes";

/// A schema of which the type is the query root, and a document that selects everything of it.
pub(crate) struct Written {
    pub(crate) types: String,
    pub(crate) document: String,
}

impl Written {
    /// Spells the selection as the choices have it; where they end, as plainly as can be.
    pub(crate) fn of(root: &Object, choices: &[u8]) -> Self {
        let root = Object { name: "Query".to_owned(), ..root.clone() };
        let mut types = String::new();
        write_types(&root, &mut types);
        let mut spelling = Spelling { choices: choices.iter(), fragments: Vec::new() };
        let selection = spelling.selection(&root);
        Self { types, document: format!("{selection} {}", spelling.fragments.join(" ")) }
    }
}

fn write_types(object: &Object, types: &mut String) {
    let Object { name, fields, .. } = object;
    let mut written = format!("union U{name} = Query | {name} type {name} {{ ");
    for (number, field) in fields.iter().enumerate() {
        let _ = write!(written, "f{number}: {} ", printed(field));
        if let Some(inner) = object_in(field) {
            write_types(inner, types);
        }
    }
    types.push_str(&(written + "} "));
}

fn printed(kind: &Kind) -> String {
    let printed = match &kind.shape {
        Shape::Leaf => "String".to_owned(),
        Shape::List(item) => format!("[{}]", printed(item)),
        Shape::Object(object) => {
            format!("{}{}", if object.is_in_union { "U" } else { "" }, object.name)
        }
    };
    printed + if kind.is_nullable { "" } else { "!" }
}

fn object_in(kind: &Kind) -> Option<&Object> {
    match &kind.shape {
        Shape::Leaf => None,
        Shape::List(item) => object_in(item),
        Shape::Object(object) => Some(object),
    }
}

struct Spelling<'a> {
    choices: std::slice::Iter<'a, u8>,
    fragments: Vec<String>,
}

impl Spelling<'_> {
    fn choice(&mut self) -> u8 {
        self.choices.next().copied().unwrap_or_default()
    }

    fn selection(&mut self, object: &Object) -> String {
        let mut text = "{ ".to_owned();
        for number in 0..object.fields.len() {
            text += &self.field(object, number);
            let again = usize::from(self.choice() % 16);
            if again != 0 && again <= number {
                // What is there already is merged with it.
                text += &self.field(object, again - 1);
            }
        }
        text + "} "
    }

    fn field(&mut self, object: &Object, number: usize) -> String {
        let text = match object_in(&object.fields[number]) {
            None => format!("f{number} "),
            Some(inner) if self.choice() % 8 == 1 => {
                let piece = |spelling: &mut Self, place| {
                    format!("f{number} {{ {}}} ", spelling.field(inner, place))
                };
                (0..inner.fields.len()).map(|place| piece(self, place)).collect()
            }
            Some(inner) => format!("f{number} {}", self.selection(inner)),
        };
        self.wrapped(&object.name, text)
    }

    /// The same selections within a fragment, or beside something that is left out.
    fn wrapped(&mut self, name: &str, text: String) -> String {
        match self.choice() % 12 {
            1 => format!("... {{ {text}}} "),
            2 => format!("... on {name} {{ {text}}} "),
            3 => format!("... on U{name} {{ {text}}} "),
            4 => {
                let number = self.fragments.len();
                self.fragments.push(format!("fragment F{number} on {name} {{ {text}}}"));
                format!("...F{number} ")
            }
            5 => format!("... @include(if: ${TRUE}) @skip(if: false) {{ {text}}} "),
            6 => format!("... @skip(if: $no) {{ ... {{ {text}}} }} "),
            7 => format!("x: f0 @skip(if: ${TRUE}) {text}"),
            8 => format!("... @include(if: $no) {{ x: f0 }} {text}"),
            9 if name != "Query" => format!("... on Query {{ x: f0 }} {text}"),
            _ => text,
        }
    }
}
