"""Memory stays flat, whatever is executed and however often."""

import asyncio
from collections import namedtuple
from dataclasses import dataclass, make_dataclass
from enum import Enum
from types import SimpleNamespace

import pytest
import strawberry
from graphql import GraphQLError, build_schema, parse
from strawberry.extensions import SchemaExtension

import onecross
from onecross.graphql import Engine, execute, execute_sync
from onecross.graphql.strawberry import Executor, Schema

SCHEMA = build_schema("""
    scalar Any
    type Query {
        me: Person people: [Person] any: Any whole: Int! double(of: Int): Int
        named(by: Names!): Named color: Color
    }
    type Person implements Named { name: String age: Int friend: Person }
    interface Named { name: String }
    input Names { all: [String!]! = ["Ada"] color: Color = RED more: Names }
    enum Color { RED GREEN }
    type Subscription { me: Person }
""")


class Color(Enum):
    RED = 1
    GREEN = 2


def any_value(value):
    """The code of the scalar: gives a new value, or none, or an error that keeps its own."""
    if value == "refuse":
        raise GraphQLError("refused", extensions={"value": [value]})
    return {"told": [value, str(value)]}


def named(source, info, by):
    """A resolver that keeps the whole of `info` with what it gives, in a cycle."""
    person = SimpleNamespace(name="-".join(by["all"]), info=info, by=by)
    person.itself = person
    return person


def person_type(value, info, type_):
    if value.name == "nobody":
        raise LookupError("nobody")
    return "Person"


SCHEMA.type_map["Query"].fields["named"].resolve = named
SCHEMA.type_map["Named"].resolve_type = person_type
SCHEMA.type_map["Any"].serialize = SCHEMA.type_map["Any"].coerce_output_value = any_value
for member in Color:
    SCHEMA.type_map["Color"].values[member.name].value = member

# The first rounds fill caches and arenas.
WARM_UP = 3
BLOCKS_PER_ROUND = 20
RESIDENT_BYTES = 32 << 20


@dataclass
class Person:
    name: str
    age: int
    friend: "Person | None" = None


def fail(info):
    raise ValueError("no")


def halt(info):
    raise KeyboardInterrupt


ADA = Person("Ada Lovelace, née Byron", 36, Person("Charles", 79))
ROOT = {
    "me": ADA,
    "people": [ADA] * 10,
    "any": {"a": [1, 2.5, None, "ü"]},
    "whole": 1,
    "double": lambda info, of: 2 * of,
}
LARGE = {"people": [Person(f"näme {n}", n, Person("friend", 1)) for n in range(20_000)]}
FAILING = {"me": fail, "people": [1, ADA, fail], "any": {1, 2}, "whole": fail}


def small(engine, number):
    for n in range(500):
        engine.execute_json_sync("{ me { name age } people { name } any }", ROOT)
        engine.execute_sync("query Q($n: Int) { double(of: $n) }", ROOT, None, {"n": n})


def large(engine, number):
    query = "{ people { name age friend { name age } } }"
    engine.execute_json_sync(query, LARGE)
    engine.execute_sync(query, LARGE)


def failing(engine, number):
    for _ in range(200):
        engine.execute_json_sync("{ me { name } people { name } any whole }", FAILING)
        engine.execute_sync("{ me { name } people { name } any }", FAILING)
        engine.execute_json_sync("{ nope }", ROOT)
        engine.execute_json_sync("{", ROOT)


def kept_for_a_while(engine, number):
    results = [
        engine.execute_json_sync("{ me { name } whole }", root)
        for root in (ROOT, FAILING)
        for _ in range(100)
    ]
    views = [memoryview(result) for result in results]
    assert len(views) == 200


def interrupted(engine, number):
    for _ in range(200):
        with pytest.raises(KeyboardInterrupt):
            engine.execute_json_sync("{ people { name } me { name } }", {**ROOT, "me": halt})


def left_to_graphql_core(engine, number):
    for _ in range(200):
        engine.execute_json_sync("subscription { me { name } }", ROOT)


def always_new_documents(engine, number):
    for n in range(50):
        engine.execute_json_sync(f"{{ a{number}_{n}: me {{ name }} }}", ROOT)


def always_new_classes(engine, number):
    for n in range(100):
        class_ = type(f"Person{n}", (), {"__init__": lambda self: setattr(self, "name", "x")})
        engine.execute_json_sync("{ me { name age } }", SimpleNamespace(me=class_()))


def with_resolvers(engine, number):
    query = """query Q($by: Names!, $if: Boolean!) {
        named(by: $by) { name ... on Person @include(if: $if) { age } }
        literal: named(by: { all: ["a", "b"], more: {} }) { __typename name }
        color
    }"""
    for n in range(100):
        by = {"all": ["nobody"] if n % 3 == 0 else [str(n)], "color": "GREEN"}
        root = {"color": Color.RED if n % 2 else "no color"}
        engine.execute_json_sync(query, root, object(), {"by": by, "if": n % 2 == 0})
        engine.execute_sync(query, root, object(), {"by": {"all": n, "more": by}, "if": True})


def with_scalars(engine, number):
    for n in range(200):
        for value in ("text", "refuse", n, {"a": [n]}, (), 10**30, float("nan")):
            engine.execute_json_sync("{ any }", {"any": value})
            engine.execute_sync("{ any }", {"any": value})


