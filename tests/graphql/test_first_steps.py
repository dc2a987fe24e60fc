"""Tasks of coroutines, from when they are made to when they wait for something."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import graphql
import pytest
from graphql import build_schema, parse

import onecross.graphql
from onecross._core import knows_memory_layout

SCHEMA = build_schema("""
    type Query { a: String b: String c: String item: Item }
    type Item { name: String needed: String! }
""")
QUERY = "{ a b c }"

MODULES = pytest.mark.parametrize("module", [graphql, onecross.graphql], ids=lambda it: it.__name__)

variable: ContextVar[str] = ContextVar("variable", default="unset")


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


@MODULES
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


@MODULES
def test_a_loop_may_be_run_below_a_coroutine_that_kept_its_task(module: Any) -> None:
    kept: list[Any] = []

    async def item() -> dict[str, Any]:
        kept.append(asyncio.current_task())
        return {"name": lambda _info: run_turns(3)}

    async def run() -> Any:
        told: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, what: told.append(what))
        root = {"item": lambda _info: item(), "b": lambda _info: "beside"}
        result = await module.execute(SCHEMA, parse("{ item { name } b }"), root)
        await asyncio.sleep(0)
        assert told == []
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result.data

    assert asyncio.run(run()) == {"item": {"name": "3 turns"}, "b": "beside"}


def run_turns(count: int) -> str:
    """Run the running loop from within one of its tasks."""
    loop: Any = asyncio.get_running_loop()
    task: Any = asyncio.current_task()
    asyncio.tasks._leave_task(loop, task)
    try:
        for _ in range(count):
            loop.call_soon(int)
            loop._run_once()
    finally:
        asyncio.tasks._enter_task(loop, task)
    return f"{count} turns"


@MODULES
def test_what_ends_a_coroutine_where_it_waits_is_raised_in_its_own_context(module: Any) -> None:
    seen = []

    async def cancelled() -> str:
        token = variable.set("its own")
        future = asyncio.get_running_loop().create_future()
        future.set_result(None)
        gathered = asyncio.gather(future)
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await gathered
        except asyncio.CancelledError:
            seen.append(variable.get())
            variable.reset(token)
            variable.set("left behind")
        return "went on"

    async def beside() -> None:
        seen.append(variable.get())

    async def run() -> str:
        root = {"a": lambda _info: cancelled(), "b": lambda _info: beside()}
        # Where asyncio raises nothing in such a coroutine, it cancels the task once that has ended.
        with suppress(asyncio.CancelledError):
            await module.execute(SCHEMA, parse("{ a b }"), root)
        return variable.get()

    assert asyncio.run(run()) == "unset"
    assert set(seen) <= {"its own", "unset"}
    assert seen.count("unset") <= 1


def test_what_must_end_the_loop_is_told_once_where_a_coroutine_waits() -> None:
    told: list[Any] = []

    async def interrupted() -> str:
        future = asyncio.get_running_loop().create_future()
        future.set_result(None)
        gathered = asyncio.gather(future)
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await gathered
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        return "went on"

    async def ask() -> Any:
        root = {"a": lambda _info: interrupted(), "b": lambda _info: "beside"}
        return await onecross.graphql.execute(SCHEMA, parse("{ a b }"), root)

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, what: told.append(str(what.get("exception"))))
    asked = loop.create_task(ask())
    with pytest.raises((KeyboardInterrupt, asyncio.CancelledError)):
        loop.run_until_complete(asked)
    for _ in range(3):
        # Whoever awaits the answer is told, too, where it was not told at once.
        with suppress(KeyboardInterrupt):
            loop.run_until_complete(loop.create_task(asyncio.sleep(0)))
    loop.close()
    assert "_step(): already done" not in " ".join(told)


def test_what_the_response_has_no_place_for_ends_in_the_context_of_what_gave_it() -> None:
    """So it does with graphql-core 3.3; that of 3.2 never awaits it."""
    seen = []

    async def name() -> str:
        seen.append(variable.get())
        return "name"

    async def item() -> Any:
        await asyncio.sleep(0)
        variable.set("of the item")
        return {"name": lambda _info: name(), "needed": None}

    async def run() -> Any:
        variable.set("of the request")
        root = {"item": lambda _info: item(), "b": lambda _info: "beside"}
        document = parse("{ item { name needed } b }")
        result = await onecross.graphql.execute(SCHEMA, document, root)
        for _ in range(5):
            await asyncio.sleep(0)
        return result.data

    assert asyncio.run(run()) == {"item": None, "b": "beside"}
    assert seen == ["of the item"]
