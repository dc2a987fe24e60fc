"""Names of columns that are given twice, or not at all, are errors: no value is dropped."""

import collections

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from onecross.sql.errors import OperationalError, ProgrammingError

TWO = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])


@pytest.fixture
def table(strict):
    strict.execute("create table t (a, b)")
    return strict


@pytest.mark.parametrize(
    ("data", "columns", "name"),
    [
        ({"x": [10], "y": [20]}, {"x": "a", "y": "a"}, "a"),
        ({"x": [10], "y": [20]}, {"x": "a", "y": "A"}, "A"),
        ({"a": [10], "A": [20]}, None, "A"),
        ([(10, 20)], ["a", "a"], "a"),
        ([[10, 20]], ["a", "A"], "A"),
        ([{"a": 10, "A": 20}], None, "A"),
        ([collections.namedtuple("Row", "a A")(10, 20)], None, "A"),
        (np.array([[10, 20]]), ["a", "a"], "a"),
        (TWO, None, "a"),
    ],
)
def test_a_name_that_is_given_twice_is_refused(table, data, columns, name):
    for store in (table.insert, table.create, table.register):
        with pytest.raises(ProgrammingError, match=f"column '{name}' is given twice, first as"):
            store("t", data, columns=columns)
    assert table.execute("select * from t").fetchall() == []


LONE = "k\ud800"


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        ({LONE: [10]}, None),
        ({LONE: np.array([10])}, None),
        ({LONE: pa.array([10])}, None),
        ({LONE: [10]}, ["a"]),
        ({"a": [10]}, {"a": LONE}),
        ([{LONE: 10}], None),
        ([(10,)], [LONE]),
        ([], [LONE]),
        (np.array([[10]]), [LONE]),
        (np.zeros(1, [(LONE, "i8")]), None),
        (pa.table({"a": [10]}), {"a": LONE}),
    ],
)
def test_a_name_that_is_no_text_is_refused(table, data, columns):
    for store in (table.insert, table.create, table.register):
        with pytest.raises(ProgrammingError, match=r"column 'k\\ud800' has a lone surrogate"):
            store("u", data, columns=columns)
    table.execute('create table w ("k\N{REPLACEMENT CHARACTER}")')
    if isinstance(data, dict) and columns is None:
        with pytest.raises(ProgrammingError, match=r"column 'k\\ud800' has a lone surrogate"):
            table.executemany("insert into w values (?)", data)
    assert table.execute("select * from w").fetchall() == []


def test_rows_are_read_by_any_key(table):
    table.create("u", [{LONE: 10}], columns={LONE: "a"})
    assert table.execute("select a from u").fetchall() == [(10,)]


def test_letters_beyond_ascii_are_told_apart_as_sqlite_does(table):
    table.create("u", {"é": [1], "É": [2]})
    assert table.execute("select * from u").fetchall() == [(1, 2)]


def test_a_name_that_two_columns_have_is_refused(table):
    with pytest.raises(ProgrammingError, match="there are two columns of the name 'a'"):
        table.insert("t", TWO, columns=["a"])
    with pytest.raises(ProgrammingError, match=r"two columns for parameter 1 \(:a\)"):
        table.executemany("insert into t (a) values (:a)", TWO)
    table.executemany("insert into t values (?, ?)", TWO)
    table.executemany("insert into t values (:a, :A)", {"a": [1], "A": [2]})
    assert table.execute("select * from t").fetchall() == [(1, 2), (1, 2)]


@pytest.mark.parametrize("columns", [[], (), {}])
def test_columns_that_name_none_are_refused(table, columns):
    for data in ({"b": [1], "a": [2]}, [{"a": 1}], [(1, 2)], TWO):
        for store in (table.insert, table.create, table.register):
            with pytest.raises(ProgrammingError, match="columns= names no column"):
                store("t", data, columns=columns)


def test_one_name_is_no_list_of_names(table):
    for data in ({"a": [1]}, [{"a": 1}], [(1,)], TWO):
        with pytest.raises(TypeError, match="columns= is a list of names"):
            table.insert("t", data, columns="a")


def test_rows_without_values_are_refused(table):
    for data in ([(), ()], [{}], [[]], [type("Empty", (), {"__attrs_attrs__": ()})()]):
        with pytest.raises(ProgrammingError, match="rows that were given have no values"):
            table.insert("t", data)


@pytest.mark.parametrize("nothing", [[], iter(()), {}, {"a": []}, [(1,)][:0]])
def test_no_rows_want_a_table_nevertheless(table, nothing):
    assert table.insert("t", nothing) == 0
    with pytest.raises(OperationalError, match="no such table: nosuch"):
        table.insert("nosuch", nothing)
    assert table.insert("t", [], columns=["b"]) == 0
    with pytest.raises(OperationalError, match="no column named nosuch"):
        table.insert("t", [], columns=["nosuch"])
    assert table.insert("t", [], on_conflict="update") == 0


def test_a_conflict_that_names_no_column_is_refused(table):
    with pytest.raises(ProgrammingError, match="on_conflict= names no column"):
        table.insert("t", {"a": [1]}, on_conflict=[])


def test_labels_of_rows_without_a_name_are_left_out(table):
    frame = pd.DataFrame({"a": [1, 2, 3, 4]}).iloc[[0, 1, 3]]
    for data in (frame, pa.Table.from_pandas(frame)):
        table.create("made", data)
        assert table.execute("select * from made").fetchall() == [(1,), (2,), (4,)]
        assert table.execute("select name from pragma_table_info('made')").fetchall() == [("a",)]
        assert table.insert("made", data) == 3
        assert table.executemany("insert into made values (?)", data).rowcount == 3
        table.execute("drop table made")
        table.create("made", data, columns={"__index_level_0__": "label", "a": "a"})
        assert table.execute("select label from made").fetchall() == [(0,), (1,), (3,)]
        table.execute("drop table made")
    named = frame.rename_axis("label")
    table.create("made", named)
    assert table.execute("select a, label from made").fetchall() == [(1, 0), (2, 1), (4, 3)]
    with pytest.raises(ProgrammingError, match="columns= names it"):
        table.create("none", frame[[]])


def test_an_array_of_more_than_two_dimensions_is_refused(table):
    with pytest.raises(ProgrammingError, match="an array of 3 dimensions"):
        table.insert("t", np.arange(8).reshape(2, 2, 2))


TWINS = {
    "numbers": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "objects": pd.DataFrame([["x", 2, 3]], columns=["a", "a", "b"]),
}


@pytest.mark.parametrize("frame", TWINS.values(), ids=TWINS)
def test_a_frame_with_two_columns_of_one_name_is_refused(strict, frame):
    strict.execute("create table t (a, b)")
    for take in (
        lambda: strict.insert("t", frame),
        lambda: strict.create("u", frame),
        lambda: strict.register("v", frame),
        lambda: strict.executemany("insert into t values (:a, :b)", frame),
    ):
        with pytest.raises(ProgrammingError, match="two columns of the name 'a'"):
            take()
    assert strict.execute("select count(*) from t").fetchone() == (0,)
