//! Documents from GraphQL, as much of it as execution looks at.

use onecross_graphql::document::{
    Condition, Document, FieldNode, Fragment, Inclusion, Operation, OperationKind, Selection,
};

use super::tokens::Tokens;

/// Reads a document; what is attached to a field is its own text.
pub(crate) fn document(text: &str) -> Document<String> {
    let mut reader = Reader { tokens: Tokens::of(text), document: Document::default() };
    while !reader.tokens.is_empty() {
        reader.definition();
    }
    reader.document
}

struct Reader {
    tokens: Tokens,
    document: Document<String>,
}

impl Reader {
    fn definition(&mut self) {
        if self.tokens.take("fragment") {
            let name = self.tokens.next();
            self.tokens.expect("on");
            let condition = self.tokens.next().into();
            let selections = self.selections();
            return self.document.add_fragment(&name, Fragment { condition, selections });
        }
        let kind = match self.tokens.is_next("{") {
            true => OperationKind::Query,
            false => match &*self.tokens.next() {
                "query" => OperationKind::Query,
                "mutation" => OperationKind::Mutation,
                "subscription" => OperationKind::Subscription,
                other => panic!("`{other}` begins no definition"),
            },
        };
        let name = (!self.tokens.is_next("{")).then(|| self.tokens.next().into());
        let selections = self.selections();
        self.document.operations.push(Operation { name, kind, selections });
    }

    fn selections(&mut self) -> Vec<Selection> {
        let mut selections = Vec::new();
        if self.tokens.take("{") {
            while !self.tokens.take("}") {
                selections.push(self.selection());
            }
        }
        selections
    }

    fn selection(&mut self) -> Selection {
        if !self.tokens.take("...") {
            return self.field();
        }
        let condition = self.tokens.take("on").then(|| self.tokens.next().into());
        if condition.is_none() && !self.tokens.is_next("{") && !self.tokens.is_next("@") {
            let name = self.tokens.next().into();
            return Selection::Spread(self.inclusion(), name, None);
        }
        let inclusion = self.inclusion();
        Selection::Inline(inclusion, condition, self.selections())
    }

    fn field(&mut self) -> Selection {
        let first = self.tokens.next();
        let (alias, name) = match self.tokens.take(":") {
            true => (Some(first.into()), self.tokens.next()),
            false => (None, first),
        };
        let inclusion = self.inclusion();
        let selections = self.selections();
        let node = alias.as_ref().map_or(name.clone(), |alias| format!("{alias}: {name}"));
        let field = FieldNode { name: name.into(), alias, selections, node };
        Selection::Field(inclusion, self.document.add_field(field))
    }

    fn inclusion(&mut self) -> Inclusion {
        let mut inclusion = Inclusion::default();
        while self.tokens.take("@") {
            let directive = self.tokens.next();
            self.tokens.expect("(");
            self.tokens.expect("if");
            self.tokens.expect(":");
            let condition = match self.tokens.take("$") {
                true => self.document.add_condition(&self.tokens.next()),
                false => Some(Condition::Literal(self.tokens.next() == "true")),
            };
            self.tokens.expect(")");
            match &*directive {
                "skip" => inclusion.skip = condition,
                "include" => inclusion.include = condition,
                other => panic!("the directive `{other}` is not known"),
            }
        }
        inclusion
    }
}
