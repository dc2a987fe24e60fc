//! Values from a notation: `Seat { row: 1, tags: [a, null, error(lost)], owner: later(null) }`.

use std::rc::Rc;

use super::tokens::Tokens;

/// A value of the tests' host; what is in it is shared.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(Rc<str>),
    List(Rc<[Value]>),
    /// The name of its type, which may be empty, and its fields.
    Object(Rc<str>, Rc<[(String, Value)]>),
    /// An error: raised when a resolver should return it, or found as an item.
    Error(Error),
    /// In a list, an error of the iteration itself.
    Broken(Error),
    /// A value that is awaited first.
    Later(Rc<Value>),
    /// The path of the call, as a text.
    Path,
}

/// An error, with its place in the response once it was located.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    pub(crate) message: Rc<str>,
    pub(crate) path: Option<String>,
    pub(crate) kind: ErrorKind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ErrorKind {
    Plain,
    /// Locating it fails with a plain error of the same message and "again".
    Unlocatable,
    /// Ends the execution.
    Fatal,
}

impl Error {
    pub(crate) fn plain(message: &str) -> Self {
        Self { message: message.into(), path: None, kind: ErrorKind::Plain }
    }
}

/// Reads a value.
pub(crate) fn value(text: &str) -> Value {
    let mut tokens = Tokens::of(text);
    let value = read(&mut tokens);
    assert!(tokens.is_empty(), "`{text}` is one value");
    value
}

fn read(tokens: &mut Tokens) -> Value {
    if tokens.is_next("{") {
        return object("", tokens);
    }
    if tokens.take("[") {
        let mut items = Vec::new();
        while !tokens.take("]") {
            items.push(read(tokens));
        }
        return Value::List(items.into());
    }
    let word = tokens.next();
    if word.starts_with(char::is_uppercase) && tokens.is_next("{") {
        return object(&word, tokens);
    }
    if tokens.take("(") {
        let inner = tokens.is_next(")").then(|| Value::Text("".into()));
        let inner = inner.unwrap_or_else(|| read(tokens));
        tokens.expect(")");
        return of_kind(&word, inner);
    }
    match &*word {
        "null" => Value::Null,
        "path" => Value::Path,
        word => word.parse().map_or_else(|_| Value::Text(word.into()), Value::Integer),
    }
}

fn object(name: &str, tokens: &mut Tokens) -> Value {
    tokens.expect("{");
    let mut fields = Vec::new();
    while !tokens.take("}") {
        let key = tokens.next();
        tokens.expect(":");
        fields.push((key, read(tokens)));
    }
    Value::Object(name.into(), fields.into())
}

fn of_kind(kind: &str, inner: Value) -> Value {
    let error = |kind| match &inner {
        Value::Text(message) => Error { message: message.clone(), path: None, kind },
        other => panic!("{other:?} is no message"),
    };
    match kind {
        "later" => Value::Later(inner.into()),
        "error" => Value::Error(error(ErrorKind::Plain)),
        "broken" => Value::Broken(error(ErrorKind::Plain)),
        "unlocatable" => Value::Error(error(ErrorKind::Unlocatable)),
        "fatal" => Value::Error(error(ErrorKind::Fatal)),
        other => panic!("`{other}` is no kind of value"),
    }
}
