"""What a worker does for a task."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, Generic, TypeVar

from onecross.sql._asynchronous.listener import Listener

Result = TypeVar("Result")


class Job(Generic[Result]):
    """A call, made in the worker's thread and in the context of the task.

    Args:
        number: Its number, which no other job of the connection has.
        listener: The loop that is told when it has ended.
        call: What to call.
        arguments: What to call it with.
    """

    __slots__ = (
        "_arguments",
        "_call",
        "_context",
        "_error",
        "_result",
        "ended",
        "is_begun",
        "is_dropped",
        "is_over",
        "is_stoppable",
        "listener",
        "number",
    )

    _result: Result

    def __init__(
        self,
        number: int,
        listener: Listener,
        call: Callable[..., Result],
        arguments: tuple[Any, ...],
    ) -> None:
        self.number = number
        self.listener = listener
        self._call: Callable[..., Result] | None = call
        self._arguments = arguments
        self._context: Context | None = copy_context()
        self._error: BaseException | None = None
        self.ended: Future[None] = listener.loop.create_future()
        self.is_begun = False
        self.is_dropped = False
        self.is_over = False
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
