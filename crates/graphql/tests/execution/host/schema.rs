//! Schemas from a notation close to GraphQL's own: `type Query { seats: [Seat!] } union Any = Seat`.

use onecross_graphql::plan::Describe;
use onecross_graphql::schema::{FieldDescription, Handles, Schema, TypeDescription};

use super::tokens::Tokens;

/// A name that the schema attaches to what bears it.
pub(crate) struct Named(pub(crate) String);

/// What the tests attach to the parts of a schema and of a document.
pub(crate) struct Names;

impl Handles for Names {
    type Field = Named;
    type Leaf = Named;
    type Object = Named;
    type Abstract = Named;
    type Node = String;
    type Name = String;
}

impl Describe for Named {
    fn how(&self) -> String {
        format!("by {}", self.0)
    }

    fn crossings(&self) -> usize {
        1
    }
}

/// Reads the types of a schema; `Int` and `String` are there already.
pub(crate) fn descriptions(text: &str) -> Vec<TypeDescription<Names>> {
    let leaf = |name: &str| TypeDescription::Leaf {
        name: name.to_owned(),
        handle: Named(format!("leaf {name}")),
    };
    let mut descriptions = vec![leaf("Int"), leaf("String")];
    let mut tokens = Tokens::of(text);
    while !tokens.is_empty() {
        let kind = tokens.next();
        let name = tokens.next();
        let handle = Named(name.clone());
        descriptions.push(match &*kind {
            "type" => TypeDescription::Object { name, fields: fields(&mut tokens), handle },
            "union" => TypeDescription::Abstract { name, possible: names(&mut tokens), handle },
            other => panic!("`{other}` begins no type"),
        });
    }
    descriptions
}

/// Puts a schema together.
pub(crate) fn schema(text: &str) -> Schema<Names> {
    Schema::build(descriptions(text)).unwrap_or_else(|error| panic!("{error}"))
}

fn fields(tokens: &mut Tokens) -> Vec<FieldDescription<Names>> {
    let mut fields = Vec::new();
    tokens.expect("{");
    while !tokens.take("}") {
        let name = tokens.next();
        tokens.expect(":");
        let output = output(tokens);
        fields.push(FieldDescription { handle: Named(name.clone()), name, output });
    }
    fields
}

fn output(tokens: &mut Tokens) -> String {
    let mut text = String::new();
    while tokens.take("[") {
        text.push('[');
    }
    text.push_str(&tokens.next());
    while tokens.is_next("]") || tokens.is_next("!") {
        text.push_str(&tokens.next());
    }
    text
}

fn names(tokens: &mut Tokens) -> Vec<String> {
    tokens.expect("=");
    let mut names = vec![tokens.next()];
    while tokens.take("|") {
        names.push(tokens.next());
    }
    names
}
