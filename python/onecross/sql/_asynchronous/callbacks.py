"""What SQLite calls back in Python, set by tasks: it is called in the worker's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from onecross.sql._asynchronous.access import Access

if TYPE_CHECKING:
    from typing_extensions import Buffer


class AsyncCallbacks:
    """The functions, collations and hooks of a connection, as those of `onecross.sql.Connection`.

    All are called in the worker's thread: a statement that needs one is left to the worker.
    """

    __slots__ = ("_access",)

    _access: Access

    async def create_function(
        self,
        name: str,
        narg: int,
        func: Callable[..., str | Buffer | float | None] | None,
        *,
        deterministic: bool = False,
    ) -> None:
        """Make a function of SQL that calls one of Python; None removes it."""

        def create() -> None:
            self._access.connection.create_function(name, narg, func, deterministic=deterministic)

        await self._access.run(create)

    async def create_aggregate(
        self, name: str, n_arg: int, aggregate_class: Callable[[], Any] | None
    ) -> None:
        """Make an aggregate function of SQL; None removes it."""
        connection = self._access.connection
        await self._access.run(connection.create_aggregate, name, n_arg, aggregate_class)

    async def create_window_function(
        self, name: str, num_params: int, aggregate_class: Callable[[], Any] | None, /
    ) -> None:
        """Make an aggregate function that can also be taken over windows; None removes it."""
        connection = self._access.connection
        await self._access.run(connection.create_window_function, name, num_params, aggregate_class)

    async def create_collation(
        self, name: str, callback: Callable[[str, str], int] | None, /
    ) -> None:
        """Make a collation of SQL; None removes it."""
        await self._access.run(self._access.connection.create_collation, name, callback)

    async def set_authorizer(
        self,
        authorizer_callback: (
            Callable[[int, str | None, str | None, str | None, str | None], int] | None
        ),
    ) -> None:
        """Set what allows or denies each thing that a statement would do; None allows all."""
        await self._access.run(self._access.connection.set_authorizer, authorizer_callback)

    async def set_progress_handler(
        self, progress_handler: Callable[[], object] | None, n: int
    ) -> None:
        """Set what is called while statements run; None ends that."""
        await self._access.run(self._access.connection.set_progress_handler, progress_handler, n)

    async def set_trace_callback(self, trace_callback: Callable[[str], object] | None) -> None:
        """Set what is told of each statement that begins; None ends that."""
        await self._access.run(self._access.connection.set_trace_callback, trace_callback)

    async def set_commit_hook(self, hook: Callable[[], object] | None, /) -> None:
        """Set what is asked before each commit; None ends that."""
        await self._access.run(self._access.connection.set_commit_hook, hook)

    async def set_rollback_hook(self, hook: Callable[[], object] | None, /) -> None:
        """Set what is told of each transaction that is rolled back; None ends that."""
        await self._access.run(self._access.connection.set_rollback_hook, hook)

    async def set_update_hook(self, hook: Callable[[str, str, str, int], object] | None, /) -> None:
        """Set what is told of each row that changes; None ends that."""
        await self._access.run(self._access.connection.set_update_hook, hook)
