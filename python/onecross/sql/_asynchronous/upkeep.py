"""Copies, limits, switches and extensions of a connection, asked for by tasks."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING, Any

from onecross.sql._asynchronous.access import Access
from onecross.sql._connection import Connection

if TYPE_CHECKING:
    from typing_extensions import Buffer


class AsyncUpkeep:
    """What is done with a database as a whole, as by `onecross.sql.Connection`."""

    __slots__ = ()

    _access: Access

    async def backup(
        self,
        target: AsyncUpkeep | Connection,
        *,
        pages: int = -1,
        progress: Callable[[int, int, int], object] | None = None,
        name: str = "main",
        sleep: float = 0.25,
    ) -> None:
        """Copy a database over that of another connection, which nobody can use meanwhile.

        Args:
            target: The connection whose database becomes the copy.
            pages: How many pages to copy at a time; all, if it is not positive.
            progress: Told after each time, in the worker's thread, how it ended, how many pages are
                left, and how many there are.
            name: The name of the database that is copied.
            sleep: How many seconds to wait before pages that were locked are tried again.
        """
        copy = (
            target._access.connection  # noqa: SLF001 - it is one of ours
            if isinstance(target, AsyncUpkeep)
            else target
        )

        def back_up() -> None:
            source = self._access.connection
            source.backup(copy, pages=pages, progress=progress, name=name, sleep=sleep)

        await self._access.run(back_up)

    async def serialize(self, *, name: str = "main") -> bytes:
        """The bytes of a database: those of its file, or what its file would hold."""
        return await self._access.run(lambda: self._access.connection.serialize(name=name))

    async def deserialize(self, data: Buffer | str, /, *, name: str = "main") -> None:
        """Put a database that `serialize` gave in the place of another, in memory."""
        await self._access.run(lambda: self._access.connection.deserialize(data, name=name))

    async def setlimit(self, category: int, limit: int, /) -> int:
        """Set the limit of a category, one of `SQLITE_LIMIT_*`, and return the one before."""
        return await self._access.run(self._access.connection.setlimit, category, limit)

    async def getlimit(self, category: int, /) -> int:
        """The limit of a category, one of `SQLITE_LIMIT_*`."""
        return await self._access.run(self._access.connection.getlimit, category)

    async def setconfig(self, op: int, enable: bool = True, /) -> None:
        """Turn something on, or off if `enable` is false: one of `SQLITE_DBCONFIG_*`."""
        await self._access.run(self._access.connection.setconfig, op, enable)

    async def getconfig(self, op: int, /) -> bool:
        """Whether something is on, one of `SQLITE_DBCONFIG_*`."""
        return await self._access.run(self._access.connection.getconfig, op)

    async def enable_load_extension(self, enable: bool, /) -> None:
        """Allow extensions to be loaded, by SQL, too, or forbid it. They are not, at first."""
        await self._access.run(self._access.connection.enable_load_extension, enable)

    async def load_extension(
        self,
        name: str | bytes | PathLike[str] | PathLike[bytes],
        /,
        *,
        entrypoint: str | None = None,
    ) -> None:
        """Load an extension from a shared library. Its code may do anything this process may."""
        connection = self._access.connection
        await self._access.run(lambda: connection.load_extension(name, entrypoint=entrypoint))

    async def set_autocommit(self, autocommit: Any, /) -> None:
        """Set whether each statement is a transaction of its own, outside of blocks.

        Args:
            autocommit: Whether it is. A transaction that is open is committed then.
        """

        def set_it() -> None:
            self._access.connection.autocommit = autocommit

        await self._access.run(set_it)
