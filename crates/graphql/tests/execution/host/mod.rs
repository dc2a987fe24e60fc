//! A host of the tests' own: values written as text, awaited ones included.

mod document;
mod run;
mod schema;
mod tokens;
mod value;

use std::convert::Infallible;
use std::rc::Rc;

use onecross_graphql::execute::{Awaited, Came, Host, Path, RUN, Segment, Sink, Unlocated};
use onecross_graphql::plan::Field;
use onecross_graphql::schema::{Abstract, Object, Schema, Shape, TypeId};
use onecross_json::{Growing, Writer};

pub(crate) use document::document;
pub(crate) use run::{Answer, Case, Run, answer};
pub(crate) use schema::{Named, Names, descriptions, schema};
pub(crate) use value::{Error, ErrorKind, Value, value};

/// Where the tests' responses go.
pub(crate) type Json = Writer<Growing>;
type Call<'a> = onecross_graphql::execute::Call<'a, Names, String, ()>;
type Place<'a> = onecross_graphql::execute::Place<'a, Names, String, ()>;

/// Runs plans over [`Value`]s.
pub(crate) struct TextHost<'p> {
    pub(crate) schema: &'p Schema<Names>,
    /// Whether a value that is awaited is there at once.
    pub(crate) is_ready: bool,
    /// What is awaited, each value at the place that stands for it.
    pub(crate) awaited: Vec<Value>,
    /// What was given up of that.
    pub(crate) abandoned: Vec<Value>,
    /// After how many pulses one ends the execution.
    pub(crate) pulses: usize,
    /// Whether leaving the rest of a list fails.
    pub(crate) fails_to_leave: bool,
}

impl<'p> TextHost<'p> {
    /// A host that is never interrupted.
    pub(crate) fn new(schema: &'p Schema<Names>, is_ready: bool) -> Self {
        let (awaited, abandoned, pulses) = (Vec::new(), Vec::new(), usize::MAX);
        Self { schema, is_ready, awaited, abandoned, pulses, fails_to_leave: false }
    }
}

/// A path as the tests write it: `seats.0.row`.
pub(crate) fn path_text(path: &Path<'_, Names, String>) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Key(key, _) => key.to_string(),
        Segment::Index(index) => index.to_string(),
    };
    path.segments().iter().map(step).collect::<Vec<_>>().join(".")
}

fn member(source: &Value, name: &str) -> Value {
    let Value::Object(_, fields) = source else { return Value::Null };
    let found = fields.iter().find(|(key, _)| key == name);
    found.map_or(Value::Null, |(_, value)| value.clone())
}

