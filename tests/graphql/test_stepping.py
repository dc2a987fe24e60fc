"""Coroutines run as in tasks of their own, and cost none where they do not suspend themselves."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import anyio
import graphql
import pytest
from graphql import build_schema, parse

import onecross.graphql

SCHEMA = build_schema("""
    type Query { a: String b: String c: String items: [Item!] }
    type Item { name: String size: Int }
""")
QUERY = "{ a b c }"

variable: ContextVar[int] = ContextVar("variable", default=0)


def executed(resolve: Callable[..., Any], query: str = QUERY, **more: Any) -> Any:
    """The engine's data, which must be graphql-core's."""
    root = {name: (lambda _info: resolve()) for name in "abc"} | more

    async def run(module: Any) -> Any:
        result = await module.execute(SCHEMA, parse(query), root)
        assert result.errors is None
        return result.data

    expected = asyncio.run(run(graphql))
    assert asyncio.run(run(onecross.graphql)) == expected
    return expected


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_the_current_task_is_one_task_from_the_first_step_to_the_last(turns: int) -> None:
    seen = []

    async def resolve() -> str:
        task = asyncio.current_task()
        assert isinstance(task, asyncio.Task)
        for _ in range(turns):
            await asyncio.sleep(0)
            assert asyncio.current_task() is task
        seen.append(task)
        return "done"

    executed(resolve)
    assert len({id(task) for task in seen}) == len(seen) == 6
    assert all(task.done() for task in seen)


def test_a_task_shows_the_coroutine_that_it_goes_on_with() -> None:
    async def resolve() -> None:
        await asyncio.get_running_loop().create_future()

    async def run() -> list[Any]:
        asked = asyncio.ensure_future(
            onecross.graphql.execute(SCHEMA, parse("{ a }"), {"a": lambda _info: resolve()})
        )
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        shown = [
            (repr(task), task.get_stack()[0].f_code.co_name)
            for task in asyncio.all_tasks() - {asyncio.current_task(), asked}
        ]
        asked.cancel()
        return shown

    assert "resolve" in [name for shown, name in asyncio.run(run()) if "resolve" in shown]


def test_a_timeout_ends_only_its_own_coroutine() -> None:
    limits = iter([0, None, 0] * 2)

    async def resolve() -> str:
        limit = next(limits)
        try:
            async with asyncio.timeout(limit):
                await asyncio.sleep(60 if limit == 0 else 0)
        except TimeoutError:
            return "late"
        return "in time"

    assert executed(resolve) == {"a": "late", "b": "in time", "c": "late"}


def test_a_group_of_tasks_is_cancelled_by_one_that_fails() -> None:
    async def fail() -> None:
        raise LookupError

    async def resolve() -> str:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                await asyncio.sleep(60)
        except* LookupError:
            pass
        return "handled"

    assert executed(resolve) == dict.fromkeys("abc", "handled")


def test_a_scope_of_anyio_is_its_own() -> None:
    async def resolve() -> str:
        with anyio.move_on_after(0) as scope:
            await anyio.sleep(60)
        return f"cancelled: {scope.cancelled_caught}"

    assert executed(resolve) == dict.fromkeys("abc", "cancelled: True")


@pytest.mark.parametrize("turns", [0, 1])
def test_context_variables_are_its_own_and_can_be_reset(turns: int) -> None:
    async def resolve() -> str:
        before = variable.get()
        token = variable.set(before + 1)
        for _ in range(turns):
            await asyncio.sleep(0)
        changed = variable.get()
        variable.reset(token)
        assert variable.get() == before
        variable.set(99)
        return f"{before} {changed}"

    variable.set(5)
    assert executed(resolve) == dict.fromkeys("abc", "5 6")
    assert variable.get() == 5


@pytest.mark.parametrize("turns", [0, 1])
def test_context_variables_reach_what_is_below(turns: int) -> None:
    async def user(_info: Any) -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        variable.set(7)
        return [{"name": later_name, "size": lambda _info: variable.get()}]

    async def later_name(_info: Any) -> str:
        await asyncio.sleep(0)
        return f"of {variable.get()}"

    query = "{ items { name size } a }"
    data = executed(lambda: f"beside {variable.get()}", query, items=user)
    assert data["items"] == [{"name": "of 7", "size": 7}]


def test_what_comes_is_not_awaited_once_more() -> None:
    made = []

    async def inner() -> str:
        return "inner"

    async def outer() -> Any:
        made.append(inner())
        return made[-1]

    async def run(module: Any) -> Any:
        result = await module.execute(SCHEMA, parse("{ a }"), {"a": lambda _info: outer()})
        return result.data, [error.message for error in result.errors]

    expected = asyncio.run(run(graphql))
    assert asyncio.run(run(onecross.graphql)) == expected
    assert expected[0] == {"a": None}
    for coroutine in made:
        coroutine.close()


def test_one_coroutine_in_two_places_is_awaited_in_one() -> None:
    async def run(module: Any) -> Any:
        async def wait() -> str:
            await asyncio.sleep(0)
            return "waited"

        coroutine = wait()
        root = dict.fromkeys("ab", lambda _info: coroutine)
        result = await module.execute(SCHEMA, parse("{ a b }"), root)
        return result.data, [error.formatted for error in result.errors]

    expected = asyncio.run(run(graphql))
    assert asyncio.run(run(onecross.graphql)) == expected
    assert expected[0] == {"a": "waited", "b": None}


def test_what_is_awaited_may_be_there_when_its_task_begins() -> None:
    async def resolve() -> str:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, "result")
        return await future

    assert executed(resolve) == dict.fromkeys("abc", "result")


def test_a_task_that_is_kept_ends_as_the_coroutine_did() -> None:
    tasks: list[asyncio.Task[Any]] = []
    called: list[Any] = []

    async def resolve() -> str:
        task = asyncio.current_task()
        assert task is not None
        if len(tasks) < 1:
            tasks.append(task)
        elif not called:
            called.append(None)
            task.add_done_callback(called.append)
        return "value"

    async def run() -> None:
        root = dict.fromkeys("abc", lambda _info: resolve())
        result = await onecross.graphql.execute(SCHEMA, parse(QUERY), root)
        assert result.data == dict.fromkeys("abc", "value")
        assert await asyncio.wait_for(tasks[0], 5) == "value"
        await asyncio.sleep(0)
        assert called[1].result() == "value"
        assert called[1] is not tasks[0]

    asyncio.run(run())


@pytest.fixture
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    gc.collect()
    assert caplog.get_records("call") + caplog.records == []


@pytest.mark.usefixtures("nothing_is_logged")
@pytest.mark.parametrize("turns", [0, 1])
def test_nothing_is_kept_and_nothing_told_of(turns: int) -> None:
    class Value(str):
        __slots__ = ("__weakref__",)

    references = []

    async def resolve() -> str:
        value = Value("a")
        references.append(weakref.ref(value))
        for _ in range(turns):
            await asyncio.sleep(0)
        return value

    async def run() -> None:
        root = dict.fromkeys("abc", lambda _info: resolve())
        await onecross.graphql.execute(SCHEMA, parse(QUERY), root)

    asyncio.run(run())
    gc.collect()
    assert [reference() for reference in references] == [None] * 3


@pytest.mark.usefixtures("nothing_is_logged")
def test_who_is_cancelled_cancels_what_is_suspended() -> None:
    ended = []

    async def resolve() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            ended.append(asyncio.current_task())
            raise

    async def run() -> None:
        root = dict.fromkeys("abc", lambda _info: resolve())
        asked = asyncio.ensure_future(onecross.graphql.execute(SCHEMA, parse(QUERY), root))
        for _ in range(4):
            await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        for _ in range(4):
            await asyncio.sleep(0)

    asyncio.run(run())
    assert len(ended) == 3


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("nothing_is_logged")
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_nothing_goes_on_when_nobody_awaits_the_response(turns: int) -> None:
    async def resolve() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.get_running_loop().create_future()

    async def run() -> None:
        root = dict.fromkeys("abc", lambda _info: resolve())

        async def ask() -> None:
            await onecross.graphql.execute(SCHEMA, parse(QUERY), root)

        for asked in (ask(), onecross.graphql.execute(SCHEMA, parse(QUERY), root)):
            task = asyncio.ensure_future(asked)
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        for _ in range(3):
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


@pytest.mark.usefixtures("nothing_is_logged")
def test_the_error_of_a_coroutine_that_knows_its_task_is_told_once() -> None:
    async def resolve() -> None:
        task = asyncio.current_task()
        raise LookupError(f"in {type(task).__name__}")

    async def run() -> Any:
        root = dict.fromkeys("abc", lambda _info: resolve())
        return await onecross.graphql.execute(SCHEMA, parse(QUERY), root)

    assert [error.message for error in asyncio.run(run()).errors] == ["in Task"] * 3


@pytest.mark.parametrize("turns", [0, 1])
@pytest.mark.parametrize("fails", [False, True])
def test_who_ends_its_own_task_ends_the_request(turns: int, *, fails: bool) -> None:
    async def resolve() -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        task.cancel("enough")
        if fails:
            raise LookupError
        return "cancelled"

    async def run(module: Any) -> Any:
        root = dict.fromkeys("abc", lambda _info: resolve())
        with pytest.raises(asyncio.CancelledError) as told:
            await module.execute(SCHEMA, parse(QUERY), root)
        return told.value.args

    expected = asyncio.run(run(graphql))
    assert asyncio.run(run(onecross.graphql)) == expected
    assert fails or turns == 0 or expected == ("enough",)


class Unusual(BaseException):
    """No error that a field may have."""


@pytest.mark.usefixtures("nothing_is_logged")
@pytest.mark.parametrize("turns", [0, 1])
def test_what_ends_a_request_is_told_once(turns: int) -> None:
    async def resolve() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise Unusual

    async def run() -> None:
        with pytest.raises(Unusual):
            await onecross.graphql.execute(SCHEMA, parse("{ a }"), {"a": lambda _info: resolve()})

    asyncio.run(run())


def test_a_loop_with_tasks_of_its_own_makes_them_all() -> None:
    made = []

    def make(loop: Any, coroutine: Any, **options: Any) -> Any:
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    async def resolve() -> str:
        await asyncio.sleep(0)
        return "done"

    async def run() -> Any:
        asyncio.get_running_loop().set_task_factory(make)
        root = dict.fromkeys("abc", lambda _info: resolve())
        return await onecross.graphql.execute(SCHEMA, parse(QUERY), root)

    assert asyncio.run(run()).data == dict.fromkeys("abc", "done")
    assert len(made) >= 3


def test_a_task_that_cannot_be_cancelled_keeps_nobody_waiting() -> None:
    cancelled = []

    class Stubborn(asyncio.Task[Any]):
        def cancel(self, *_message: Any) -> bool:
            cancelled.append(self)
            raise LookupError("cannot be cancelled")

    def make(loop: Any, coroutine: Any, **options: Any) -> Any:
        return Stubborn(coroutine, loop=loop, **options)

    async def fail() -> None:
        await asyncio.sleep(0)
        raise Unusual

    async def run() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        root = {"a": lambda _info: fail(), "b": lambda _info: future, "c": lambda _info: future}
        asked = asyncio.ensure_future(onecross.graphql.execute(SCHEMA, parse(QUERY), root))
        loop.set_task_factory(make)
        for _ in range(8):
            await asyncio.sleep(0)
        assert isinstance(asked.exception(), Unusual)
        assert len(cancelled) == 2
        future.set_result("late")
        for _ in range(4):
            await asyncio.sleep(0)

    asyncio.run(run())


async def result_within_some_turns(asked: Any) -> Any:
    task = asyncio.ensure_future(asked)
    for _ in range(20):
        await asyncio.sleep(0)
    assert task.done(), "nobody goes on with it"
    return await task


@pytest.mark.parametrize("cancels", [False, True])
def test_a_coroutine_may_run_its_loop_in_its_first_step(*, cancels: bool) -> None:
    async def resolve() -> str:
        loop: Any = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        if cancels:
            loop.call_soon(task.cancel)
        # As packages do that let a running loop be run.
        asyncio.tasks._leave_task(loop, task)
        for _ in range(3):
            loop.call_soon(int)
            loop._run_once()
        asyncio.tasks._enter_task(loop, task)
        await asyncio.sleep(0)
        assert asyncio.current_task() is task
        return "done"

    async def run() -> Any:
        root = dict.fromkeys("abc", lambda _info: resolve())
        asked = onecross.graphql.execute(SCHEMA, parse(QUERY), root)
        return (await result_within_some_turns(asked)).data

    if cancels:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(run())
    else:
        assert asyncio.run(run()) == dict.fromkeys("abc", "done")


def test_who_awaits_a_response_is_told_when_another_closes_it() -> None:
    asked: list[Any] = []

    async def resolve() -> None:
        await asyncio.sleep(0)
        asked[0].close()

    async def run() -> Any:
        root = dict.fromkeys("abc", lambda _info: resolve())
        asked.append(onecross.graphql.execute(SCHEMA, parse(QUERY), root))
        return await result_within_some_turns(asked[0])

    with pytest.raises((RuntimeError, asyncio.CancelledError)):
        asyncio.run(run())


def test_an_interrupt_in_the_first_step_reaches_the_caller() -> None:
    async def resolve() -> None:
        raise KeyboardInterrupt

    async def run() -> None:
        root = dict.fromkeys("abc", lambda _info: resolve())
        await onecross.graphql.execute(SCHEMA, parse(QUERY), root)

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run())


def test_loads_of_one_level_are_one_batch() -> None:
    batches: list[list[int]] = []

    class Loader:
        def __init__(self) -> None:
            self.waiting: list[tuple[int, asyncio.Future[str]]] = []

        def load(self, key: int) -> "asyncio.Future[str]":
            loop = asyncio.get_running_loop()
            if not self.waiting:
                loop.call_soon(self.dispatch)
            future = loop.create_future()
            self.waiting.append((key, future))
            return future

        def dispatch(self) -> None:
            waiting, self.waiting = self.waiting, []
            batches.append([key for key, _ in waiting])
            for key, future in waiting:
                future.set_result(f"name {key}")

    loader = Loader()

    def item(number: int) -> Any:
        async def name(_info: Any) -> str:
            return await loader.load(number)

        return {"name": name, "size": number}

    async def run() -> Any:
        root = {"items": [item(number) for number in range(10)]}
        return await onecross.graphql.execute(SCHEMA, parse("{ items { name } }"), root)

    result = asyncio.run(run())
    assert result.data == {"items": [{"name": f"name {number}"} for number in range(10)]}
    assert batches == [list(range(10))]
