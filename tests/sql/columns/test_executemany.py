"""A statement is run once for each row of columns."""

import numpy as np
import pyarrow as pa
import pytest

from onecross.sql.errors import IntegrityError, ProgrammingError


@pytest.fixture
def table(strict):
    strict.execute("create table t (id integer primary key, name text)")
    strict.insert("t", {"id": range(5), "name": ["a", "b", "c", "d", "e"]})
    strict.commit()
    return strict


def names(connection):
    return [name for (name,) in connection.execute("select name from t order by id")]


def test_columns_go_to_parameters_by_place_or_by_name(table):
    by_place = {"name": ["x", "é"], "id": np.array([0, 1])}
    assert table.executemany("update t set name = ? where id = ?", by_place).rowcount == 2
    assert names(table) == ["x", "é", "c", "d", "e"]
    by_name = pa.table({"id": [2, 3], "other": [0, 0], "name": [None, "y"]})
    table.executemany("update t set name = :name where id = :id", by_name)
    assert names(table) == ["x", "é", None, "y", "e"]
    cursor = table.cursor()
    cursor.executemany("delete from t where id = ?", {"id": range(4)})
    assert (cursor.rowcount, names(table)) == (4, ["e"])


def test_what_is_returned_can_be_fetched(table):
    text = "insert into t (name) values (?) returning id, name"
    cursor = table.executemany(text, {"name": ["x", "y"]})
    assert cursor.fetchall() == [(5, "x"), (6, "y")]


def test_all_rows_or_none(table):
    with pytest.raises(IntegrityError) as caught:
        table.executemany("insert into t (id) values (?)", {"id": [8, 9, 0]})
    assert caught.value.row == 2
    assert len(names(table)) == 5


def test_what_no_parameter_names_is_not_read(table):
    table.executemany("update t set name = :n", {"o": [object()], "n": ["x"], "p": [[]]})
    assert names(table) == ["x"] * 5


def test_columns_that_do_not_fit_are_told(table):
    for columns, message in [
        ({"id": [1]}, r"no column for parameter 2"),
        ({"id": [1], "name": [1], "more": [1]}, "3 columns, and the statement has 2"),
    ]:
        with pytest.raises(ProgrammingError, match=message):
            table.executemany("update t set name = ? where id = ?", columns)
    with pytest.raises(ProgrammingError, match=r"no column for parameter 1 \(:who\)"):
        table.executemany("update t set name = :who", {"name": ["x"]})
    with pytest.raises(ProgrammingError, match="DML"):
        table.executemany("select ?", {"id": [1]})


def test_rows_of_parameters_are_what_they_were(table):
    table.executemany("update t set name = ? where id = ?", iter([("x", 0), ("y", 1)]))
    table.executemany("update t set name = :n where id = :i", ({"n": "z", "i": 2},))
    assert names(table) == ["x", "y", "z", "d", "e"]
