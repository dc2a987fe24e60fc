//! The rules of execution once more, told as simply as can be: a tree, and paths into it.

use crate::arbitrary::{Kind, Object, Shape};
use crate::host::{Answer, Value};

/// What stands at a place of the response.
struct Node {
    is_nullable: bool,
    body: Body,
}

enum Body {
    /// Null or a leaf.
    Json(String),
    List(Vec<Node>),
    Object(Vec<Node>),
    /// A value of that type is awaited.
    Awaited(Kind, Value),
}

/// The response of a root value, as far as it is known.
pub(crate) struct Response {
    root: Node,
    errors: Vec<String>,
    /// The paths of all that is awaited, in the order in which it was met. What was met within a
    /// value that failed is no longer; what null took the place of later still is.
    pub(crate) awaited: Vec<Vec<usize>>,
    is_ready: bool,
}

impl Response {
    pub(crate) fn begin(root: &Object, value: &Value, is_ready: bool) -> Self {
        let kind = Kind { is_nullable: true, shape: Shape::Object(root.clone()) };
        let null = Node { is_nullable: true, body: null() };
        let mut response = Self { root: null, errors: Vec::new(), awaited: Vec::new(), is_ready };
        let completed = response.complete(&kind, value, &mut Vec::new(), "");
        response.root = completed.unwrap_or_else(|_| unreachable!("the root may be null"));
        response
    }

    /// Lets an awaited value come; nothing happens if there is no place for it any more.
    pub(crate) fn resume(&mut self, index: usize) {
        let mut path = self.awaited.swap_remove(index);
        let Some((node, names)) = self.root.find(&path) else { return };
        let Body::Awaited(kind, value) = &node.body else { return };
        let (kind, value) = (kind.clone(), value.clone());
        match self.complete(&kind, &value, &mut path, &names) {
            Ok(node) => *self.root.at(&path) = node,
            Err(error) => {
                self.errors.push(error);
                while !self.root.at(&path).is_nullable {
                    path.pop();
                }
                self.root.at(&path).body = null();
            }
        }
    }

    /// The value of a place, or the error of a place where null may not stand.
    fn complete(
        &mut self,
        kind: &Kind,
        value: &Value,
        path: &mut Vec<usize>,
        names: &str,
    ) -> Result<Node, String> {
        let is_nullable = kind.is_nullable;
        let awaited = self.awaited.len();
        let body = self.body(kind, value, path, names).or_else(|error| {
            self.awaited.truncate(awaited);
            if !is_nullable {
                return Err(error);
            }
            self.errors.push(error);
            Ok(null())
        })?;
        Ok(Node { is_nullable, body })
    }

    fn body(
        &mut self,
        kind: &Kind,
        value: &Value,
        path: &mut Vec<usize>,
        names: &str,
    ) -> Result<Body, String> {
        match (value, &kind.shape) {
            (Value::Later(inner), _) if self.is_ready => self.body(kind, inner, path, names),
            (Value::Later(inner), _) => {
                self.awaited.push(path.clone());
                Ok(Body::Awaited(kind.clone(), Value::clone(inner)))
            }
            (Value::Error(error), _) => Err(format!("{names}: {}", error.message)),
            (Value::Null, _) if kind.is_nullable => Ok(null()),
            (Value::Null, _) => Err(format!("{names}: null")),
            (Value::Integer(number), Shape::Leaf) => Ok(Body::Json(number.to_string())),
            (Value::Text(text), Shape::Leaf) => Ok(Body::Json(format!("\"{text}\""))),
            (Value::List(items), Shape::List(item)) => {
                let items = items.iter().map(|value| (&**item, value));
                Ok(Body::List(self.all(items, path, names, "")?))
            }
            (Value::Object(_, values), Shape::Object(object)) => {
                let fields = object.fields.iter().zip(values.iter().map(|(_, value)| value));
                Ok(Body::Object(self.all(fields, path, names, "f")?))
            }
            _ => unreachable!("values are of their types"),
        }
    }

    fn all<'a>(
        &mut self,
        parts: impl Iterator<Item = (&'a Kind, &'a Value)>,
        path: &mut Vec<usize>,
        names: &str,
        prefix: &str,
    ) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        for (number, (kind, value)) in parts.enumerate() {
            path.push(number);
            let node = self.complete(kind, value, path, &step(names, prefix, number));
            path.pop();
            nodes.push(node?);
        }
        Ok(nodes)
    }

    pub(crate) fn finish(self) -> Answer {
        Answer { json: self.root.json(), errors: self.errors }
    }
}

fn null() -> Body {
    Body::Json("null".to_owned())
}

fn step(names: &str, prefix: &str, number: usize) -> String {
    let separator = if names.is_empty() { "" } else { "." };
    format!("{names}{separator}{prefix}{number}")
}

impl Node {
    /// The place at a path, with the path in words; none if null took its place.
    fn find(&self, path: &[usize]) -> Option<(&Self, String)> {
        let (mut node, mut names) = (self, String::new());
        for number in path {
            let (inside, prefix) = match &node.body {
                Body::List(items) => (items, ""),
                Body::Object(fields) => (fields, "f"),
                Body::Json(_) | Body::Awaited(..) => return None,
            };
            names = step(&names, prefix, *number);
            node = &inside[*number];
        }
        Some((node, names))
    }

    /// The place at a path, which is there.
    fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, number| match &mut node.body {
            Body::List(inside) | Body::Object(inside) => &mut inside[*number],
            Body::Json(_) | Body::Awaited(..) => unreachable!("there is nothing inside"),
        })
    }

    fn json(&self) -> String {
        match &self.body {
            Body::Json(text) => text.clone(),
            Body::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Body::Object(fields) => {
                let field = |(number, node): (_, &Self)| format!("\"f{number}\":{}", node.json());
                let fields: Vec<String> = fields.iter().enumerate().map(field).collect();
                format!("{{{}}}", fields.join(","))
            }
            Body::Awaited(..) => unreachable!("everything that is awaited has come"),
        }
    }
}
