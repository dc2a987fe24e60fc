"""What is awaited, or entered and then closed."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from onecross.sql.errors import Error


class Abandonable(Protocol):
    """What can be closed some time, by who is killed and cannot await that."""

    def _abandon(self) -> None: ...


Opened = TypeVar("Opened", bound=Abandonable)


def untold_if_cancelled(kind: type[BaseException] | None) -> AbstractContextManager[None]:
    """Suppress errors where a task that was cancelled leaves: it ends with CancelledError."""
    is_cancelled = kind is not None and issubclass(kind, CancelledError)
    return suppress(Error) if is_cancelled else nullcontext()


async def leave(
    kind: type[BaseException] | None,
    close: Callable[[], Coroutine[Any, Any, None]],
    abandon: Callable[[], None],
) -> None:
    """Close what `async with` had entered, as its block ends, with an exception of that kind.

    Who is killed cannot await that, and abandons it.
    """
    if kind is GeneratorExit:
        abandon()
    else:
        with untold_if_cancelled(kind):
            await close()


class Closing(Coroutine[Any, Any, Opened], Generic[Opened]):
    """A coroutine whose result is closed where `async with` ends, instead of `await`.

    Args:
        opening: The coroutine.
        close: What closes its result, unless that was done before.
    """

    __slots__ = ("_close", "_opened", "_opening")

    _opened: Opened

    def __init__(
        self,
        opening: Coroutine[Any, Any, Opened],
        close: Callable[[Opened], Coroutine[Any, Any, None]],
    ) -> None:
        self._opening = opening
        self._close = close

    def __await__(self) -> Generator[Any, Any, Opened]:
        return self._opening.__await__()

    def send(self, value: Any, /) -> Any:
        """Go on with a value, as a task does."""
        return self._opening.send(value)

    def throw(self, *error: Any) -> Any:
        """Go on with an exception, as a task does that is cancelled."""
        return self._opening.throw(*error)

    def close(self) -> None:
        """Go on no more."""
        self._opening.close()

    async def __aenter__(self) -> Opened:
        self._opened = await self._opening
        return self._opened

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        opened = self._opened
        await leave(kind, partial(self._close, opened), opened._abandon)  # noqa: SLF001 - it is ours
