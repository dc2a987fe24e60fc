"""Each row is stored as it was when it came, also if the next one is the same object, changed."""

import dataclasses

import attrs
import msgspec
import numpy as np
import pydantic
import pytest

import onecross.sql
from onecross.sql.errors import ColumnError, ProgrammingError

# One, fewer than are looked at before a table is made, and more.
COUNTS = [1, 5, 1_000, 2_100]


class Slots:
    __slots__ = ("n", "text")


@dataclasses.dataclass
class Plain:
    n: int = 0
    text: str = ""


@attrs.define
class Attrs:
    n: int = 0
    text: str = ""


class Struct(msgspec.Struct):
    n: int = 0
    text: str = ""


class Model(pydantic.BaseModel):
    n: int = 0
    text: str = ""


def changed_items(row, count):
    for number in range(count):
        row.update(n=number, text=f"{number}")
        yield row


def changed_places(row, count):
    for number in range(count):
        row[:] = [number, f"{number}"]
        yield row


def changed_attributes(row, count):
    for number in range(count):
        row.n, row.text = number, f"{number}"
        yield row


SOURCES = {
    "dict": lambda count: changed_items({}, count),
    "list": lambda count: changed_places([None, None], count),
    "array of objects": lambda count: changed_places(np.zeros(2, object), count),
    "slots": lambda count: changed_attributes(Slots(), count),
    "dataclass": lambda count: changed_attributes(Plain(), count),
    "attrs": lambda count: changed_attributes(Attrs(), count),
    "struct": lambda count: changed_attributes(Struct(), count),
    "model": lambda count: changed_attributes(Model(), count),
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", SOURCES)
def test_a_row_that_comes_again_is_another_one(kind, count):
    rows = SOURCES[kind]
    connection = onecross.sql.connect(":memory:")
    connection.execute("create table inserted (n, text)")
    connection.insert("inserted", rows(count), columns=["n", "text"])
    connection.create("made", rows(count), columns=["n", "text"])
    connection.register("held", rows(count), columns=["n", "text"])
    for table in ("inserted", "made", "held"):
        stored = connection.execute(f"select n, text from {table} order by n").fetchall()
        assert stored == [(number, f"{number}") for number in range(count)], table
    made = connection.execute("select type from pragma_table_info('made')").fetchall()
    assert made == [("INTEGER",), ("TEXT",)]
    connection.close()


def test_bytes_that_are_written_over_are_those_of_their_row(strict):
    buffer = bytearray(1)

    def rows():
        for number in range(3):
            buffer[0] = number
            yield (number, buffer)

    strict.create("t", rows(), columns=["n", "data"])
    assert strict.execute("select data from t").fetchall() == [(b"\0",), (b"\1",), (b"\2",)]


def test_numbers_of_an_array_that_is_a_row_tell_their_types(strict):
    for kind, row in (("INTEGER", np.zeros(1, "i8")), ("REAL", np.zeros(1))):
        strict.create("t", changed(row, 3), columns=["n"])
        assert strict.execute("select n from t").fetchall() == [(0,), (1,), (2,)]
        assert strict.execute("select type from pragma_table_info('t')").fetchone() == (kind,)
        strict.execute("drop table t")


def changed(row, count):
    for number in range(count):
        row[:] = number
        yield row


def test_each_attribute_is_read_once(strict):
    class Counter:
        def __init__(self):
            self.asked = 0

        @property
        def n(self):
            self.asked += 1
            return self.asked

    rows = [Counter() for _ in range(3)]
    strict.create("t", iter(rows), columns=["n"])
    assert strict.execute("select n from t").fetchall() == [(1,), (1,), (1,)]


def broken(kind, at):
    for number in range(1_500):
        row = {"n": number, "text": ""}
        if number == at:
            if kind == "missing":
                del row["text"]
            elif kind == "beside":
                row["more"] = 1
            else:
                row["n"] = 2**70
        yield row


@pytest.mark.parametrize("at", [1, 999, 1_000, 1_200])
@pytest.mark.parametrize(
    ("kind", "message"),
    [("missing", "has no key 'text'"), ("beside", "has keys beside"), ("large", "does not fit")],
)
def test_the_row_that_is_wrong_is_told_wherever_it_is(strict, at, kind, message):
    with pytest.raises((ColumnError, ProgrammingError, OverflowError), match=message) as told:
        strict.create("t", broken(kind, at))
    assert f"row {at}" in str(told.value)
    assert strict.execute("select count(*) from sqlite_schema").fetchone() == (0,)
