//! Whatever is appended under whatever rules, and cut wherever, comes out as it was in each form.

mod arrays;
mod check;
mod documents;
mod table;
mod wanted;

use proptest::prelude::*;

proptest! {
    #[test]
    fn any_table_comes_out_as_it_was(
        table in table::table(),
        choices in prop::collection::vec(any::<u8>(), 8),
    ) {
        check::check(&table, &choices);
    }
}