def refused(engine, number):
    for n in range(100):
        for query, variables in (
            ("query Q($n: Int!) { double(of: $n) }", {"n": "many"}),
            ("query Q($by: Names!) { named(by: $by) { name } }", {"by": {"all": [None], "x": n}}),
            ("query A { whole } query B { whole }", None),
            ("{ double(of: [1]) }", None),
        ):
            engine.execute_json_sync(query, ROOT, None, variables)
            engine.execute_sync(query, ROOT, None, variables)


def broken_iterators(engine, number):
    def items():
        yield ADA
        yield ValueError("in the middle")
        raise LookupError("at the end")

    for _ in range(200):
        engine.execute_json_sync("{ people { name friend { age } } }", {"people": items()})
        engine.execute_sync("{ people { name } }", {"people": iter([ADA, 1, ADA])})


def classes_of_every_kind(engine, number):
    for _ in range(30):
        for class_ in (
            make_dataclass("Plain", ["name", "age"]),
            make_dataclass("Slots", ["name", "age"], slots=True, frozen=True),
            namedtuple("Pair", ["name", "age"]),
        ):
            root = SimpleNamespace(me=class_("x", 1), people=[class_("y", 2)])
            engine.execute_json_sync("{ me { name age } people { age } }", root)
            engine.execute_sync("{ me { name age } people { age } }", root)
        computed = type("Computed", (), {"name": property(lambda self: "x"), "__slots__": ()})
        engine.execute_json_sync("{ me { name } }", SimpleNamespace(me=computed()))


def engines_in_cycles(engine, number):
    for _ in range(3):
        made = build_schema("type Query { itself: String number: Int }")
        inner = Engine(made)
        made.type_map["Query"].fields["itself"].resolve = lambda source, info, of=inner: repr(of)
        outer = Engine(made)
        outer.execute_json_sync("{ itself number }", {"number": 1})
        outer.execute_json_sync("{ unknown }")


def always_new_engines(engine, number):
    for _ in range(3):
        Engine(SCHEMA).execute_json_sync("{ me { name } }", ROOT)


def metered(engine, number):
    for _ in range(200):
        with onecross.meter() as meter:
            engine.execute_json_sync("{ me { name } double(of: 2) }", ROOT)
        str(meter)


def by_executors(engine, number):
    document = parse("query Q($n: Int) { me { name } people { name } any double(of: $n) }")
    for n in range(200):
        execute_sync(SCHEMA, document, ROOT, variable_values={"n": n})
        execute_sync(SCHEMA, document, FAILING, variable_values={"n": "many"})
        execute_sync(SCHEMA, parse("{ me { name } people { name } any }"), FAILING)


async def later(value):
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def run(answer):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(answer)
    finally:
        loop.close()


def awaited(engine, number):
    async def main():
        document = parse("{ me { name friend { name } } people { name } whole }")
        for n in range(100):
            failed = ValueError("too late")
            for root in (
                {"people": later([later(ADA) for _ in range(n % 3)]), "whole": later(n)},
                {"me": later(failed), "people": [ADA, later(failed)], "whole": later(n)},
                {"me": later(ADA), "people": later(None), "whole": later(None)},
            ):
                await execute(SCHEMA, document, root)

    run(main())


@strawberry.type
class Root:
    @strawberry.field
    def plain(self, of: int = 1) -> int | None:
        return 6 // of

    @strawberry.field
    async def slow(self, of: int = 1) -> int | None:
        return 6 // await later(of)


class Quiet:
    def process_errors(self, errors, execution_context=None):
        """Log nothing."""


class Plain(Quiet, strawberry.Schema):
    pass


class StandIn(Quiet, Schema):
    pass


def schema_with_extensions(class_, **named):
    class Referring(SchemaExtension):
        def on_operation(self):
            assert schema
            yield

        async def on_execute(self):
            assert schema
            yield

        def resolve(self, next_, source, info, **arguments):
            return next_(source, info, **arguments)

    schema = class_(Root, extensions=[Referring], **named)
    return schema


def schemas_with_extensions(engine, number):
    async def main(schema):
        for query in ("{ slow plain }", "{ a: slow(of: 0) b: plain(of: 0) }", "{ no }", "{"):
            for text in (query, f"{query} #{number}"):
                await schema.execute(text)

    run(main(schema_with_extensions(StandIn)))
    run(main(schema_with_extensions(Plain, execution_context_class=Executor)))


KINDS = [
    small,
    large,
    failing,
    kept_for_a_while,
    interrupted,
    left_to_graphql_core,
    always_new_documents,
    always_new_classes,
    always_new_engines,
    metered,
    with_resolvers,
    with_scalars,
    refused,
    broken_iterators,
    classes_of_every_kind,
    engines_in_cycles,
    by_executors,
    awaited,
    schemas_with_extensions,
]


@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_flat(kind, rounds, footprint):
    engine = Engine(SCHEMA, cache_documents=20)
    for number in range(WARM_UP):
        kind(engine, number)
    before = footprint()
    number = 0
    for number in rounds():
        kind(engine, WARM_UP + number)
    after = footprint()
    blocks = after.blocks - before.blocks
    assert blocks < BLOCKS_PER_ROUND * (number + 1), f"{blocks} blocks in {number + 1} rounds"
    assert after.resident_bytes - before.resident_bytes < RESIDENT_BYTES
