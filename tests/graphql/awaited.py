"""Random operations over values of which some are awaited, some fail, and some do both."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from random import Random
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, build_schema, parse

__all__ = ["Answer", "answer", "as_far_as", "awaited_schema", "random_operation"]

TYPES = """
    interface Named { name: String size: Int! }
    type Box implements Named {
        name: String size: Int! inner: Box sure: Box! boxes: [Box] surely: [Box!]! sizes: [Int!]
        named: Named! any: Any grid: [[Int]!]
    }
    type Lid { size: Int! box: Box }
    union Any = Box | Lid
    type Query { box: Box boxes: [Box!] named: Named any: [Any] size: Int sizes: [Int!]! }
    type Mutation { box: Box boxes: [Box!] size: Int sure: Box! count: Int! }
"""

Answer = tuple[Any, list[Any]]


class Thing:
    """An object of a type, told from all others by its place."""

    def __init__(self, type_name: str, place: str) -> None:
        self.type_name = type_name
        self.place = place

    def __repr__(self) -> str:
        return f"{self.type_name} at {self.place}"


def awaited_schema(seed: int, *, checks_types: bool) -> GraphQLSchema:
    """A schema whose fields give random values, the same for the same seed and place."""

    def resolve(source: Any, info: Any) -> Any:
        place = "/".join(map(str, info.path.as_list()))
        random = Random(f"{seed} {place}")
        if random.random() < 0.05:
            raise LookupError(place)
        return perhaps_later(random, value(random, str(info.return_type), place), place)

    def resolve_type(thing: Thing, _info: Any, _type: Any) -> Any:
        random = Random(f"{seed} type of {thing!r}")
        if random.random() < 0.05:
            raise LookupError(repr(thing))
        return perhaps_later(random, thing.type_name, thing.place, may_fail=False)

    def is_type_of(thing: Any, _info: Any) -> Any:
        random = Random(f"{seed} kind of {thing!r}")
        return random.random() < 0.9

    schema = build_schema(TYPES)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for field in type_.fields.values():
                field.resolve = resolve
    for name in ("Named", "Any"):
        schema.type_map[name].resolve_type = resolve_type
    if checks_types:
        schema.type_map["Box"].is_type_of = is_type_of
    return schema


def value(random: Random, type_name: str, place: str) -> Any:
    """A value of a type, or none, or one that is wrong, or an error."""
    choice = random.random()
    if choice < 0.12:
        return None if choice < 0.06 else LookupError(f"value at {place}")
    type_name = type_name.removesuffix("!")
    if type_name.startswith("["):
        return items(random, type_name[1:-1], place)
    if type_name == "Int":
        return random.choice([1, 2, 3, "no number"])
    if type_name == "String":
        return random.choice(["a", "é", 5])
    types = {"Named": ["Box"], "Any": ["Box", "Lid"]}
    return Thing(random.choice(types.get(type_name, [type_name])), place)


def items(random: Random, type_name: str, place: str) -> Any:
    """A list, an iterator or an asynchronous iterator of values."""
    made = [value(random, type_name, f"{place}/{index}") for index in range(random.randrange(4))]
    form = random.random()
    if form < 0.15:

        async def one_after_another() -> AsyncIterator[Any]:
            for each in made:
                await asyncio.sleep(0)
                yield each

        return one_after_another()
    made = [perhaps_later(random, each, f"{place}/{index}") for index, each in enumerate(made)]
    return iter(made) if form < 0.25 else made


def perhaps_later(random: Random, made: Any, place: str, *, may_fail: bool = True) -> Any:
    """The value, or a coroutine that gives it after some turns of the loop, or fails."""
    if random.random() < 0.6:
        return made
    turns = random.choice([0, 0, 1, 2])
    fails = may_fail and random.random() < 0.2

    async def later() -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        if fails:
            raise LookupError(f"later at {place}")
        return made

    return later()


def random_operation(random: Random) -> str:
    """A query or a mutation."""
    kind = random.choice(["query", "query", "mutation"])
    return f"{kind} {selection(random, kind.capitalize(), 4)}"


FIELDS = {
    "Query": {"box": "Box", "boxes": "Box", "named": "Named", "any": "Any", "size": None},
    "Mutation": {"box": "Box", "boxes": "Box", "size": None, "sure": "Box", "count": None},
    "Named": {"name": None, "size": None},
    "Lid": {"size": None, "box": "Box"},
    "Box": {
        "name": None,
        "size": None,
        "inner": "Box",
        "sure": "Box",
        "boxes": "Box",
        "surely": "Box",
        "sizes": None,
        "named": "Named",
        "any": "Any",
        "grid": None,
    },
}


def selection(random: Random, type_name: str, depth: int) -> str:
    """A selection of some of the fields of a type, each under a name of its own."""
    if type_name == "Any":
        box, lid = (selection(random, name, depth - 1) for name in ("Box", "Lid"))
        return f"{{ __typename ... on Box {box} ... on Lid {lid} }}"
    fields = FIELDS[type_name]
    names = [name for name, inner in fields.items() if depth > 0 or inner is None]
    selected = []
    for number in range(random.randint(1, 4)):
        name = random.choice(names)
        inner = fields[name]
        below = "" if inner is None else selection(random, inner, depth - 1)
        selected.append(f"{type_name.lower()}{number}: {name} {below}")
    return "{ " + " ".join(selected) + " }"


async def answer(execute: Callable[..., Any], schema: GraphQLSchema, operation: str) -> Answer:
    """Data and errors, awaited if they have to be, and some time later."""
    result = execute(schema, parse(operation))
    if hasattr(result, "__await__"):
        result = await result
    for _ in range(8):
        await asyncio.sleep(0)
    errors = [
        (error.message, error.path, error.locations, repr(error.original_error))
        for error in result.errors or ()
    ]
    return comparable(result.data), errors


def comparable(data: Any) -> Any:
    """The data, with one stand-in for all the coroutines that graphql-core 3.2 leaves in it."""
    if isinstance(data, dict):
        return {key: comparable(each) for key, each in data.items()}
    if isinstance(data, list):
        return [comparable(each) for each in data]
    if isinstance(data, Coroutine):
        data.close()
        return Coroutine
    return data


def as_far_as(expected: Answer, actual: Answer) -> Answer:
    """The actual answer but for where graphql-core 3.2 left coroutines in the expected one."""
    data, errors = actual
    left: list[list[Any]] = []
    data = _as_far_as(expected[0], data, [], left)
    return data, [
        error for error in errors if not any(error[1][: len(path)] == path for path in left)
    ]


def _as_far_as(expected: Any, actual: Any, path: list[Any], left: list[list[Any]]) -> Any:
    if expected is Coroutine:
        left.append(path)
        return Coroutine
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {
            key: _as_far_as(expected.get(key), each, [*path, key], left)
            for key, each in actual.items()
        }
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [
            _as_far_as(one, other, [*path, index], left)
            for index, (one, other) in enumerate(zip(expected, actual, strict=True))
        ]
    return actual
