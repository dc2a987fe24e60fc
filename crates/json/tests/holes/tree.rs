//! A tree of values, some of them awaited, and what is to be written for it.

use onecross_json::{Growing, HoleId, Writer};
use proptest::prelude::*;

/// A value in a place where null may or may not stand, written at once or awaited.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    nullable: bool,
    awaited: bool,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Null,
    Integer(i64),
    List(Vec<Node>),
    Object(Vec<Node>),
}

/// Any tree.
pub(crate) fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![1 => Just(Value::Null), 6 => (0..1000_i64).prop_map(Value::Integer)];
    let place = |value| {
        (any::<bool>(), any::<bool>(), value).prop_map(|(nullable, awaited, value)| Node {
            nullable,
            awaited,
            value,
        })
    };
    place(leaf.boxed()).prop_recursive(6, 60, 5, move |inner| {
        let nodes = || prop::collection::vec(inner.clone(), 0..5);
        let lists = prop_oneof![nodes().prop_map(Value::List), nodes().prop_map(Value::Object)];
        place(lists.boxed())
    })
}

/// Asserts that a tree is written as it should be, its holes filled as the choices have it.
pub(crate) fn check(root: &Node, choices: &[usize]) {
    let mut writer = Writer::new(Growing::default());
    let mut pending = Pending::default();
    let expected = expected(root);
    if pending.write(&mut writer, root).is_err() {
        assert_eq!(expected, None);
        return;
    }
    pending.fill(&mut writer, choices);
    assert_eq!(writer.unfilled(), 0);
    assert_eq!(writer.is_void(), expected.is_none());
    let written = writer.finish().into_vec();
    let wanted = expected.unwrap_or_else(|| "null".to_owned());
    assert_eq!(String::from_utf8_lossy(&written), wanted);
}

/// The value of a place as JSON; nothing if it is null where null may not stand.
fn expected(node: &Node) -> Option<String> {
    let value = match &node.value {
        Value::Null => None,
        Value::Integer(value) => Some(value.to_string()),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(expected).collect();
            items.map(|items| format!("[{}]", items.join(",")))
        }
        Value::Object(fields) => {
            let field = |(index, node)| Some(format!("\"{index}\":{}", expected(node)?));
            let fields: Option<Vec<String>> = fields.iter().enumerate().map(field).collect();
            fields.map(|fields| format!("{{{}}}", fields.join(",")))
        }
    };
    value.or_else(|| node.nullable.then(|| "null".to_owned()))
}

/// Null where it may not stand.
struct Refused;

#[derive(Default)]
struct Pending<'a>(Vec<(HoleId, &'a Node)>);

impl<'a> Pending<'a> {
    fn write(&mut self, writer: &mut Writer<Growing>, node: &'a Node) -> Result<(), Refused> {
        if node.awaited {
            self.0.push((writer.hole(node.nullable), node));
            return Ok(());
        }
        if !node.nullable {
            return self.write_value(writer, &node.value);
        }
        let mark = writer.mark();
        if self.write_value(writer, &node.value).is_err() {
            writer.rollback(mark);
            writer.null();
        } else {
            writer.enclose(mark);
        }
        Ok(())
    }

    fn write_value(
        &mut self,
        writer: &mut Writer<Growing>,
        value: &'a Value,
    ) -> Result<(), Refused> {
        match value {
            Value::Null => return Err(Refused),
            Value::Integer(value) => writer.integer(*value),
            Value::List(items) => {
                writer.begin_list();
                for item in items {
                    self.write(writer, item)?;
                }
                writer.end_list();
            }
            Value::Object(fields) => {
                writer.begin_object();
                for (index, field) in fields.iter().enumerate() {
                    writer.key_utf8(&index.to_string());
                    self.write(writer, field)?;
                }
                writer.end_object();
            }
        }
        Ok(())
    }

    /// Fills all holes, each next one as the choices have it.
    fn fill(&mut self, writer: &mut Writer<Growing>, choices: &[usize]) {
        let mut choices = choices.iter().cycle();
        while !self.0.is_empty() {
            assert!(writer.unfilled() <= self.0.len());
            let choice = choices.next().map_or(0, |choice| choice % self.0.len());
            let (hole, node) = self.0.swap_remove(choice);
            let is_kept = writer.is_kept(hole);
            assert_eq!(writer.open(hole), is_kept);
            if !is_kept {
                continue;
            }
            let unfilled = writer.unfilled();
            if self.write_value(writer, &node.value).is_ok() {
                writer.close();
            } else {
                writer.abandon();
                assert_eq!(writer.unfilled(), unfilled);
                writer.void(hole);
                assert!(writer.unfilled() < unfilled);
            }
            assert!(!writer.is_kept(hole) && !writer.open(hole));
        }
    }
}
