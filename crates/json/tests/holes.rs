//! Holes, and what null does to them, against the rule of null told directly.

use onecross_json::{Growing, HoleId, Writer};
use proptest::prelude::*;

/// A value in a place where null may or may not stand, written at once or awaited.
#[derive(Clone, Debug)]
struct Node {
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
            if !writer.open(hole) {
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
            assert!(!writer.open(hole));
        }
    }
}

fn node() -> impl Strategy<Value = Node> {
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

proptest! {
    #[test]
    fn the_order_of_filling_does_not_matter(
        root in node(),
        choices in prop::collection::vec(any::<usize>(), 1..20),
    ) {
        let mut writer = Writer::new(Growing::default());
        let mut pending = Pending::default();
        let expected = expected(&root);
        if pending.write(&mut writer, &root).is_err() {
            prop_assert_eq!(expected, None);
            return Ok(());
        }
        pending.fill(&mut writer, &choices);
        prop_assert_eq!(writer.unfilled(), 0);
        prop_assert_eq!(writer.is_void(), expected.is_none());
        let written = writer.finish().into_vec();
        let wanted = expected.unwrap_or_else(|| "null".to_owned());
        prop_assert_eq!(String::from_utf8_lossy(&written), wanted);
    }
}

fn finished(writer: Writer<Growing>) -> String {
    String::from_utf8(writer.finish().into_vec()).expect("what is written is UTF-8")
}

#[test]
fn pages_have_holes_of_their_own_and_come_in_any_order() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let first = writer.hole(false);
    writer.integer(2);
    let last = writer.hole(false);
    writer.end_list();
    assert_eq!(writer.unfilled(), 2);

    assert!(writer.open(last));
    writer.begin_object();
    writer.key_utf8("inner");
    let inner = writer.hole(false);
    writer.end_object();
    writer.close();
    assert!(writer.open(inner));
    writer.utf8("deep");
    writer.close();
    assert!(writer.open(first));
    writer.integer(1);
    writer.close();

    assert_eq!(writer.unfilled(), 0);
    assert_eq!(finished(writer), r#"[1,2,{"inner":"deep"}]"#);
}

#[test]
fn a_list_of_nothing_but_a_hole_is_closed_properly() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let hole = writer.hole(true);
    writer.end_list();
    writer.void(hole);
    assert_eq!(finished(writer), "[null]");
}

#[test]
fn null_takes_the_nearest_enclosing_place_and_the_holes_in_it() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    writer.integer(1);
    let mark = writer.mark();
    writer.begin_list();
    let refused = writer.hole(false);
    let lost = writer.hole(true);
    writer.end_list();
    writer.enclose(mark);
    let kept = writer.hole(false);
    writer.end_list();

    writer.void(refused);
    assert_eq!(writer.unfilled(), 1);
    assert!(!writer.open(lost));
    writer.void(lost);
    assert!(writer.open(kept));
    writer.integer(3);
    writer.close();
    assert!(!writer.is_void());
    assert_eq!(finished(writer), "[1,null,3]");
}

#[test]
fn null_rises_through_the_hole_whose_page_it_is_in() {
    let mut writer = Writer::new(Growing::default());
    let mark = writer.mark();
    writer.begin_list();
    let outer = writer.hole(false);
    writer.end_list();
    writer.enclose(mark);
    assert!(writer.open(outer));
    writer.begin_list();
    let inner = writer.hole(false);
    writer.end_list();
    writer.close();
    writer.void(inner);
    assert_eq!(finished(writer), "null");
}

#[test]
fn the_output_is_void_when_null_may_stand_nowhere() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let refused = writer.hole(false);
    let other = writer.hole(true);
    writer.end_list();
    assert!(!writer.is_void());
    writer.void(refused);
    assert!(writer.is_void());
    assert!(!writer.open(other));
    assert_eq!(writer.unfilled(), 0);
    assert_eq!(finished(writer), "null");
}

#[test]
fn a_rollback_takes_its_holes_with_it() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let kept = writer.hole(false);
    let mark = writer.mark();
    writer.begin_list();
    let lost = writer.hole(false);
    writer.rollback(mark);
    writer.null();
    writer.end_list();
    assert_eq!(writer.unfilled(), 1);
    assert!(!writer.open(lost));
    assert!(writer.open(kept));
    writer.integer(1);
    writer.close();
    assert_eq!(finished(writer), "[1,null]");
}

#[test]
fn an_abandoned_page_leaves_nothing_and_may_be_opened_again() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let hole = writer.hole(false);
    writer.end_list();
    assert!(writer.open(hole));
    writer.begin_list();
    let lost = writer.hole(false);
    writer.abandon();
    assert!(!writer.open(lost));
    assert!(writer.open(hole));
    writer.integer(5);
    writer.close();
    assert_eq!(finished(writer), "[5]");
}

#[test]
fn pages_larger_than_all_the_rest_find_their_place() {
    let mut writer = Writer::new(Growing::default());
    writer.begin_list();
    let holes: Vec<HoleId> = (0..1_000).map(|_| writer.hole(true)).collect();
    writer.end_list();
    let text = "long ".repeat(100);
    for hole in holes.iter().rev() {
        assert!(writer.open(*hole));
        writer.utf8(&text);
        writer.close();
    }
    let items = vec![format!("\"{text}\""); 1_000];
    assert_eq!(finished(writer), format!("[{}]", items.join(",")));
}
