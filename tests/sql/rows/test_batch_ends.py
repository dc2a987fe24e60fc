"""What rows say depends neither on where a batch ends nor on what was looked at before."""

import pytest

from onecross.sql import ColumnError

# More than are read before they are asked for.
MANY = "with recursive n(i) as (select 0 union all select i + 1 from n where i < 2000) "
GREAT = 2**53 + 1


def look(rows):
    rows._repr_html_()


def take_none(rows):
    del rows


LOOKS = [take_none, look]


@pytest.mark.parametrize("before", LOOKS)
def test_an_integer_is_no_float_where_the_gap_is_elsewhere(strict, before):
    rows = strict.query(
        MANY + f"select case i when 0 then {GREAT} when 1500 then null else i end as s from n"
    )
    before(rows)
    with pytest.raises(ColumnError, match=f"row 0: {GREAT} stands among floats"):
        rows.numpy(nulls="nan")


@pytest.mark.parametrize("before", LOOKS)
@pytest.mark.parametrize("behind", ["i", "i + 0.5", "null", "'x'"])
def test_any_values_are_objects(strict, before, behind):
    rows = strict.query(
        MANY + f"select case when i = 0 then {GREAT} when i < 1024 then i else {behind} end as s "
        "from n",
        types={"s": "ANY"},
    )
    before(rows)
    found = rows.numpy(nulls="nan")["s"]
    assert found.dtype == object
    assert found[0] == GREAT
    assert type(found[1]) is int
