"""Blocks of `async with connection:`, and who may use a connection while one is open."""

from __future__ import annotations

from asyncio import Future, get_running_loop, timeout
from contextvars import ContextVar

from onecross.sql.errors import OperationalError, ProgrammingError

_block: ContextVar[Block | None] = ContextVar("onecross.sql.block", default=None)


class Block:
    """A block that a task has entered; tasks that are begun in it know it, too."""

    __slots__ = ("blocks", "is_open", "outer")

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.is_open = True
        self.outer = _block.get()


class Blocks:
    """The blocks of a connection that were entered and not left, the outermost first.

    Whoever is not in the innermost of them waits until it is left: a statement of another task
    would else become part of a transaction that it knows nothing of, and be undone with it.

    Args:
        patience: How many seconds are waited.
    """

    __slots__ = ("_are_closed", "_open", "_waiting", "patience")

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._open: list[Block] = []
        self._waiting: list[Future[None]] = []
        self._are_closed = False

    def admit(self) -> bool:
        """Whether the running task may use the connection."""
        return not self._open or self._open[-1] is self._known()

    async def wait(self) -> None:
        """Wait until the running task may use the connection, or the connection is closed.

        Raises:
            OperationalError: It may not after all the time that is waited.
        """
        try:
            async with timeout(self.patience):
                while not self.admit() and not self._are_closed:
                    waiting = get_running_loop().create_future()
                    self._waiting.append(waiting)
                    await waiting
        except TimeoutError:
            raise OperationalError(
                "the connection is in a transaction of another task: its block of `async with "
                f"connection:` was not left for {self.patience} s"
            ) from None

    def enter(self) -> int:
        """Enter a block, which the running task may; its place is answered."""
        block = Block(self)
        self._open.append(block)
        _block.set(block)
        return len(self._open) - 1

    def count_within(self, place: int) -> int:
        """How many blocks are open within the one at a place."""
        return len(self._open) - 1 - place

    def find(self) -> int:
        """The place of the running task's block, the innermost where its context knows of none.

        Raises:
            ProgrammingError: It was left before.
        """
        block = self._known()
        if block is None and self._open:
            return len(self._open) - 1
        if block is None or not block.is_open:
            raise ProgrammingError("this block was not entered, or was left before")
        return self._open.index(block)

    def leave(self, place: int) -> None:
        """Leave the block at a place, and those within it."""
        mine, *inner = self._open[place:]
        del self._open[place:]
        for block in (mine, *inner):
            block.is_open = False
        if _block.get() is mine:
            _block.set(mine.outer)
        self._wake()

    def close(self) -> None:
        """Have nobody wait any more."""
        self._are_closed = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def _known(self) -> Block | None:
        """The innermost block of the connection that the running task's context knows of."""
        block = _block.get()
        while block is not None and block.blocks is not self:
            block = block.outer
        return block
