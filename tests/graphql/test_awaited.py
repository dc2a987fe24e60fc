"""What is awaited is answered as graphql-core answers it, whatever fails beside it and when."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator
from random import Random
from typing import Any

import graphql
import pytest
from awaited import answer, as_far_as, awaited_schema, random_operation
from graphql import build_schema, parse

import onecross.graphql

# graphql-core itself leaves some coroutines where an error made them useless.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FRAMEWORKS = (graphql.execute, onecross.graphql.execute)


async def answers(schema: Any, operation: str) -> list[Any]:
    # Errors that come when nobody waits for them any more are told to the loop.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    return [await answer(execute, schema, operation) for execute in FRAMEWORKS]


def reasons(answer: Any) -> dict[tuple[Any, ...], Any]:
    """The errors at each place that is null for them; where they are further down, only that.

    Which of several errors within a place are told depends on which came first, and when the place
    became null.
    """
    data, errors = answer
    found: dict[tuple[Any, ...], Any] = {}
    for error in errors:
        path, value = error[1], data
        steps = 0
        while value not in (None, Coroutine) and steps < len(path):
            value = value[path[steps]]
            steps += 1
        null = tuple(path[:steps])
        found.setdefault(null, set()).add(repr(error) if steps == len(path) else "further down")
    return found


def assert_same_reasons(actual: Any, expected: Any, told: str) -> None:
    reasons_of_actual, reasons_of_expected = reasons(actual), reasons(expected)
    assert reasons_of_actual.keys() == reasons_of_expected.keys(), told
    for place, errors in reasons_of_actual.items():
        if "further down" not in errors | reasons_of_expected[place]:
            assert errors == reasons_of_expected[place], told


@pytest.fixture(autouse=True)
def coroutines_that_are_left() -> Iterator[None]:
    """Coroutines that nobody awaits go before another test is told of them."""
    yield
    gc.collect()


@pytest.mark.parametrize("checks_types", [False, True])
def test_random_operations(*, checks_types: bool) -> None:
    async def check() -> int:
        failed = 0
        for seed in range(80):
            schema = awaited_schema(seed, checks_types=checks_types)
            operation = random_operation(Random(seed))
            expected, actual = await answers(schema, operation)
            expected, actual = as_far_as(expected, expected), as_far_as(expected, actual)
            assert actual[0] == expected[0], f"seed {seed}: {operation}"
            assert_same_reasons(actual, expected, f"seed {seed}: {operation}")
            failed += bool(expected[1])
            statistics = onecross.graphql.statistics(schema)
            assert statistics.executed == 1, statistics
        return failed

    assert 10 < asyncio.run(check()) < 75


BOXES = """
    type Query { box: Box slow: Int sizes: [Int!] }
    type Mutation { box: Box size: Int! }
    type Box { name: String size: Int! inner: Box echo(of: Int): Int }
"""


async def later(made: Any, turns: int = 0) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(made, Exception):
        raise made
    return made


def awaiting(made: Any, turns: int = 0) -> Any:
    return lambda _info: later(made, turns)


def both(operation: str, make_root: Any, **options: Any) -> list[Any]:
    schema = build_schema(BOXES)

    async def ask() -> list[Any]:
        made = []
        for execute in FRAMEWORKS:
            result = execute(schema, parse(operation, **options), make_root())
            if hasattr(result, "__await__"):
                result = await result
            await later(None, 4)
            made.append(
                (result.data, [(error.message, error.path) for error in result.errors or ()])
            )
        return made

    return asyncio.run(ask())


def test_a_mutation_goes_on_when_what_it_waited_for_is_null_already() -> None:
    calls = []

    def make_root() -> Any:
        box = {"name": awaiting("a"), "size": None}
        return {"box": box, "size": lambda _info: calls.append("size") or 7}

    expected, actual = both("mutation { box { name size } size }", make_root)
    assert actual == expected
    assert actual[0] == {"box": None, "size": 7}
    assert calls == ["size", "size"]


def test_an_error_within_what_is_null_already_is_not_told() -> None:
    def make_root() -> Any:
        box = {"name": awaiting(LookupError("late")), "size": None}
        return {"box": box, "slow": awaiting(1, turns=3)}

    expected, actual = both("{ box { name size } slow }", make_root)
    assert actual == expected
    assert [path for _, path in actual[1]] == [["box", "size"]]


def test_items_behind_one_that_fails_are_awaited_as_graphql_core_does() -> None:
    begun = []

    def make_root() -> Any:
        number = len(begun)
        begun.append(0)

        async def size() -> int:
            begun[number] += 1
            return 1

        return {"sizes": [None, size(), size()]}

    expected, actual = both("{ sizes }", make_root)
    assert actual == expected
    assert actual[0] == {"sizes": None}
    assert begun[0] == begun[1]
