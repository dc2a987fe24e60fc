"""Users' objects are left as they were found: no dict made, no text copied, no reference kept."""

import gc
import sys
import tracemalloc
from dataclasses import dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    build_schema,
)

from onecross.graphql import Engine

SCHEMA = build_schema("""
    scalar Any
    enum Colour { RED GREEN }
    type Query {
        person: Person people: [Person] texts: [String] any: Any colour: Colour
        number: Int whole: Int! greet(name: String, names: [String]): String
    }
    type Person { name: String age: Int friend: Person }
    type Subscription { number: Int }
""")


class Plain:
    def __init__(self, number):
        self.name = f"näme {number}"
        self.age = number


@dataclass
class Data:
    name: str
    age: int


class WithProperty(Plain):
    @property
    def friend(self):
        return Data("Freya", 1)


@strawberry.type
class Person:
    name: str
    age: int


@strawberry.type
class Query:
    @strawberry.field
    def people(self: Any) -> list[Person]:
        return self["people"]


MAKERS = {
    "plain": Plain,
    "dataclass": lambda number: Data(f"näme {number}", number),
    "property": WithProperty,
    "strawberry": lambda number: Person(name=f"näme {number}", age=number),
}


def dicts_of(people: list[Any]) -> int:
    """Count the dicts of instances; `gc.get_referents` of an instance tells them up to 3.12 only.

    The collector knows of a dict when it holds a container.
    """
    names = {id(person.name) for person in people}
    return sum(type(item) is dict and id(item.get("name")) in names for item in gc.get_objects())


@pytest.fixture(params=["graphql-core", "strawberry"])
def engine(request):
    return Engine(SCHEMA if request.param == "graphql-core" else strawberry.Schema(Query))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_no_dict_of_an_instance_is_made(engine, make):
    people = [make(number) for number in range(100)]
    for person in people:
        person.containers = []
    engine.execute_json_sync("{ people { name age } }", {"people": people})
    engine.execute_sync("{ people { name age } }", {"people": people})
    assert dicts_of(people) == 0
    vars(people[0])
    assert dicts_of(people) == 1, "this test could not see a dict"


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_no_memory_is_kept_for_an_object(engine, make):
    count = 10_000
    people = [make(number) for number in range(count)]
    query = "{ people { name age } }"
    engine.execute_json_sync(query, {"people": people[:10]})
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        engine.execute_json_sync(query, {"people": people})
        engine.execute_sync(query, {"people": people})
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < count / 10, f"{kept} bytes are kept for {count} objects"


def test_no_utf8_is_kept_in_a_text():
    texts = {
        "in a field": "Grüße 1",
        "in a list": "Grüße 2",
        "a key": "schlüssel",
        "in a scalar": "Grüße 3 ☃",
        "in a variable": "Grüße 4 🎉",
        "in variables": "Grüße 5",
        "in an answer": "Grüße 6",
        "in an error": "Grüße 7",
        "query": "# Grüße 8\nquery Q($n: String, $ns: [String]) "
        "{ person { name } texts any number greet(name: $n, names: $ns) }",
        "bad query": "{ nöpe }",
        "operation name": "Grüße 9",
    }
    sizes = {name: sys.getsizeof(text) for name, text in texts.items()}

    def fail(info):
        raise GraphQLError(texts["in an error"])

    root = {
        "person": {"name": texts["in a field"]},
        "texts": [texts["in a list"], texts["in a field"]],
        "any": {texts["a key"]: [texts["in a scalar"]]},
        "number": fail,
        "greet": lambda info, name, names: texts["in an answer"],
    }
    variables = {"n": texts["in a variable"], "ns": [texts["in variables"]]}
    engine = Engine(SCHEMA)
    for execute in (engine.execute_json_sync, engine.execute_sync):
        result = execute(texts["query"], root, None, variables, "Q")
        assert len(result.errors) == 1
        assert execute(texts["bad query"]).errors
        assert execute(texts["query"], root, None, variables, texts["operation name"]).errors
    engine.explain(texts["query"])
    assert {name: sys.getsizeof(text) for name, text in texts.items()} == sizes
    len(texts["in a field"].encode())


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Halt(BaseException):
    """What no execution may swallow."""


NAME = "Ada Lovelace, née Byron"
WIDE = 10**30
ERROR = ValueError("the same each time")
PERSON = Data(NAME, 36)
PEOPLE = [PERSON, {"name": NAME, "age": 3}, Plain(5)]
ANY = {"texts": [NAME, WIDE, 1.5, None, True], "nested": ({"a": NAME},)}
CONTEXT = object()
VARIABLES = {"name": NAME, "names": [NAME]}


def fail(info):
    raise ERROR


def fail_anew(info):
    raise ValueError("another each time")


def halt(info):
    raise Halt


def greet(info, name=None, names=None):
    return name