impl Host<Json> for TextHost<'_> {
    type Handles = Names;
    type Value = Value;
    type Items = (Rc<[Value]>, usize);
    type Error = Error;
    type Path = String;
    type Info = ();
    /// The place of the value among those that were awaited.
    type Pending = usize;

    fn resolve(&mut self, call: &Call<'_>, source: &Value) -> Result<Value, Error> {
        let definition = call.field.definition().expect("the name of a type is not resolved");
        match member(source, &definition.handle.0) {
            Value::Error(error) => Err(error),
            Value::Path => {
                let path = call.path.handle(|| Ok::<_, Infallible>(path_text(call.path)));
                Ok(Value::Text(path.expect("nothing can go wrong").as_str().into()))
            }
            value => Ok(value),
        }
    }

    fn plain_fields(&mut self, fields: &[Field<Names>], source: &Value, sink: &mut Json) -> usize {
        for (written, field) in fields.iter().enumerate() {
            Sink::key(sink, &field.key);
            let Some(definition) = field.definition() else { return written };
            match (&definition.position.shape, member(source, &definition.handle.0)) {
                (Shape::Leaf(_), Value::Integer(number)) => sink.integer(number),
                _ => return written,
            }
        }
        fields.len()
    }

    fn await_value(
        &mut self,
        _place: &Place<'_>,
        mut value: Value,
    ) -> Result<Awaited<Value, usize>, Error> {
        while let Value::Later(inner) = value {
            if !self.is_ready {
                self.awaited.push(Value::clone(&inner));
                return Ok(Awaited::Pending(self.awaited.len() - 1));
            }
            value = Value::clone(&inner);
        }
        Ok(Awaited::Ready(value))
    }

    fn come(
        &mut self,
        place: &Place<'_>,
        _pending: usize,
        value: Value,
    ) -> Result<Came<Value, usize>, Error> {
        Ok(match self.await_value(place, value)? {
            Awaited::Ready(value) => Came::Value(value),
            Awaited::Pending(pending) => Came::Pending(pending),
        })
    }

    fn write_response(&mut self, _value: &Value, sink: &mut Json) -> Result<(), Error> {
        Sink::<String>::null(sink);
        Ok(())
    }

    fn is_null(&mut self, value: &Value) -> Result<bool, Error> {
        match value {
            Value::Error(error) => Err(error.clone()),
            value => Ok(matches!(value, Value::Null)),
        }
    }

    fn leaf(&mut self, _leaf: &Named, value: &Value, sink: &mut Json) -> Result<(), Error> {
        match value {
            Value::Integer(number) => sink.integer(*number),
            Value::Text(text) => sink.utf8(text),
            _ => return Err(Error::plain("no leaf")),
        }
        Ok(())
    }

    fn items(&mut self, _call: &Call<'_>, value: &Value) -> Result<(Self::Items, usize), Error> {
        match value {
            Value::List(items) => Ok(((Rc::clone(items), 0), items.len())),
            _ => Err(Error::plain("no list")),
        }
    }

    fn next_item(&mut self, (items, next): &mut Self::Items) -> Result<Option<Value>, Error> {
        *next += 1;
        match items.get(*next - 1) {
            Some(Value::Broken(error)) => Err(error.clone()),
            item => Ok(item.cloned()),
        }
    }

    fn leave_items(&mut self, _items: &mut Self::Items) -> Result<(), Error> {
        if self.fails_to_leave { Err(Error::plain("stop")) } else { Ok(()) }
    }

    fn plain_items(
        &mut self,
        _leaf: &Named,
        _nullable: bool,
        (items, next): &mut Self::Items,
        sink: &mut Json,
    ) -> usize {
        let first = *next;
        while *next - first < RUN
            && let Some(Value::Integer(number)) = items.get(*next)
        {
            sink.integer(*number);
            *next += 1;
        }
        *next - first
    }

    fn pulse(&mut self, _sink: &Json) -> Result<(), Error> {
        match self.pulses.checked_sub(1) {
            Some(left) => self.pulses = left,
            None => return Err(Error::plain("interrupted")),
        }
        Ok(())
    }

    fn check_type(
        &mut self,
        _place: &Place<'_>,
        object: &Object<Names>,
        value: &Value,
    ) -> Result<Awaited<(), usize>, Error> {
        match value {
            Value::Object(name, _) if !name.is_empty() && **name != *object.handle.0 => {
                Err(Error::plain("another type"))
            }
            _ => Ok(Awaited::Ready(())),
        }
    }

    fn runtime_type(
        &mut self,
        place: &Place<'_>,
        interface_or_union: &Abstract<Names>,
        value: &Value,
    ) -> Result<Awaited<TypeId, usize>, Error> {
        let Value::Object(name, _) = value else { return Err(Error::plain("no object")) };
        let found = self.schema.find(name);
        found
            .filter(|id| interface_or_union.possible.contains_key(id))
            .map(Awaited::Ready)
            .ok_or_else(|| Error::plain(&format!("no type for {}", path_text(place.call.path))))
    }

    fn abandon(&mut self, number: usize) {
        self.abandoned.push(self.awaited[number].clone());
    }

    fn null_error(&mut self, _call: &Call<'_>) -> Error {
        Error::plain("null")
    }

    fn depth_error(&mut self) -> Error {
        Error::plain("too deep")
    }

    fn locate(
        &mut self,
        error: Error,
        _call: &Call<'_>,
        path: &Path<'_, Names, String>,
    ) -> Result<Error, Unlocated<Error>> {
        match error.kind {
            ErrorKind::Fatal => Err(Unlocated::Fatal(Error::plain(&error.message))),
            ErrorKind::Unlocatable => {
                Err(Unlocated::Failed(Error::plain(&format!("{} again", error.message))))
            }
            ErrorKind::Plain => {
                let located = error.path.or_else(|| Some(path_text(path)));
                Ok(Error { path: located, ..error })
            }
        }
    }
}
