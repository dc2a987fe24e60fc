"""Blocks of `async with connection:`, and who may use a connection while one is open."""

from __future__ import annotations

from asyncio import Future, Task, current_task, get_running_loop, timeout
from collections import deque
from contextvars import ContextVar
from typing import Any
from weakref import ref

from onecross.sql.errors import OperationalError, ProgrammingError

_block: ContextVar[Block | None] = ContextVar("onecross.sql.block", default=None)


class Block:
    """A block that a task has entered; tasks that are begun in it know it, too.

    Attributes:
        is_entered: Whether the connection has entered it, which its worker may be yet to do.
        is_open: Whether neither it nor one around it was left.
        is_left: Whether it was left itself, and nobody comes back to it.
        outer: What the task was in when it entered it, of which some may have been left since.
    """

    __slots__ = ("blocks", "is_entered", "is_left", "is_open", "loop", "outer", "task")

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.loop = get_running_loop()
        task = current_task(self.loop)
        self.task: ref[Task[Any]] | None = None if task is None else ref(task)
        self.is_entered = False
        self.is_open = True
        self.is_left = False
        self.outer = _without_left(_block.get())

    @property
    def is_mine(self) -> bool:
        """Whether it is the running task that has entered it."""
        entered = None if self.task is None else self.task()
        try:
            return entered is not None and entered is current_task()
        except RuntimeError:
            # No loop runs, and no task.
            return False


def _without_left(block: Block | None) -> Block | None:
    """The innermost block that was not left, with those that were taken out between the others."""
    while block is not None and block.is_left:
        block = block.outer
    kept = block
    while kept is not None:
        while kept.outer is not None and kept.outer.is_left:
            kept.outer = kept.outer.outer
        kept = kept.outer
    return block


class Waiter:
    """A task that waits for its turn.

    Attributes:
        turn: Done when it has come.
        block: The innermost block that the task is in.
        own: The innermost block of the connection that the task itself has entered.
    """

    __slots__ = ("block", "own", "turn")

    def __init__(self, own: Block | None) -> None:
        self.turn: Future[None] = get_running_loop().create_future()
        self.block = _block.get()
        self.own = own

    @property
    def is_gone(self) -> bool:
        """Whether its task was cancelled, or killed with its loop, and does not wait any more."""
        return self.turn.done() or self.turn.get_loop().is_closed()


