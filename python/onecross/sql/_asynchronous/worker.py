"""The thread that works for the tasks of an event loop, and may wait for locks and disks."""

from __future__ import annotations

from asyncio import CancelledError, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from onecross._core import begin_job, stop_job
from onecross.sql._asynchronous.job import AwaitedJob, Job
from onecross.sql._asynchronous.listener import Listener
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
        # What was asked for and is not done, of which a loop that was closed is told no more.
        self._undone: set[Job[Any]] = set()
        self._numbers = count(1)
        self._listener: Listener | None = None
        self._thread: Thread | None = None

    @property
    def is_idle(self) -> bool:
        """Whether all that it was asked for has been done, and told."""
        return not self._undone and (self._listener is None or self._listener.pending == 0)

    async def run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Make a call. A task that is cancelled meanwhile stops it, and goes on when it has ended.

        Returns:
            What the call returns.

        Raises:
            CancelledError: The task was cancelled. The call was not begun, or was stopped, or came
                to its end nevertheless, if it was about to.
        """
        job = self._begin(call, arguments)
        job.is_stoppable = True
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
        """Have a call made some time, by who cannot wait for it, in whichever thread and loop."""
        self._put(Job(next(self._numbers), call, arguments))

    def listen(self) -> Listener:
        """What tells the running loop, the only one that uses the connection from now on.

        Raises:
            RuntimeError: Tasks of another loop wait for what they asked for.
        """
        loop, former = get_running_loop(), self._listener
        if former is not None:
            if former.loop is loop:
                return former
            if former.pending > 0 and not former.loop.is_closed():
                raise RuntimeError(
                    "two event loops use this connection at once: open one for each of them"
                )
            for job in self._undone.copy():
                # Its task was killed with its loop.
                if job.is_stoppable:
                    self._stop(job)
        self._listener = Listener(loop)
        return self._listener

    def end(self) -> None:
        """Wait for the thread, whose last call has been made."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()

    def abandon(self) -> None:
        """Close the connection, and end the thread, for nobody waits for it any more."""
        self._jobs.put(None)

    def _begin(self, call: Callable[..., Result], arguments: tuple[Any, ...]) -> AwaitedJob[Result]:
        listener = self.listen()
        if self._thread is None:
            self._thread = Thread(target=self._work, name="onecross.sql", daemon=True)
            self._thread.start()
        elif not self._thread.is_alive():
            raise ProgrammingError(
                "the thread of this connection is no more: it ended with the process that this one "
                "was forked off, or with the connection"
            )
        job = AwaitedJob(next(self._numbers), call, arguments, listener)
        listener.pending += 1
        self._put(job)
        return job

    def _put(self, job: Job[Any]) -> None:
        self.calls += 1
        self._undone.add(job)
        self._jobs.put(job)

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
        self._undone.discard(job)
        job.notify()

    def _look(self) -> None:
        connection = self.connection
        if connection is not None:
            begin_job(connection, 0)
            with suppress(Error):
                self.total_changes = connection.total_changes
                self.in_transaction = connection.in_transaction


async def _end_of(job: AwaitedJob[Any]) -> None:
    """Wait until a job has ended, however often the task is cancelled meanwhile."""
    while not job.is_over:
        job.ended = job.listener.loop.create_future()
        with suppress(CancelledError):
            await job.ended
