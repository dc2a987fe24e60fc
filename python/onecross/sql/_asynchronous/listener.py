"""A loop that is told of what has ended in another thread."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onecross.sql._asynchronous.job import AwaitedJob


class Listener:
    """A loop, and the jobs that its tasks wait for. One that was closed is never told of any.

    Attributes:
        loop: The loop.
        pending: How many jobs its tasks asked for that it was not told of.
    """

    __slots__ = ("_ended", "loop", "pending")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        self.pending = 0
        self._ended: deque[AwaitedJob[Any]] = deque()

    def notify(self, job: AwaitedJob[Any]) -> None:
        """Tell the loop that a job has ended, with those that have ended by then."""
        self._ended.append(job)
        if len(self._ended) == 1:
            try:
                self.loop.call_soon_threadsafe(self._tell)
            except RuntimeError:
                # The loop is closed.
                self._ended.clear()

    def _tell(self) -> None:
        while self._ended:
            self.pending -= 1
            self._ended.popleft().tell()
