//! A text is complete where a statement ends.

use onecross_sqlite::is_complete;

#[test]
fn a_statement_ends_with_its_own_semicolon() {
    for text in [c"select 1;", c"select 1; -- more\n", c"create trigger t begin select 1; end;"] {
        assert!(is_complete(text), "{text:?}");
    }
    for text in [
        c"",
        c"select 1",
        c"select ';",
        c"select 1 -- ;",
        c"select 1; select 2",
        c"create trigger t begin select 1;",
    ] {
        assert!(!is_complete(text), "{text:?}");
    }
}
