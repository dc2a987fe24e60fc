"""Asynchronous requests, a million small ones and a thousand large, some cancelled: none stays."""

import asyncio
import gc
import sys
from collections import Counter
from random import Random

import pytest
from graphql import build_schema

from onecross.graphql import Engine

SMALL, LARGE = 1_000_000, 1_000

SCHEMA = build_schema("""
    type Query { item: Item items: [Item!]! failing: Int! }
    type Mutation { first: Int second: Item }
    type Item { name: String size: Int! inner: Item }
""")
DOCUMENTS = (
    "{ item { name size } }",
    "{ item { name inner { size inner { name } } } }",
    "{ item { name } failing }",
    "mutation { first second { name inner { size } } }",
)


class Item:
    """An object whose fields suspend themselves, or do not, or fail, as its random says."""

    def __init__(self, random):
        self.random = random

    async def wait(self):
        for _ in range(self.random.randrange(3)):
            await asyncio.sleep(0)

    async def name(self, info):
        await self.wait()
        return "name"

    async def size(self, info):
        await self.wait()
        if self.random.random() < 0.02:
            raise LookupError("no size")
        return 1

    async def inner(self, info):
        await self.wait()
        return Item(self.random)


class Root:
    """The root value."""

    def __init__(self, random):
        self.random = random

    async def item(self, info):
        await asyncio.sleep(0)
        return Item(self.random)

    second = item

    async def failing(self, info):
        await Item(self.random).wait()
        raise LookupError("always")

    async def first(self, info):
        await Item(self.random).wait()
        return 1

    def items(self, info):
        return [Item(self.random) for _ in range(500)]


async def request(engine, root, document, outcomes, cancelled_after):
    """Execute a request in one of two forms; after so many turns it may be cancelled."""
    execute = engine.execute_json if root.random.random() < 0.5 else engine.execute
    task = asyncio.ensure_future(execute(document, root))
    if cancelled_after is not None:
        for _ in range(cancelled_after):
            await asyncio.sleep(0)
        task.cancel()
    try:
        result = await task
    except asyncio.CancelledError:
        outcomes["cancelled"] += 1
    else:
        outcomes["failed" if result.errors else "answered"] += 1


async def ask(engine, count, at_once, documents, random, outcomes):
    """Execute so many requests, some at once, of which a tenth is cancelled."""
    root = Root(random)
    for _ in range(0, count, at_once):
        await asyncio.gather(
            *(
                request(
                    engine,
                    root,
                    random.choice(documents),
                    outcomes,
                    random.randrange(6) if random.random() < 0.1 else None,
                )
                for _ in range(at_once)
            )
        )


@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("count", "at_once", "documents"),
    [(SMALL, 100, DOCUMENTS), (LARGE, 10, ("{ items { name size inner { name } } }",))],
    ids=["small", "large"],
)
def test_nothing_is_left(footprint, count, at_once, documents):
    """Memory, tasks and references are the same after a fifth of the requests and after all."""
    engine, random, outcomes = Engine(SCHEMA), Random(count), Counter()

    async def run():
        await ask(engine, count // 5, at_once, documents, random, outcomes)
        gc.collect()
        before, references = footprint(), sys.getrefcount(engine)
        await ask(engine, count - count // 5, at_once, documents, random, outcomes)
        gc.collect()
        after = footprint()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert sys.getrefcount(engine) == references
        assert after.blocks - before.blocks < 2_000
        assert after.resident_bytes - before.resident_bytes < 32 << 20

    asyncio.run(run())
    assert sum(outcomes.values()) == count
    assert outcomes["cancelled"] > count // 100
    assert outcomes["failed"] > count // 100
