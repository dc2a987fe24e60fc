"""Tasks of coroutines, from when they are made to when they wait for something."""

import asyncio
from collections.abc import Iterator
from typing import Any

import graphql
import pytest
from graphql import build_schema, parse

import onecross.graphql
from onecross._core import knows_memory_layout

SCHEMA = build_schema("type Query { a: String b: String c: String }")
QUERY = "{ a b c }"


@pytest.mark.parametrize("debug", [False, True])
def test_a_task_is_of_the_running_loop_and_has_a_name_of_its_own(debug: bool) -> None:
    seen = []

    async def resolve() -> str:
        task = asyncio.current_task()
        assert task is not None
        before = task.get_loop()
        await asyncio.get_running_loop().run_in_executor(None, bool)
        assert before is task.get_loop() is asyncio.get_running_loop()
        seen.append(task.get_name())
        return "done"

    async def run() -> Any:
        root = dict.fromkeys("abc", lambda _info: resolve())
        return (await onecross.graphql.execute(SCHEMA, parse(QUERY), root)).data

    assert asyncio.run(run(), debug=debug) == dict.fromkeys("abc", "done")
    assert len(set(seen)) == 3
    assert {name.rstrip("0123456789") for name in seen} == {"onecross-"}


def test_a_coroutine_waits_for_its_future_from_its_first_step_on() -> None:
    """The future is seen in the turn in which it is awaited, not in the next."""

    async def run() -> int:
        future = asyncio.get_running_loop().create_future()

        async def resolve() -> str:
            return str(await future)

        asked = asyncio.ensure_future(
            onecross.graphql.execute(SCHEMA, parse("{ a }"), {"a": lambda _info: resolve()})
        )
        await asyncio.sleep(0)
        future.set_result("there")
        turns = 0
        while not asked.done():
            await asyncio.sleep(0)
            turns += 1
        assert (await asked).data == {"a": "there"}
        return turns

    # The value comes in one turn, whoever awaits the answer is woken in another. On builds that are
    # not known, the future is seen in the turn before these.
    assert asyncio.run(run()) == (2 if knows_memory_layout else 3)


def test_whoever_waits_for_all_tasks_sees_the_end_of_them() -> None:
    async def run() -> Any:
        is_there = asyncio.Event()

        async def resolve() -> str:
            await is_there.wait()
            return "late"

        async def at_once() -> str:
            return "at once"

        root = {"a": lambda _info: resolve(), "b": lambda _info: at_once()}
        asked = asyncio.ensure_future(onecross.graphql.execute(SCHEMA, parse("{ a b }"), root))
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task(), asked}
        assert len(others) == 2
        is_there.set()
        await asyncio.wait_for(asyncio.gather(*others), 10)
        return (await asked).data

    assert asyncio.run(run()) == {"a": "late", "b": "at once"}


@pytest.mark.parametrize("module", [graphql, onecross.graphql])
def test_one_that_asks_for_its_own_end_gets_it_where_it_waits(module: Any) -> None:
    async def run() -> list[str]:
        seen = []
        future = asyncio.get_running_loop().create_future()

        async def resolve() -> str:
            task = asyncio.current_task()
            assert task is not None
            task.cancel("enough")
            try:
                await future
            except asyncio.CancelledError as error:
                seen.append(f"{error} {future.cancelled()}")
            return "went on"

        root = {"a": lambda _info: resolve(), "b": lambda _info: "beside"}
        result = await module.execute(SCHEMA, parse("{ a b }"), root)
        return [*seen, result.data]

    assert asyncio.run(run())[:1] == ["enough True"]


def test_what_cannot_be_waited_for_is_an_error_of_its_field() -> None:
    """On builds that are not known it is left to the loop, as asyncio leaves it."""

    class Unwilling:
        _asyncio_future_blocking = True

        def __await__(self) -> Iterator[Any]:
            yield self

        def get_loop(self) -> asyncio.AbstractEventLoop:
            return asyncio.get_running_loop()

        def add_done_callback(self, *_given: Any, **_named: Any) -> None:
            raise LookupError("not now")

    async def resolve() -> Any:
        return await Unwilling()

    async def ask() -> Any:
        root = {"a": lambda _info: resolve(), "b": lambda _info: "beside"}
        return await onecross.graphql.execute(SCHEMA, parse("{ a b }"), root)

    loop = asyncio.new_event_loop()
    told: list[str] = []
    loop.set_exception_handler(lambda _loop, context: told.append(str(context["exception"])))
    asked = loop.create_task(ask())
    for _ in range(5):
        loop.run_until_complete(asyncio.sleep(0))
    if knows_memory_layout:
        result = asked.result()
        assert result.data == {"a": None, "b": "beside"}
        assert [error.message for error in result.errors] == ["not now"]
        assert not asyncio.all_tasks(loop)
        assert told == []
    else:
        assert told == ["not now"]
    loop.close()
