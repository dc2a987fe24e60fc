"""Python code that the worker runs for a task is called no more once that is cancelled."""

import asyncio
import threading

import pytest

import onecross.sql as sql


class Gate:
    """A Python function of SQL or a generator that stops where it is called for the first time."""

    def __init__(self):
        self.reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._opened = threading.Event()
        self.calls = 0

    def call(self, value=None):
        self.calls += 1
        if self.calls == 1:
            self._loop.call_soon_threadsafe(self.reached.set)
            self._opened.wait()
        return value

    def rows(self):
        for number in range(5000):
            yield (self.call(number),)

    async def cancel(self, awaited):
        """Cancel a task that has come to the gate, and have it go on."""
        task = asyncio.create_task(awaited)
        await self.reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        self._opened.set()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    "statement",
    [
        "select sum(slow(i)) from n where i <= 5000",
        "insert into t select slow(i) from n limit 5000",
    ],
)
def test_a_python_function_is_not_called_any_more(run, endless, statement):
    verb, _, select = statement.rpartition("select")

    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            gate = Gate()
            await connection.create_function("slow", 1, gate.call)
            limited = endless.replace("from n)", "from n limit 5000)")
            await gate.cancel(connection.execute(f"{verb} {limited} select {select}"))
            assert not connection.in_transaction
            cursor = await connection.execute("select count(*) from t")
            assert await cursor.fetchone() == (0,)
            return gate.calls

    assert run(main()) == 1


@pytest.mark.parametrize("store", ["insert", "create", "register"])
def test_no_further_row_is_asked_for(run, store):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            gate = Gate()
            if store == "insert":
                await connection.execute("create table t (a)")
                await connection.commit()
            await gate.cancel(getattr(connection, store)("t", gate.rows(), columns=["a"]))
            assert not connection.in_transaction
            return gate.calls

    assert run(main()) == 1
