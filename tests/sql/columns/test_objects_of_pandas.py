"""Columns of pandas that have objects are stored as these are, as a list of them is."""

import datetime
import decimal
import uuid

import numpy as np
import pandas as pd
import pytest

from onecross.sql.errors import ColumnError, ProgrammingError

NUMBER = uuid.UUID(int=1)
OBJECTS = {
    "numbers and texts": ([1, "x", None], [1, "x", None]),
    "bytes and texts": ([b"q", "s"], [b"q", "s"]),
    "numbers": ([1, 2.5], [1, 2.5]),
    "truths and numbers": ([True, None, 3], [1, None, 3]),
    "large numbers": ([2**53 + 1, None], [2**53 + 1, None]),
    "identifiers": ([NUMBER], [str(NUMBER)]),
    "decimals": ([decimal.Decimal("1.5"), decimal.Decimal("2.00")], ["1.5", "2.00"]),
    "days": ([datetime.date(2026, 11, 22), None], ["2026-11-22", None]),
    "what is missing": (["a", None, float("nan"), pd.NA, pd.NaT], ["a", None, None, None, None]),
    "none": ([], []),
}


def objects(values):
    return pd.Series(values, dtype=object)


@pytest.mark.parametrize("kind", OBJECTS)
def test_each_object_is_stored_as_it_is(strict, kind):
    values, expected = OBJECTS[kind]
    frame = pd.DataFrame({"n": np.arange(len(values)), "x": objects(values)})
    for data in (frame, {"n": frame["n"], "x": frame["x"]}):
        strict.execute("create table inserted (n, x)")
        strict.execute("create table run (n, x)")
        assert strict.insert("inserted", data) == len(values)
        strict.create("made", data)
        strict.create("listed", {"n": list(range(len(values))), "x": values})
        strict.register("held", data)
        strict.executemany("insert into run values (:n, :x)", data)
        for table in ("inserted", "made", "listed", "held", "run"):
            stored = [value for (value,) in strict.execute(f"select x from {table} order by n")]
            assert stored == expected, table
            assert list(map(type, stored)) == list(map(type, expected)), table
        types = "select type from pragma_table_info(?) where name = 'x'"
        assert strict.execute(types, ["made"]).fetchone() == (
            strict.execute(types, ["listed"]).fetchone()
        )
        for table in ("inserted", "run", "made", "listed"):
            strict.execute(f"drop table {table}")


def test_texts_beside_what_is_missing_are_a_column_of_texts(strict):
    strict.create("t", pd.DataFrame({"x": objects(["a", np.nan])}))
    assert strict.execute("select type from pragma_table_info('t')").fetchone() == ("TEXT",)


def test_names_order_and_index_are_those_of_other_frames(strict):
    columns = {"b": [1.5, 2.5], "x": objects([b"q", "s"]), "a": [1, 2], "y": objects([1, "z"])}
    frame = pd.DataFrame(columns)
    labelled = frame.set_index(pd.Index(["i", "k"]))
    named = labelled.rename_axis("label")
    twice = named.set_index("a", append=True)
    for data, names in (
        (frame, ["b", "x", "a", "y"]),
        (labelled, ["b", "x", "a", "y"]),
        (named, ["b", "x", "a", "y", "label"]),
        (twice, ["b", "x", "y", "label", "a"]),
        (named.rename_axis("x"), ["b", "x", "a", "y"]),
        (frame[["y", "x"]], ["y", "x"]),
        (frame.set_axis(range(4), axis=1), ["0", "1", "2", "3"]),
    ):
        strict.create("t", data)
        found = [name for (name,) in strict.execute("select name from pragma_table_info('t')")]
        assert found == names
        first = dict(zip(names, strict.execute("select * from t").fetchone(), strict=True))
        expected = {"b": 1.5, "x": b"q", "a": 1, "y": 1, "label": "i"}
        expected |= {"0": 1.5, "1": b"q", "2": 1, "3": 1}
        assert first == {name: expected[name] for name in names}
        strict.execute("drop table t")
    strict.create("t", labelled, columns={"__index_level_0__": "label", "x": "value"})
    assert strict.execute("select * from t").fetchall() == [("i", b"q"), ("k", "s")]
    assert frame["x"].tolist() == [b"q", "s"]


def test_columns_that_are_not_wanted_may_have_any_objects(strict):
    frame = pd.DataFrame({"n": [1], "x": objects([[1]])})
    strict.create("t", frame, columns=["n"])
    assert strict.execute("select * from t").fetchall() == [(1,)]
    with pytest.raises(ColumnError, match=r"column 'x', row 0: .* of type 'list'"):
        strict.create("u", frame)
    with pytest.raises(ProgrammingError, match=r"no column 'z' in what was given.* 'n', 'x'"):
        strict.create("u", frame, columns=["z"])
