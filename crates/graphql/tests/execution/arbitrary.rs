//! Types, and values of them, as they may come.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::host::{Error, Value};

/// The type of a place.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) is_nullable: bool,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Leaf,
    List(Box<Kind>),
    Object(Object),
}

/// A type whose fields are `f0`, `f1` and so on.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    /// Whether its objects stand where a union is asked for.
    pub(crate) is_in_union: bool,
    pub(crate) fields: Vec<Kind>,
}

/// The type of the root, and a value of it.
pub(crate) fn root() -> impl Strategy<Value = (Object, Value)> {
    object(kind().boxed()).prop_flat_map(|mut root| {
        name(&mut root, &mut 0);
        let value = object_value(&root);
        (Just(root), value)
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    let kind = |(is_nullable, shape)| Kind { is_nullable, shape };
    let leaf = (any::<bool>(), Just(Shape::Leaf)).prop_map(kind);
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let list = inner.clone().prop_map(|item| Shape::List(Box::new(item)));
        let object = object(inner.boxed()).prop_map(Shape::Object);
        (any::<bool>(), prop_oneof![list, object]).prop_map(kind)
    })
}

fn object(field: BoxedStrategy<Kind>) -> impl Strategy<Value = Object> {
    let object = |(is_in_union, fields)| Object { name: String::new(), is_in_union, fields };
    (any::<bool>(), vec(field, 1..4)).prop_map(object)
}

/// Gives each type a name of its own.
fn name(object: &mut Object, count: &mut usize) {
    object.name = format!("T{count}");
    *count += 1;
    for field in &mut object.fields {
        name_within(field, count);
    }
}

fn name_within(kind: &mut Kind, count: &mut usize) {
    match &mut kind.shape {
        Shape::Leaf => {}
        Shape::List(item) => name_within(item, count),
        Shape::Object(object) => name(object, count),
    }
}

fn value(kind: &Kind) -> BoxedStrategy<Value> {
    let whole = match &kind.shape {
        Shape::Leaf => leaf_value().boxed(),
        Shape::List(item) => {
            vec(value(item), 0..4).prop_map(|items| Value::List(items.into())).boxed()
        }
        Shape::Object(object) => object_value(object).boxed(),
    };
    let error = "[x-z]".prop_map(|message| Value::Error(Error::plain(&message)));
    let outcome = prop_oneof![1 => Just(Value::Null), 1 => error, 20 => whole];
    let waits = prop_oneof![4 => Just(0), 3 => Just(1), 1 => Just(2)];
    let later =
        |(outcome, waits)| (0..waits).fold(outcome, |value, _| Value::Later(Value::into(value)));
    (outcome, waits).prop_map(later).boxed()
}

fn leaf_value() -> impl Strategy<Value = Value> {
    let text = "[a-c]{1,3}".prop_map(|text| Value::Text(text.into()));
    prop_oneof![(0..100_i64).prop_map(Value::Integer), text]
}

fn object_value(object: &Object) -> impl Strategy<Value = Value> + use<> {
    let name = object.name.clone();
    let fields: Vec<_> = object.fields.iter().map(value).collect();
    fields.prop_map(move |values| {
        let named = values.into_iter().enumerate();
        let fields: Vec<_> = named.map(|(number, value)| (format!("f{number}"), value)).collect();
        Value::Object(name.as_str().into(), fields.into())
    })
}
