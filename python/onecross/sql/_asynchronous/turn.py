"""Whose turn it is to read rows: one task's at a time."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, get_running_loop


class Turn:
    """Entered by the one who reads, until it is done.

    Attributes:
        is_taken: Whether somebody reads.
    """

    __slots__ = ("_is_stalled", "_loop", "_waiting", "is_taken")

    def __init__(self) -> None:
        self.is_taken = False
        self._is_stalled = False
        self._loop: AbstractEventLoop | None = None
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> None:
        if self.is_taken:
            raise RuntimeError("these rows are being read by another task")
        self._loop = get_running_loop()
        self.is_taken = True

    def __exit__(self, *_exception: object) -> None:
        self.is_taken = self._is_stalled = False
        self._wake()

    def stall(self) -> None:
        """Keep nobody waiting who may be whom the one who reads waits for himself."""
        self._is_stalled = True
        self._wake()

    def go_on(self) -> None:
        """Go on, having waited."""
        self._is_stalled = False

    async def wait_for_end(self) -> None:
        """Wait until nobody reads, but who is stalled, or was killed with a loop."""
        while self.is_taken and not self._is_stalled and not self._is_forsaken():
            waiting = get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting

    def _is_forsaken(self) -> bool:
        return self._loop is not None and self._loop.is_closed()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done() and not waiting.get_loop().is_closed():
                waiting.set_result(None)
        self._waiting.clear()
