"""Loops of both kinds that people use, and statements that can be watched as they run."""

import asyncio
import threading

import pytest
import uvloop

import onecross.sql

LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def run(request):
    """What runs a coroutine to its end; all threads it has begun have ended by then."""
    threads = threading.active_count()
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run
        assert asyncio.all_tasks(runner.get_loop()) == set()
    assert threading.active_count() == threads


@pytest.fixture
def path(tmp_path):
    return tmp_path / "test.db"


@pytest.fixture
def table(path):
    """The path of a database with a table of 5,000 numbers."""
    with onecross.sql.connect(path) as connection:
        connection.execute("create table number (value integer primary key, name text)")
        connection.executemany(
            "insert into number values (?, ?)", [(value, f"n{value}") for value in range(5000)]
        )
    connection.close()
    return path


class Watched:
    """Tells tasks when a statement has begun to run in the worker's thread.

    SQLite tells of its progress there, which sets the event in the loop.
    """

    def __init__(self, connection):
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self.runs = asyncio.Event()

    async def __aenter__(self):
        await self._connection.set_progress_handler(self._tell, 1000)
        return self

    async def __aexit__(self, *_exception):
        await self._connection.set_progress_handler(None, 0)

    def _tell(self):
        self._loop.call_soon_threadsafe(self.runs.set)


@pytest.fixture
def watched():
    return Watched


@pytest.fixture
def endless():
    """The beginning of a statement whose rows do not end."""
    return "with recursive n(i) as (select 1 union all select i + 1 from n) "
