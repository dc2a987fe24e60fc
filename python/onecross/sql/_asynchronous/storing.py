"""Many rows stored, and columns read as tables, asked for by tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from onecross.sql._asynchronous.access import Access

if TYPE_CHECKING:
    from onecross.sql import _storing


class AsyncStoring:
    """What stores rows, and registers columns, as by `onecross.sql.Connection`.

    The worker iterates what it is given, and calls what is told of the progress. A task that is
    cancelled stores nothing.
    """

    __slots__ = ()

    _access: Access

    async def insert(
        self,
        table: str,
        data: Any,
        *,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        on_conflict: _storing.Conflict = "abort",
        schema: str | None = None,
        progress: _storing.Progress = False,
    ) -> int:
        """Store many rows in a table: all of them, or none; the arguments are those of its twin."""
        insert = partial(
            self._access.connection.insert,
            columns=columns,
            on_conflict=on_conflict,
            schema=schema,
            progress=progress,
        )
        return await self._access.run(insert, table, data)

    async def create(
        self,
        table: str,
        data: Any,
        *,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        types: Mapping[str, str | type] | None = None,
        primary_key: str | Sequence[str] | None = None,
        schema: str | None = None,
        progress: _storing.Progress = False,
    ) -> int:
        """Make a table for rows, and store them in it; the arguments are those of its twin."""
        create = partial(
            self._access.connection.create,
            columns=columns,
            types=types,
            primary_key=primary_key,
            schema=schema,
            progress=progress,
        )
        return await self._access.run(create, table, data)

    async def register(
        self, name: str, data: Any, *, columns: Sequence[str] | Mapping[str, str] | None = None
    ) -> None:
        """Have SQL read columns in memory as a table; the arguments are those of its twin."""
        register = partial(self._access.connection.register, columns=columns)
        await self._access.run(register, name, data)

    async def unregister(self, name: str) -> None:
        """Forget what was registered. Statements that run go on with it."""
        await self._access.run(self._access.connection.unregister, name)
