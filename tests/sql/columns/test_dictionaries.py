"""What dictionaries look up is stored, and refused only where a row has it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import onecross.sql
from onecross.sql.errors import ColumnError


def dictionary(keys, values):
    mask = np.array([key is None for key in keys], bool)
    places = pa.array(np.array([key or 0 for key in keys], "i4"), mask=mask)
    return pa.DictionaryArray.from_arrays(places, pa.array(values, pa.uint64()))


def test_the_row_that_has_a_value_of_a_dictionary_is_told(strict):
    wide = dictionary([0] * 70_000 + [1, 1], [1, 2**64 - 1])
    for data in (pa.table({"x": wide}), {"x": wide}):
        with pytest.raises(ColumnError, match="row 70000: 18446744073709551615") as refused:
            strict.create("t", data)
        assert refused.value.row == 70_000
    strict.create("t", pa.table({"x": wide}).slice(0, 10))
    assert strict.execute("select sum(x), count(*) from t").fetchone() == (10, 10)


@given(
    st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=12),
    st.lists(st.sampled_from([1, 2, 2**64 - 1, 2**63, None]), min_size=4, max_size=4),
)
def test_a_dictionary_is_what_its_rows_are(keys, values):
    connection = onecross.sql.connect(":memory:")
    rows = [None if key is None else values[key] for key in keys]
    wide = [row for row, value in enumerate(rows) if value is not None and value >= 2**63]
    columns = {"x": dictionary(keys, values)}
    if wide:
        with pytest.raises(ColumnError) as refused:
            connection.create("t", columns)
        assert (refused.value.row, refused.value.value) == (wide[0], str(rows[wide[0]]))
    else:
        connection.create("t", columns)
        assert [x for (x,) in connection.execute("select x from t")] == rows
    connection.close()
