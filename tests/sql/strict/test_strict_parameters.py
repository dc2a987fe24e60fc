"""What the strict face takes for a parameter, what stands for it, and how it refuses the rest."""

import datetime
import decimal
import enum
import uuid
from collections import UserDict, deque

import numpy
import pytest

import onecross.sql as sql


class Colour(enum.Enum):
    RED = "red"
    WHEN = datetime.date(2026, 1, 2)


class Size(enum.IntEnum):
    SMALL = 1


class Money(decimal.Decimal):
    pass


class Text(str):
    __slots__ = ()


def stored(connection, value):
    return connection.execute("select ?, typeof(?1)", [value]).fetchone()


ZONE = datetime.timezone(datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, (None, "null")),
        (True, (1, "integer")),
        (-(2**63), (-(2**63), "integer")),
        (2**63 - 1, (2**63 - 1, "integer")),
        (1.5, (1.5, "real")),
        (float("nan"), (None, "null")),
        ("a\0b", ("a\0b", "text")),
        ("größer 🦀", ("größer 🦀", "text")),
        (Text("ä"), ("ä", "text")),
        (b"", (b"", "blob")),
        (bytearray(b"\0\xff"), (b"\0\xff", "blob")),
        (memoryview(b"abcdef")[1:3], (b"bc", "blob")),
        (decimal.Decimal("1.10"), ("1.10", "text")),
        (Money("2.50"), ("2.50", "text")),
        (uuid.UUID(int=7), ("00000000-0000-0000-0000-000000000007", "text")),
        (datetime.date(2026, 1, 2), ("2026-01-02", "text")),
        (datetime.time(3, 4, 5, 6), ("03:04:05.000006", "text")),
        (datetime.datetime(2026, 1, 2, 3, 4), ("2026-01-02 03:04:00", "text")),
        (datetime.datetime(2026, 1, 2, 3, tzinfo=ZONE), ("2026-01-02 03:00:00+02:00", "text")),
        (Colour.RED, ("red", "text")),
        (Colour.WHEN, ("2026-01-02", "text")),
        (Size.SMALL, (1, "integer")),
        (numpy.int64(-5), (-5, "integer")),
        (numpy.uint8(200), (200, "integer")),
        (numpy.bool_(True), (1, "integer")),
        (numpy.float32(0.5), (0.5, "real")),
        (numpy.float64(0.1), (0.1, "real")),
        (numpy.str_("ü"), ("ü", "text")),
        (numpy.bytes_(b"ab"), (b"ab", "blob")),
        (numpy.datetime64("2026-01-02T03:04"), ("2026-01-02 03:04", "text")),
        (numpy.datetime64("NaT"), (None, "null")),
    ],
    ids=repr,
)
def test_what_stands_for_a_parameter(connection, value, expected):
    found = stored(connection, value)
    assert found == expected
    assert type(found[0]) is type(expected[0])


NAMED = [
    ("select :a, :b", {"a": 1, "b": 2}),
    ("select @a, $b", {"a": 1, "b": 2, "unused": 3}),
    ("select :a, :b", UserDict(a=1, b=2)),
    ("select ?2 - 1, ?1 + 1", [1, 2]),
    ("select ?, ?", (1, 2)),
    ("select ?, ?", [1, 2]),
    ("select ?, ?", deque([1, 2])),
    ("select ?, ?", range(1, 3)),
]


@pytest.mark.parametrize(("text", "parameters"), NAMED)
def test_parameters_are_given_by_place_or_by_name(connection, text, parameters):
    assert connection.execute(text, parameters).fetchone() == (1, 2)


