"""How long things take together: as long as the longest chain of what waits for one another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import graphql
import pytest
from fake_clock import FakeClockLoop
from graphql import GraphQLSchema, build_schema, parse

import onecross.graphql

SCHEMA = build_schema("""
    type Query { posts(limit: Int!): [Post!]! featuredPost: Post }
    type Post { id: Int! title: String! author: Author! comments(limit: Int!): [Comment!]! }
    type Comment { id: Int! text: String! author: Author! }
    type Author { name: String! email: String! bio: String postsCount: Int! }
""")
QUERY = """{
    posts(limit: 10) {
        id title author { name email bio postsCount } comments(limit: 5) { id text author { name } }
    }
    featuredPost { title author { name } }
}"""

# How many milliseconds each takes.
POSTS, FEATURED, AUTHOR, COMMENTS, EMAIL, BIO, COUNT = 8, 10, 5, 7, 3, 9, 2
# Posts, their authors, and what takes longest of these: comments and their authors come before.
LONGEST = POSTS + AUTHOR + BIO


class Author:
    name = "Ada"

    async def email(self, _info: Any) -> str:
        await asyncio.sleep(EMAIL)
        return "ada@example.org"

    async def bio(self, _info: Any) -> None:
        await asyncio.sleep(BIO)

    async def postsCount(self, _info: Any) -> int:  # noqa: N802 - as the schema has it
        await asyncio.sleep(COUNT)
        return 3


class Written:
    def __init__(self, number: int) -> None:
        self.id = number
        self.title = self.text = f"No. {number}"

    async def author(self, _info: Any) -> Author:
        await asyncio.sleep(AUTHOR)
        return Author()

    async def comments(self, _info: Any, limit: int) -> list["Written"]:
        await asyncio.sleep(COMMENTS)
        return [Written(number) for number in range(limit)]


class Root:
    async def posts(self, _info: Any, limit: int) -> list[Written]:
        await asyncio.sleep(POSTS)
        return [Written(number) for number in range(limit)]

    async def featuredPost(self, _info: Any) -> Written:  # noqa: N802 - as the schema has it
        await asyncio.sleep(FEATURED)
        return Written(0)


class Cost(NamedTuple):
    data: Any
    time: float
    turns: int
    calls: int
    tasks: int


@contextmanager
def tasks_made() -> Iterator[list[object]]:
    """All tasks that are made meanwhile, as asyncio has them added to those that it knows of."""
    known: Any = getattr(asyncio.tasks, "_scheduled_tasks", None)
    known = asyncio.tasks._all_tasks if known is None else known  # type: ignore[attr-defined]
    made: list[object] = []

    def add(task: object) -> None:
        made.append(task)
        type(known).add(known, task)

    known.add = add
    try:
        yield made
    finally:
        del known.add


def cost(module: ModuleType, schema: GraphQLSchema, query: str, root: Any) -> Cost:
    async def ask() -> Cost:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, FakeClockLoop)
        now, turns, calls = loop.now, loop.turns, loop.calls
        with tasks_made() as made:
            result = await module.execute(schema, parse(query), root)
        assert result.errors is None
        spent = (loop.now - now, loop.turns - turns, loop.calls - calls)
        return Cost(result.data, *spent, len(made))

    with asyncio.Runner(loop_factory=FakeClockLoop) as runner:
        return runner.run(ask())


def test_all_takes_as_long_as_the_longest_chain_and_costs_no_more_than_with_graphql_core() -> None:
    ours = cost(onecross.graphql, SCHEMA, QUERY, Root())
    reference = cost(graphql, SCHEMA, QUERY, Root())
    assert ours.data == reference.data
    assert ours.time == LONGEST
    assert reference.time == LONGEST
    assert ours.turns <= reference.turns
    assert ours.calls <= reference.calls
    assert ours.tasks <= reference.tasks


LISTS = build_schema("""
    type Query { items: [Item!]! }
    type Item { name: String! size: Int! item: Item }
""")


def items(turns: int) -> Any:
    async def name(_info: Any) -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        return "name"

    async def item(_info: Any) -> Any:
        return {"name": name, "size": 0}

    return {"items": [{"name": name, "size": n, "item": item} for n in range(100)]}


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("query", ["{ items { name size } }", "{ items { name item { name } } }"])
def test_lists_cost_no_more_than_with_graphql_core(turns: int, query: str) -> None:
    ours = cost(onecross.graphql, LISTS, query, items(turns))
    reference = cost(graphql, LISTS, query, items(turns))
    assert ours.data == reference.data
    assert ours.turns <= reference.turns
    assert ours.calls <= reference.calls
    assert ours.tasks <= reference.tasks


def test_what_returns_at_once_costs_one_task_at_most_and_no_turn() -> None:
    ours = cost(onecross.graphql, LISTS, "{ items { name item { name } } }", items(0))
    assert (ours.turns, ours.tasks) == (0, 1)
