//! Holes, and what null does to them, against the rule of null told directly.

mod tree;

use onecross_json::{Growing, HoleId, Writer};
use proptest::prelude::*;

use tree::{check, node};

proptest! {
    #[test]
    fn the_order_of_filling_does_not_matter(
        root in node(),
        choices in prop::collection::vec(any::<usize>(), 1..20),
    ) {
        check(&root, &choices);
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

    let mut given_up = writer.void(refused);
    given_up.sort_by_key(|hole| usize::from(*hole));
    assert_eq!(given_up, [refused, lost]);
    assert_eq!(writer.unfilled(), 1);
    assert!(!writer.open(lost));
    assert_eq!(writer.void(lost), []);
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