@pytest.mark.parametrize(
    ("text", "parameters", "message"),
    [
        ("select ?", None, "uses 1, and there are 0"),
        ("select ?", (1, 2), "uses 1, and there are 2"),
        ("select 1", (1,), "uses 0, and there are 1"),
        ("select :a, :b", {"a": 1}, "binding parameter :b"),
        ("select ?, :b", {"b": 1}, "Binding 1 has no name"),
        ("select ?, :b", (1, 2), r"parameter 2 \(:b\) has a name: give .* a mapping"),
        ("select ?", 7, "unsupported type"),
        ("select ?", {1, 2}, "unsupported type"),
    ],
)
def test_parameters_that_do_not_fit(connection, text, parameters, message):
    with pytest.raises(sql.ProgrammingError, match=message):
        connection.execute(text, parameters)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**200])
def test_an_int_that_is_too_wide(connection, number):
    with pytest.raises(sql.OutOfRangeError, match="parameter 2 is an int that does not") as caught:
        connection.execute("select ?, ?", (1, number))
    assert isinstance(caught.value, OverflowError)
    assert isinstance(caught.value, sql.DataError)


def test_a_lone_surrogate(connection):
    with pytest.raises(sql.DataError, match=r"parameter 1 \(:name\) .* lone surrogate") as caught:
        connection.execute("select :name", {"name": "a\ud800"})
    assert isinstance(caught.value.__cause__, UnicodeEncodeError)


@pytest.mark.parametrize("value", [object(), [1], datetime.timedelta(1), 1j, numpy.complex64(1)])
def test_what_sqlite_does_not_know(connection, value):
    message = r"parameter 2 \(@b\) is of type '[a-z0-9]+', .*register_adapter"
    with pytest.raises(sql.ProgrammingError, match=message):
        connection.execute("select @a, @b", {"a": 1, "b": value})


@pytest.mark.parametrize("value", [numpy.timedelta64(1), numpy.longdouble(1)])
def test_a_scalar_without_a_form_in_sqlite(connection, value):
    with pytest.raises(sql.ProgrammingError, match=type(value).__name__) as caught:
        stored(connection, value)
    assert caught.value.__notes__ == ["while parameter 1 was made into what SQLite knows"]


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Place(Point):
    pass


@pytest.fixture
def adapted():
    sql.register_adapter(Point, lambda point: f"{point.x};{point.y}")
    yield
    sql._adapters._ADAPTERS.pop(Point)


@pytest.mark.usefixtures("adapted")
def test_an_adapter_is_for_a_class_and_those_derived_from_it(connection):
    assert stored(connection, Point(1, 2)) == ("1;2", "text")
    assert stored(connection, Place(3, 4)) == ("3;4", "text")


def test_a_class_says_itself_what_stands_for_it(connection):
    class Conforming(Point):
        def __conform__(self, protocol):
            return f"{self.x} and {self.y}"

    assert stored(connection, Conforming(1, 2)) == ("1 and 2", "text")


def test_an_adapter_that_raises_is_told_of_the_parameter(connection):
    def fail(point):
        raise LookupError("no such point")

    sql.register_adapter(Point, fail)
    try:
        with pytest.raises(LookupError, match="no such point") as caught:
            connection.execute("select ?, ?", (1, Point(1, 2)))
    finally:
        sql._adapters._ADAPTERS.pop(Point)
    assert caught.value.__notes__ == ["while parameter 2 was made into what SQLite knows"]


@pytest.mark.parametrize("kind", [int, float, str, bytes, type(None)])
def test_what_sqlite_knows_is_not_adapted(kind):
    with pytest.raises(TypeError, match="stored as it is"):
        sql.register_adapter(kind, str)


def test_one_faces_adapters_are_not_the_others(connection):
    from onecross.sql import sqlite3

    sqlite3.register_adapter(Place, lambda place: "of the drop-in")
    try:
        with pytest.raises(sql.ProgrammingError, match="'Place'"):
            stored(connection, Place(1, 2))
    finally:
        sqlite3.adapters.pop((Place, sqlite3.PrepareProtocol))


def test_parameters_are_none_of_the_last_run(connection):
    assert stored(connection, Colour.RED)[0] == "red"
    with pytest.raises(sql.DataError):
        stored(connection, "\ud800")
    assert stored(connection, None) == (None, "null")
