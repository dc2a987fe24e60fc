"""What the native half of onecross takes in: at runtime all of it is in `onecross._core`."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, Self, final

from onecross._core_sql import Connection

class Load(Protocol):
    """What becomes of rows."""

    @property
    def table(self) -> str:
        """The table, as messages name it."""

    @property
    def first(self) -> str:
        """What is run before; nothing if it is empty."""

    @property
    def head(self) -> str:
        """The statement up to its SELECT."""

    @property
    def tail(self) -> str:
        """What follows the source."""

    @property
    def places(self) -> list[int]:
        """Which columns are taken, in the order of the statement's; all, if there are none here."""

    @property
    def guessed(self) -> tuple[str, ...]:
        """The type of each of the statement's columns, if the values tell it; else nothing."""

    @property
    def progress(self) -> Callable[[int, int | None], object] | None:
        """Told how many rows are stored, and how many there are."""

@final
class Intake:
    """Rows or columns that are given to be stored. They are taken once."""

    def __new__(cls) -> Self: ...
    @staticmethod
    def of_records(iterator: Iterator[Any], kind: int, names: list[str], is_exact: bool) -> Intake:
        """Rows that an iterator gives: sequences (0), mappings (1) or objects (2)."""

    def look_ahead(self, connection: Connection, most: int) -> list[tuple[Any, ...]]:
        """Reads the first rows at once, for a connection; answers the values that each had then."""

    @staticmethod
    def of_arrow(source: Any) -> Intake:
        """A table that an object hands out by Arrow's interface."""

    def add_numbers(
        self, name: str, numbers: Any, mask: Any | None = None, unit: str | None = None, /
    ) -> bool:
        """Adds a column of numbers; where the mask is true, there is none.

        Answers whether the object shows one row of numbers that SQLite can store.
        """

    def add_values(self, name: str, values: list[Any]) -> None:
        """Adds a column of objects."""

    def add_arrow(self, name: str, source: Any) -> None:
        """Adds a column that an object hands out by Arrow's interface."""

    def want(self, places: list[int]) -> None:
        """Has these columns read alone."""

    @property
    def names(self) -> list[str]:
        """The names of the columns, as far as they are known."""

    @property
    def declared(self) -> list[str | None]:
        """The type that CREATE TABLE would have for each column; None where its values tell."""

def load_rows(connection: Connection, begin: Callable[[], tuple[Intake, Load]]) -> int:
    """Stores all rows, or none; answers how many were stored or changed.

    What begins it reads the first rows, and answers what has all of them, and what becomes of them.
    """

def register_table(
    connection: Connection, name: str, begin: Callable[[], tuple[Intake, list[str], list[int]]]
) -> None:
    """Has the connection know a table that is in no database."""

def unregister_table(connection: Connection, name: str) -> bool:
    """Has the connection forget such a table; tells whether it knew it."""
