"""The flat list as five kinds of objects, each against the encoder its users have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import attrs
import msgspec
import orjson
from graphql import build_schema
from measure import Contestant, Settings, Table, measure
from pydantic import BaseModel, TypeAdapter

from cases.people import build_person
from cases.rivals import ONECROSS
from onecross.graphql import Engine

QUERY = "query People { people { id name age score active } }"
ENVELOPE = b'{"data":{"people":'

SCHEMA = build_schema("""
    type Query { people: [Person!]! }
    type Person { id: ID! name: String! age: Int! score: Float! active: Boolean! }
""")


@dataclass(slots=True)
class SlotsDataclass:
    """A person whose fields have places of their own."""

    id: str
    name: str
    age: int
    score: float
    active: bool


@attrs.define
class Attrs:
    """A person as attrs makes them, with slots."""

    id: str
    name: str
    age: int
    score: float
    active: bool


class Struct(msgspec.Struct):
    """A person as msgspec has them."""

    id: str
    name: str
    age: int
    score: float
    active: bool


class Model(BaseModel):
    """A person as pydantic has them."""

    id: str
    name: str
    age: int
    score: float
    active: bool


@dataclass(frozen=True)
class Kind:
    """A kind of object, how its own library writes a list of them, and what we promised."""

    name: str
    make: Callable[..., Any]
    rival: str
    dump: Callable[[list[Any]], bytes]
    goal: float | None = None


KINDS = [
    Kind("dataclasses with slots", SlotsDataclass, "orjson.dumps", orjson.dumps, 0.3),
    Kind(
        "attrs classes",
        Attrs,
        "orjson.dumps(default=attrs.asdict)",
        lambda people: orjson.dumps(people, default=attrs.asdict),
    ),
    Kind("msgspec structs", Struct, "msgspec.json.encode", msgspec.json.encode, 1.3),
    Kind(
        "pydantic models",
        Model,
        "TypeAdapter.dump_json",
        TypeAdapter(list[Model]).dump_json,
        0.7,
    ),
    Kind("dicts", dict, "orjson.dumps", orjson.dumps, 1.3),
]


def without_envelope(body: Any) -> bytes:
    """Undo what no encoder knows: GraphQL's envelope."""
    text = bytes(body)
    return text[len(ENVELOPE) : -2] if text.startswith(ENVELOPE) else text


def tables(settings: Settings) -> Iterator[Table]:
    """Measure each kind by itself."""
    size = settings.size(full=10_000, small=100)
    engine = Engine(SCHEMA)
    for kind in KINDS:
        people = [build_person(kind.make, number) for number in range(size)]
        root = {"people": people}
        contestants = [
            Contestant(ONECROSS, lambda root=root: engine.execute_json_sync(QUERY, root)),
            Contestant(
                f"{kind.rival} of the same",
                lambda kind=kind, people=people: kind.dump(people),
                comparable=without_envelope,
            ),
        ]
        goals = {} if kind.goal is None else {contestants[1].name: kind.goal}
        question = f"shapes, {size:,} {kind.name} x 5 scalars"
        yield measure(question, contestants, settings, goals=goals)
