"""`Row`: as the standard library's, and an error where that one ends the process."""

import sqlite3 as stdlib

import pytest

from onecross.sql import sqlite3 as ours

SELECT = "select 1 as a, 'x' as B, null as \xe9"
KEYS = [
    0,
    2,
    -1,
    -3,
    3,
    -4,
    2**70,
    True,
    "a",
    "A",
    "b",
    "\xe9",
    "\xc9",
    "",
    "c",
    "a\0",
    slice(1, None),
]


def row_of(sqlite3, select=SELECT):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute(select).fetchone()
    connection.close()
    return row


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except (IndexError, TypeError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("key", [*KEYS, 1.5, None, b"a"], ids=repr)
def test_an_item_is_found_or_missed_as_in_the_standard_library(key):
    expected = outcome(row_of(stdlib).__getitem__, key)
    assert outcome(row_of(ours).__getitem__, key) == expected


def test_a_row_is_a_sequence_and_makes_a_dict():
    row = row_of(ours)
    assert (len(row), list(row), list(reversed(row))) == (3, [1, "x", None], [None, "x", 1])
    assert row.keys() == ["a", "B", "\xe9"]
    assert dict(row) == {"a": 1, "B": "x", "\xe9": None}


def test_rows_are_equal_when_names_and_values_are():
    assert row_of(ours) == row_of(ours)
    assert hash(row_of(ours)) == hash(row_of(ours))
    assert row_of(ours) != row_of(ours, "select 1 as b, 'x' as B, null as \xe9")
    assert row_of(ours) != (1, "x", None)


def test_a_factory_of_a_subclass_is_called():
    class Named(ours.Row):
        def __getattr__(self, name):
            return self[name]

    connection = ours.connect(":memory:")
    connection.row_factory = Named
    assert connection.execute("select 5 as five").fetchone().five == 5
    connection.close()


def test_a_row_of_no_result_has_values_but_no_names():
    row = ours.Row(ours.Cursor.__new__(ours.Cursor), (1,))
    assert (list(row), row.keys(), row == row, len({row})) == ([1], [], True, 1)
    with pytest.raises(IndexError, match="No item with that key"):
        row["a"]


def test_a_row_with_fewer_values_than_names_misses_those():
    connection = ours.connect(":memory:")
    cursor = connection.execute("select 1 as a, 2 as b")
    with pytest.raises(IndexError, match="No item with that key"):
        ours.Row(cursor, (1,))["b"]
    connection.close()