ROOT = {
    "person": PERSON,
    "people": PEOPLE,
    "texts": [NAME, 1, True],
    "any": ANY,
    "colour": "RED",
    "number": 5,
    "greet": greet,
}
FAILING = {"number": fail_anew, "whole": fail_anew, "people": [5, Halt], "any": object()}
GREET = "query Greet($name: String, $names: [String]) { greet(name: $name, names: $names) }"
CASES = {
    "plain fields": ("{ person { name age } people { name age } texts number }", ROOT),
    "a scalar of its own": ("{ any colour }", ROOT),
    "arguments": (GREET, ROOT),
    "field errors": ("{ number any people { friend { name } } }", FAILING),
    "null propagation": ("{ people { name } whole }", FAILING),
    "errors as values": ("{ number }", {"number": ValueError("a value")}),
    "no list": ("{ people { name } }", {"people": 5}),
    "not in the schema": ("{ nope }", ROOT),
    "no document": ("{", ROOT),
    "a subscription": ("subscription { number }", ROOT),
    "a fallback with an error": ("subscription { number }", FAILING),
}


@pytest.mark.parametrize(("query", "root"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_references_return_to_where_they_were(reference_delta, form, query, root):
    execute = getattr(Engine(SCHEMA), form)
    variables = VARIABLES if query is GREET else None

    def call():
        execute(query, root, CONTEXT, variables)

    # Small integers are everybody's.
    values = [value for value in root.values() if type(value) is not int]
    inputs = [query, root, *values, CONTEXT, VARIABLES, *VARIABLES.values(), PERSON, WIDE, Plain]
    delta = reference_delta(call, *inputs)
    assert delta.references == [0] * len(inputs)
    assert abs(delta.blocks_per_call) < 0.5


@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_an_interrupted_execution_keeps_nothing(reference_delta, form):
    execute = getattr(Engine(SCHEMA), form)
    root = {"people": PEOPLE, "number": halt}

    def call():
        with pytest.raises(Halt):
            execute("{ people { name } number }", root, CONTEXT)

    delta = reference_delta(call, root, PEOPLE, CONTEXT, halt, Halt)
    assert delta.references == [0] * 5
    assert abs(delta.blocks_per_call) < 0.5


def test_an_error_that_is_raised_again_and_again_is_not_kept(reference_delta):
    engine = Engine(SCHEMA)

    def call():
        ERROR.__traceback__ = None
        engine.execute_json_sync("{ number }", {"number": fail})

    delta = reference_delta(call, ERROR, fail)
    assert delta.references == [0, 0]


def test_enum_members_keep_their_references(reference_delta):
    colour = GraphQLEnumType("Colour", Colour)
    fields = {"colours": GraphQLField(GraphQLList(colour))}
    engine = Engine(GraphQLSchema(GraphQLObjectType("Query", fields)))
    root = {"colours": [Colour.RED, "green", Colour.GREEN, Colour, object()]}

    def call():
        engine.execute_json_sync("{ colours }", root)

    delta = reference_delta(call, root, *root["colours"], Colour.RED.value)
    assert delta.references == [0] * 7


def test_documents_that_are_seen_once_are_not_kept(reference_delta):
    engine = Engine(SCHEMA, cache_documents=5)
    numbers = iter(range(10_000))

    def call():
        engine.execute_json_sync(f"{{ alias{next(numbers)}: number }}", ROOT)

    assert abs(reference_delta(call, ROOT).blocks_per_call) < 0.5
    assert engine.statistics.cached_documents == 5


def test_buffers_keep_the_bytes_and_nothing_else(reference_delta):
    result = Engine(SCHEMA).execute_json_sync("{ number }", ROOT)
    body = bytes(result)

    def call():
        with memoryview(result) as view:
            assert view == body
            assert view.readonly
        assert result == body
        assert hash(result) == hash(body)
        assert bytes(result) is body

    delta = reference_delta(call, body, result)
    assert delta.references == [0, 0]
    assert abs(delta.blocks_per_call) < 0.5


def test_a_view_outlives_the_result():
    result = Engine(SCHEMA).execute_json_sync("{ number }", SimpleNamespace(number=5))
    view = memoryview(result)
    del result
    gc.collect()
    assert bytes(view) == b'{"data":{"number":5}}'


def test_a_scalar_answers_with_the_very_object_it_made():
    made = {"texts": ["Grüße"]}
    scalar = GraphQLScalarType("Any", serialize=lambda value: made)
    fields = {"any": GraphQLField(scalar), "text": GraphQLField(GraphQLString)}
    engine = Engine(GraphQLSchema(GraphQLObjectType("Query", fields)))
    result = engine.execute_sync("{ any text }", {"any": 1, "text": NAME})
    assert result.data["any"] is made
    assert result.data["text"] is NAME
