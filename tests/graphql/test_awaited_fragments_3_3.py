"""Variables of fragments, below values that are awaited."""

import asyncio
from typing import Any

import graphql
from graphql import build_schema, parse

import onecross.graphql

SCHEMA = build_schema("""
    type Query { box: Box }
    type Box { inner: Box echo(of: Int): Int }
""")


class Box:
    """A box whose inner one comes later."""

    def echo(self, _info: Any, of: int | None = None) -> int | None:
        return of

    def inner(self, _info: Any) -> Any:
        return later(Box())


async def later(made: Any) -> Any:
    await asyncio.sleep(0)
    return made


def test_variables_of_fragments_are_there_below_what_is_awaited() -> None:
    document = parse(
        "query ($of: Int = 3) { box { echo(of: $of) } ...boxed(of: 5) }"
        " fragment boxed($of: Int) on Query"
        " { box { mine: echo(of: $of) inner { echo(of: $of) } } }",
        experimental_fragment_arguments=True,
    )

    async def ask(execute: Any) -> Any:
        return await execute(SCHEMA, document, {"box": later(Box())})

    expected, actual = (asyncio.run(ask(module.execute)) for module in (graphql, onecross.graphql))
    assert actual == expected
    assert actual.data == {"box": {"echo": 3, "mine": 5, "inner": {"echo": 5}}}