class Blocks:
    """The blocks of a connection that were entered and not left, the outermost first.

    Whoever is not in the innermost of them waits until it is left: a statement of another task
    would else become part of a transaction that it knows nothing of, and be undone with it. Those
    who wait have their turn in the order in which they came, and before who comes then.

    Args:
        patience: How many seconds are waited.
    """

    __slots__ = (
        "_are_closed",
        "_forsaken",
        "_left",
        "_next",
        "_open",
        "_waiting",
        "patience",
    )

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._open: list[Block] = []
        self._waiting: deque[Waiter] = deque()
        # Whose turn it is, and who has not gone on yet.
        self._next: Waiter | None = None
        self._left = 0
        # The tasks of blocks that were left when their loop was closed.
        self._forsaken: list[ref[Task[Any]] | None] = []
        self._are_closed = False

    def admit(self) -> bool:
        """Whether the running task may use the connection."""
        block = _block.get()
        if self._next is not None or not self._is_within(block):
            return False
        # One that is open is within none that was left for its task.
        is_open = block is None or (block.is_open and block.blocks is self)
        return is_open or not _is_lost(self._own(block))

    def check(self) -> None:
        """Have the running task go on, whose turn it is, or pass it on.

        Raises:
            ProgrammingError: A block that it entered, and is to leave yet, was left with one around
                it: what it does there would be undone by nobody.
        """
        if _is_lost(self._own(_block.get())):
            self.pass_on()
            raise ProgrammingError(
                "this block was left before, with one around it, and what was changed in it is "
                "undone: nothing runs until it is left"
            )

    async def wait(self) -> None:
        """Wait until it is the running task's turn, or it is to be told that there is none.

        The task has to `enter` a block then, or to `pass_on` its turn.

        Raises:
            OperationalError: It is not after all the time that is waited.
        """
        own = self._own(_block.get())
        if self._are_closed or _is_lost(own):
            return
        waiter, left = Waiter(own), self._left
        self._waiting.append(waiter)
        try:
            async with timeout(self.patience):
                await waiter.turn
        except BaseException as error:
            self._give_up(waiter)
            if isinstance(error, TimeoutError):
                raise self._impatient(self._left - left) from None
            raise
        if self._next is waiter:
            self._next = None

    def pass_on(self) -> None:
        """Give the turn to the first of those who wait and may use the connection now."""
        if self._next is not None:
            return
        passed: list[Waiter] = []
        while self._waiting:
            waiter = self._waiting.popleft()
            if waiter.is_gone:
                continue
            if _is_lost(waiter.own) or self._is_within(waiter.block):
                self._next = waiter
                waiter.turn.set_result(None)
                break
            passed.append(waiter)
        self._waiting.extendleft(reversed(passed))

    def forsake(self) -> list[Block]:
        """Leave the blocks of a loop that was closed, which are answered."""
        if self._next is not None and self._next.turn.get_loop().is_closed():
            self._next = None
        forsaken: list[Block] = []
        if self._open and self._open[0].loop.is_closed():
            forsaken = self._close(0)
            self._forsaken += [block.task for block in forsaken]
        self.pass_on()
        return forsaken

    def was_forsaken(self) -> bool:
        """Whether a coroutine is killed whose block was left when its loop was closed.

        It may be the collector that kills it, in the context of any task: its own is no more.
        """
        for task in self._forsaken:
            if (task is None or task() is None) or self._innermost(_block.get()) is None:
                self._forsaken.remove(task)
                return True
        return False

    def enter(self) -> Block:
        """Enter a block, which the running task may."""
        block = Block(self)
        self._open.append(block)
        _block.set(block)
        return block

    def find(self) -> Block:
        """The running task's block, the innermost where its context knows of none.

        Raises:
            ProgrammingError: It was left before.
        """
        block = _block.get()
        while block is not None and (block.is_left or block.blocks is not self):
            block = block.outer
        if block is None and self._open:
            return self._open[-1]
        if block is None or not block.is_open:
            self._forget(block)
            raise ProgrammingError("this block was not entered, or was left before")
        return block

    def leave(self, block: Block) -> list[Block]:
        """Leave a block and those within it, the outermost of those that are left then first.

        It may have been left with one around it, which leaves none now.
        """
        self._forget(block)
        if not block.is_open:
            return []
        left = self._close(self._open.index(block))
        self._left += 1
        self.pass_on()
        return left

    def close(self) -> None:
        """Have nobody wait any more."""
        self._are_closed = True
        for waiter in self._waiting:
            if not waiter.is_gone:
                waiter.turn.set_result(None)
        self._waiting.clear()

    def _close(self, place: int) -> list[Block]:
        closed = self._open[place:]
        for block in closed:
            block.is_open = False
        del self._open[place:]
        return closed

    def _give_up(self, waiter: Waiter) -> None:
        if waiter is self._next:
            self._next = None
            self.pass_on()
        elif waiter in self._waiting:
            self._waiting.remove(waiter)

    def _impatient(self, left: int) -> OperationalError:
        if left == 0:
            return OperationalError(
                "the connection is in a transaction of another task: its block of `async with "
                f"connection:` was not left for {self.patience} s"
            )
        return OperationalError(
            f"the connection was in transactions of other tasks for {self.patience} s, in which "
            f"others took their turn: {left} block(s) of `async with connection:` were left"
        )

    def _forget(self, block: Block | None) -> None:
        if block is not None:
            block.is_left = True
            if _block.get() is block:
                _block.set(_without_left(block))

    def _own(self, block: Block | None) -> Block | None:
        """The innermost that the running task has entered and not left, of those around it."""
        while block is not None and (
            block.is_left or block.blocks is not self or not block.is_mine
        ):
            block = block.outer
        return block

    def _is_within(self, block: Block | None) -> bool:
        """Whether who is in a block may use the connection."""
        return not self._open or self._open[-1] is self._innermost(block)

    def _innermost(self, block: Block | None) -> Block | None:
        """The innermost block of the connection that is open, of those that a block is within."""
        while block is not None and not (block.is_open and block.blocks is self):
            block = block.outer
        return block


def _is_lost(own: Block | None) -> bool:
    """Whether a task's block was left with one around it, before the task did so."""
    return own is not None and not own.is_open
