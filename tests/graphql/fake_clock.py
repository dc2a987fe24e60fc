"""A loop whose clock stands still while anything runs, and jumps when nothing does."""

import asyncio
from selectors import DefaultSelector
from typing import Any

__all__ = ["FakeClockLoop"]


class _Selector(DefaultSelector):
    """Lets time pass in the place of waiting."""

    def __init__(self, loop: "FakeClockLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        self._loop.turns += 1
        if timeout is None:
            message = "everything waits for what never comes"
            raise RuntimeError(message)
        if timeout > 0:
            self._loop.now = self._loop.next_timer()
        return super().select(0)


class FakeClockLoop(asyncio.SelectorEventLoop):
    """Counts its turns, the calls it is asked for, and the time that would have passed.

    Attributes:
        now: The time, in the unit that sleepers use.
        turns: How many turns it has taken.
        calls: How many calls it was asked for.
    """

    def __init__(self) -> None:
        super().__init__(_Selector(self))
        self.now = 0.0
        self.turns = 0
        self.calls = 0

    def time(self) -> float:
        return self.now

    def next_timer(self) -> float:
        """When the next sleeper wakes."""
        return min(handle.when() for handle in self._scheduled if not handle.cancelled())

    def call_soon(self, *arguments: Any, **options: Any) -> asyncio.Handle:
        self.calls += 1
        return super().call_soon(*arguments, **options)
