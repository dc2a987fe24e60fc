"""What a worker does for a task."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, Generic, TypeVar

from onecross.sql._asynchronous.listener import Listener

Result = TypeVar("Result")


class Job(Generic[Result]):
    """A call, made in the worker's thread and in the context of who asked for it.

    Args:
        number: Its number, which no other job of the connection has.
        call: What to call.
        arguments: What to call it with.
    """

    __slots__ = (
        "_arguments",
        "_call",
        "_context",
        "_error",
        "_result",
        "is_begun",
        "is_dropped",
        "is_stoppable",
        "number",
    )

    _result: Result

    def __init__(
        self, number: int, call: Callable[..., Result], arguments: tuple[Any, ...]
    ) -> None:
        self.number = number
        self._call: Callable[..., Result] | None = call
        self._arguments = arguments
        self._context: Context | None = copy_context()
        self._error: BaseException | None = None
        self.is_begun = False
        self.is_dropped = False
        self.is_stoppable = False

    def run(self) -> None:
        """Make the call. Whatever it raises is for the task."""
        call, arguments, context = self._call, self._arguments, self._context
        self._call = self._context = None
        self._arguments = ()
        if call is None or context is None:
            return
        try:
            self._result = context.run(call, *arguments)
        except BaseException as error:  # noqa: BLE001 - it is raised in the task
            self._error = error

    def notify(self) -> None:
        """Tell who waits for it that it has ended: nobody."""


class AwaitedJob(Job[Result]):
    """A call that a task waits for.

    Args:
        listener: The loop that is told when it has ended.
    """

    __slots__ = ("ended", "is_over", "listener")

    def __init__(
        self,
        number: int,
        call: Callable[..., Result],
        arguments: tuple[Any, ...],
        listener: Listener,
    ) -> None:
        super().__init__(number, call, arguments)
        self.listener = listener
        self.ended: Future[None] = listener.loop.create_future()
        self.is_over = False

    def notify(self) -> None:
        """Tell the loop that it has ended."""
        self.listener.notify(self)

    def tell(self) -> None:
        """Wake the task, in its loop."""
        self.is_over = True
        if not self.ended.done():
            self.ended.set_result(None)

    def result(self) -> Result:
        """What the call returned, or else raise what it raised."""
        error, self._error = self._error, None
        if error is None:
            return self._result
        try:
            raise error
        finally:
            # The traceback of the error knows this frame.
            del error
