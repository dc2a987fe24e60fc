"""The thread that works for the tasks of an event loop, and may wait for locks and disks."""

from __future__ import annotations

from asyncio import AbstractEventLoop, CancelledError, get_running_loop
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from onecross._core import begin_job, stop_job
from onecross.sql._asynchronous.job import Job
from onecross.sql._connection import Connection
from onecross.sql.errors import Error, ProgrammingError

Result = TypeVar("Result")


class Worker:
    """Makes calls one after the other, in the order in which tasks asked for them.

    Its thread begins with the first call. What ends a call tells the loop of it; calls that have
    ended by then are told of together.

    Attributes:
        connection: What the calls are made with, once one has opened it.
        calls: How many calls it was asked for.
        in_transaction: Whether a transaction was open when the last call had ended.
        total_changes: How many rows had been changed then.
    """

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.calls = 0
        self.in_transaction = False
        self.total_changes = 0
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._ended: deque[Job[Any]] = deque()
        self._numbers = count(1)
        self._loop: AbstractEventLoop | None = None
        self._pending = 0
        self._thread: Thread | None = None

    @property
    def is_idle(self) -> bool:
        """Whether all that it was asked for has been done, and told."""
        return self._pending == 0

    async def run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Make a call. A task that is cancelled meanwhile stops it, and goes on when it has ended.

        Returns:
            What the call returns.

        Raises:
            CancelledError: The task was cancelled. The call was not begun, or was stopped, or came
                to its end nevertheless, if it was about to.
        """
        job = self._begin(call, arguments)
        try:
            await job.ended
        except BaseException as error:
            self._stop(job)
            if isinstance(error, CancelledError) and job.is_begun:
                await _end_of(job)
            raise
        return job.result()

    async def finish(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Make a call that is not stopped: a task that is cancelled goes on when it has ended."""
        job = self._begin(call, arguments)
        try:
            await job.ended
        except CancelledError:
            await _end_of(job)
            raise
        return job.result()

    def post(self, call: Callable[..., object], *arguments: Any) -> None:
        """Have a call made some time, by who cannot wait for it."""
        self._begin(call, arguments)

    def end(self) -> None:
        """Wait for the thread, whose last call has been made."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()

    def abandon(self) -> None:
        """Close the connection, and end the thread, for nobody waits for it any more."""
        self._jobs.put(None)

    def _begin(self, call: Callable[..., Result], arguments: tuple[Any, ...]) -> Job[Result]:
        loop = get_running_loop()
        if loop is not self._loop:
            self._move_to(loop)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="onecross.sql", daemon=True)
            self._thread.start()
        elif not self._thread.is_alive():
            raise ProgrammingError(
                "the thread of this connection is no more: it ended with the process that this one "
                "was forked off, or with the connection"
            )
        job = Job(next(self._numbers), loop, call, arguments)
        self.calls += 1
        self._pending += 1
        self._jobs.put(job)
        return job

    def _move_to(self, loop: AbstractEventLoop) -> None:
        if self._pending > 0 and self._loop is not None and not self._loop.is_closed():
            raise RuntimeError(
                "two event loops use this connection at once: open one for each of them"
            )
        # What a loop had asked for that was closed since is told to nobody.
        self._loop = loop
        self._pending = 0

    def _stop(self, job: Job[Any]) -> None:
        # Either the worker sees that the job was dropped before it makes the call, or the number of
        # the job is known before it is stopped.
        job.is_dropped = True
        if self.connection is not None:
            stop_job(self.connection, job.number)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._do(job)
            # What it returned must not live until the next one comes.
            del job
        if self.connection is not None:
            with suppress(Error):
                self.connection.close()

    def _do(self, job: Job[Any]) -> None:
        job.is_begun = True
        if self.connection is not None:
            begin_job(self.connection, job.number)
        if not job.is_dropped:
            job.run()
        self._look()
        self._ended.append(job)
        if len(self._ended) == 1:
            try:
                job.loop.call_soon_threadsafe(self._tell)
            except RuntimeError:
                # The loop is closed.
                self._ended.clear()

    def _look(self) -> None:
        connection = self.connection
        if connection is not None:
            begin_job(connection, 0)
            with suppress(Error):
                self.total_changes = connection.total_changes
                self.in_transaction = connection.in_transaction

    def _tell(self) -> None:
        while self._ended:
            job = self._ended.popleft()
            if job.loop is self._loop:
                self._pending -= 1
                job.tell()


async def _end_of(job: Job[Any]) -> None:
    """Wait until a job has ended, however often the task is cancelled meanwhile."""
    while not job.is_over:
        job.ended = job.loop.create_future()
        with suppress(CancelledError):
            await job.ended
