"""Statements that were prepared, and are awaited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from onecross._core import Statement
from onecross.sql._asynchronous.closing import Closing
from onecross.sql._asynchronous.cursor import AsyncCursor
from onecross.sql.errors import ProgrammingError

if TYPE_CHECKING:
    from onecross._core_sql import Parameters
    from onecross.sql._asynchronous.connection import AsyncConnection


class AsyncStatement:
    """A statement that is kept ready as long as this is open; see `AsyncConnection.prepare`."""

    __slots__ = ("__weakref__", "_connection", "_is_closed", "_statement")

    def __init__(self, connection: AsyncConnection, statement: Statement) -> None:
        self._connection = connection
        self._statement = statement
        self._is_closed = False

    def execute(self, parameters: Parameters | None = None, /) -> Closing[AsyncCursor]:
        """Run the statement with a new cursor, and return that."""

        async def execute() -> AsyncCursor:
            self._check()
            return await self._connection.execute(self._statement.sql, parameters)

        return Closing(execute(), AsyncCursor.aclose)

    def executemany(self, seq_of_parameters: Iterable[Parameters], /) -> Closing[AsyncCursor]:
        """Run the statement once for each of many sets of parameters."""

        async def execute() -> AsyncCursor:
            self._check()
            return await self._connection.executemany(self._statement.sql, seq_of_parameters)

        return Closing(execute(), AsyncCursor.aclose)

    def __call__(self, *values: Any, **named: Any) -> Closing[AsyncCursor]:
        """Run the statement with the parameters as arguments, by their places or by their names."""
        if values and named:
            raise TypeError("give parameters by their places or by their names, not by both")
        return self.execute(named or values)

    async def close(self) -> None:
        """Keep the statement ready no longer; it cannot be run any more."""
        self._abandon()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    @property
    def sql(self) -> str:
        """The text of the statement."""
        return self._statement.sql

    @property
    def is_read_only(self) -> bool:
        """Whether the statement writes to no database by itself."""
        return self._statement.is_read_only

    def _abandon(self) -> None:
        self._is_closed = True
        self._statement.close()

    def _check(self) -> None:
        if self._is_closed:
            raise ProgrammingError("Cannot operate on a closed statement.")
