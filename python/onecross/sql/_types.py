"""The type objects and constructors of PEP 249.

A column's type code, the second item of its `description`, is the type that it was declared with,
as text, or None: an expression has no type in SQLite. A type object equals the codes of its kind.
"""

import datetime

__all__ = [
    "BINARY",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
    "Binary",
    "Date",
    "DateFromTicks",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "TypeObject",
]


class TypeObject:
    """A kind of columns: equal to the declared types whose values are of the kind.

    Example:
        ```python
        import onecross.sql

        connection = onecross.sql.connect(":memory:")
        connection.execute("create table people (name varchar(20), born date)")
        name, born = connection.execute("select * from people").description
        assert name[1] == "varchar(20)" == onecross.sql.STRING
        assert born[1] == onecross.sql.DATETIME != onecross.sql.STRING
        ```
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"onecross.sql.{self._name}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return kind_of(other) == self._name
        return self is other

    __hash__ = object.__hash__


# What decides is the first word that a declared type contains. SQLite itself goes by these words
# (https://sqlite.org/datatype3.html, 3.1), but knows neither dates nor keys.
_WORDS = [
    ("ROWID", "ROWID"),
    ("DATE", "DATETIME"),
    ("TIME", "DATETIME"),
    ("INT", "NUMBER"),
    ("CHAR", "STRING"),
    ("CLOB", "STRING"),
    ("TEXT", "STRING"),
    ("BLOB", "BINARY"),
    ("BINARY", "BINARY"),
]


def kind_of(declared_type: str) -> str:
    """Tell the kind of a declared type, by the name of its type object."""
    upper = declared_type.upper()
    return next((kind for word, kind in _WORDS if word in upper), "NUMBER")


STRING = TypeObject("STRING")
BINARY = TypeObject("BINARY")
NUMBER = TypeObject("NUMBER")
DATETIME = TypeObject("DATETIME")
ROWID = TypeObject("ROWID")

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime


def DateFromTicks(ticks: float) -> datetime.date:  # noqa: N802 - PEP 249 names it
    """The local date so many seconds after the epoch."""
    return datetime.date.fromtimestamp(ticks)


def TimeFromTicks(ticks: float) -> datetime.time:  # noqa: N802 - PEP 249 names it
    """The local time of day so many seconds after the epoch."""
    return datetime.datetime.fromtimestamp(ticks).time()


def TimestampFromTicks(ticks: float) -> datetime.datetime:  # noqa: N802 - PEP 249 names it
    """The local date and time so many seconds after the epoch."""
    return datetime.datetime.fromtimestamp(ticks)


def Binary(data: bytes | bytearray | memoryview) -> bytes:  # noqa: N802 - PEP 249 names it
    """The bytes of an object, as a BLOB is given them."""
    return bytes(memoryview(data))
