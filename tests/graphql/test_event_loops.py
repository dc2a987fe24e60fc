"""The loops that stand in for asyncio's own, and what it can be told to do otherwise."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvloop
from graphql import build_schema, parse

import onecross.graphql
from onecross.graphql import Engine

SCHEMA = build_schema("""
    type Query { items: [Item!]! slow: Int own: Int }
    type Item { name: String size: Int item: Item }
""")
QUERY = "{ items { name size item { name } } slow own }"


class Item:
    def __init__(self, number: int) -> None:
        self.number = number

    async def name(self, _info: Any) -> str:
        return f"No. {self.number}"

    async def size(self, _info: Any) -> int:
        await asyncio.sleep(0)
        return self.number

    async def item(self, _info: Any) -> "Item":
        await asyncio.sleep(0)
        return self


class Root:
    def __init__(self) -> None:
        self.tasks: list[Any] = []

    async def items(self, _info: Any) -> list[Item]:
        return [Item(number) for number in range(3)]

    async def slow(self, _info: Any) -> int:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            return 1
        return 0

    async def own(self, _info: Any) -> int:
        before = asyncio.current_task()
        await asyncio.sleep(0)
        self.tasks.append(asyncio.current_task())
        return int(asyncio.current_task() is before)


EXPECTED = {
    "items": [
        {"name": f"No. {number}", "size": number, "item": {"name": f"No. {number}"}}
        for number in range(3)
    ],
    "slow": 1,
    "own": 1,
}


def with_tasks_of_its_own() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_task_factory(lambda loop, coro, **named: asyncio.Task(coro, loop=loop, **named))
    return loop


def eager() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    return loop


def debugging() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_debug(True)
    return loop


LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [
    asyncio.new_event_loop,
    uvloop.new_event_loop,
    with_tasks_of_its_own,
    debugging,
    *([eager] if sys.version_info >= (3, 12) else []),
]


@pytest.fixture(params=LOOPS, ids=lambda make: f"{make.__module__}.{make.__name__}")
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner


def test_the_answer_is_the_same(runner: asyncio.Runner) -> None:
    async def ask() -> Any:
        root = Root()
        result = await onecross.graphql.execute(SCHEMA, parse(QUERY), root)
        assert root.tasks[0] is not asyncio.current_task()
        return result

    result = runner.run(ask())
    assert result.errors is None
    assert result.data == EXPECTED


def test_json_is_the_same(runner: asyncio.Runner) -> None:
    async def ask() -> tuple[Any, Any]:
        engine = Engine(SCHEMA)
        return await engine.execute(QUERY, Root()), await engine.execute_json(QUERY, Root())

    result, written = runner.run(ask())
    assert result.data == EXPECTED
    assert written.errors is None


def test_cancelling_reaches_what_is_suspended(runner: asyncio.Runner) -> None:
    cancelled = []

    async def never(_info: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def ask() -> None:
        request = onecross.graphql.execute(
            SCHEMA, parse("{ slow own }"), {"slow": never, "own": never}
        )
        task = asyncio.ensure_future(request)
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    runner.run(ask())
    assert cancelled == [True, True]
