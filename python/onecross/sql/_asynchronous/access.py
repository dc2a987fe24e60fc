"""How tasks come to a connection: at once where nothing can make them wait, or by its worker."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from onecross._core import StrictCursor, execute_inline, is_free
from onecross.sql._asynchronous.block import Block, Blocks
from onecross.sql._asynchronous.worker import Worker
from onecross.sql._connection import Connection
from onecross.sql.errors import Error, ProgrammingError

Result = TypeVar("Result")

# After how many operations SQLite tells of its progress.
_OPERATIONS_PER_TICK = 1000

# More than SQLite does in the millisecond after which a statement is given up anyway.
_MOST_TICKS = 1000


class Statistics(NamedTuple):
    """What became of the statements of a connection.

    Attributes:
        inline: How many were run at once, in the thread of the loop.
        given_up: How many were begun there, and run anew by the worker: they took too long, met a
            lock, called Python or failed.
        calls: How many calls the worker was asked for, whatever they were for.
    """

    inline: int
    given_up: int
    calls: int


class Access:
    """A connection, the worker that may wait for it, and whose turn it is.

    Args:
        connection: The connection.
        worker: Its worker.
        timeout: How many seconds to wait for the block of another task.
        inline_operations: How many operations a statement may take that is run at once.

    Attributes:
        is_closed: Whether the connection was closed, or is about to be.
    """

    __slots__ = (
        "_given_up",
        "_inline",
        "_taken",
        "_ticks",
        "blocks",
        "connection",
        "is_closed",
        "worker",
    )

    def __init__(
        self, connection: Connection, worker: Worker, timeout: float, inline_operations: int
    ) -> None:
        self.connection = connection
        self.worker = worker
        self.blocks = Blocks(timeout)
        self._ticks = min(-(-inline_operations // _OPERATIONS_PER_TICK), _MOST_TICKS)
        self._taken = 0
        self._inline = self._given_up = 0
        self.is_closed = False

    @property
    def statistics(self) -> Statistics:
        """What became of the statements so far."""
        return Statistics(self._inline, self._given_up, self.worker.calls)

    def is_free(self) -> bool:
        """Whether a call would wait for nobody who uses the connection."""
        return (
            self.worker.is_idle
            and not self.is_closed
            and self.blocks.admit()
            and is_free(self.connection)
        )

    def execute_inline(self, cursor: StrictCursor, sql: Any, parameters: Any) -> bool:
        """Run a statement at once, if it only reads and does not take long; tell whether it was.

        Where it was, the other tasks of the loop are to be given their turn.
        """
        if not self._ticks or not self.is_free():
            return False
        taken = execute_inline(cursor, sql, parameters, self._ticks)
        if taken <= 0:
            self._given_up -= taken
            return False
        self._inline += 1
        self._taken += taken
        return True

    async def give_turn(self) -> None:
        """Let other tasks have their turn, if what was run at once took as long as one may.

        They would have had it sooner if it had waited.
        """
        if self._taken >= self._ticks:
            self._taken = 0
            await sleep(0)

    async def run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Have the worker make a call, which is stopped if the task is cancelled."""
        await self.wait_for_turn()
        return await self.worker.run(call, *arguments)

    async def wait_for_turn(self) -> None:
        """Wait until the running task may make a call."""
        if await self._wait():
            self.blocks.pass_on()

    async def enter_block(self) -> Block:
        """Enter a block as soon as the running task may."""
        await self._wait()
        return self.blocks.enter()

    async def end(self, call: Callable[[], object]) -> None:
        """Have a call made that ends something of the task's own, whoever's block is open."""
        if self.is_closed:
            raise closed()
        if self.worker.is_idle and is_free(self.connection):
            call()
        else:
            await self.worker.finish(call)

    async def _wait(self) -> bool:
        """Wait until it is the running task's turn; tell whether there was anything to wait for.

        Raises:
            ProgrammingError: The connection is closed, or a block that the task has entered was
                left with one around it.
        """
        self._taken = 0
        has_turn = self.blocks.admit()
        if not has_turn:
            self._forsake()
            if not self.blocks.admit():
                await self.blocks.wait()
        if self.is_closed:
            raise closed()
        if not has_turn:
            self.blocks.check()
        return not has_turn

    def _forsake(self) -> None:
        """Leave the blocks of a loop that was closed."""
        forsaken = self.blocks.forsake()
        if forsaken:
            self.worker.post(leave, self.connection, forsaken, Error)

    async def close(self) -> None:
        """Close the connection, after what the worker was asked for before."""
        if self.is_closed:
            raise closed()
        # A loop that may not use the connection closes it for nobody.
        self.worker.listen()
        self.is_closed = True
        self.blocks.close()
        try:
            await self.worker.finish(self.connection.close)
        except GeneratorExit:
            self.worker.abandon()
            raise
        except BaseException:
            self.worker.end()
            raise
        self.worker.end()

    def abandon(self) -> None:
        """Close the connection some time, for nobody waits for it."""
        if not self.is_closed:
            self.is_closed = True
            self.blocks.close()
            self.worker.abandon()


def closed() -> ProgrammingError:
    """The error of who uses a connection that was closed."""
    return ProgrammingError("Cannot operate on a closed database.")


def enter(connection: Connection, block: Block) -> None:
    """Enter a block."""
    connection.__enter__()
    block.is_entered = True


def leave(connection: Connection, blocks: list[Block], kind: type[BaseException] | None) -> None:
    """Leave the first of some blocks, after those within it, which fail: nobody was done with them.

    Which of them were entered is known as late as this is called, behind what was to enter them.
    """
    entered = [block for block in blocks if block.is_entered]
    for _ in entered[1:]:
        with suppress(Error):
            connection.__exit__(Error)
    if entered:
        connection.__exit__(kind)
