"""Memory stays flat, whatever is executed and however often."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from graphql import build_schema

import onecross
from onecross.graphql import Engine

SCHEMA = build_schema("""
    scalar Any
    type Query { me: Person people: [Person] any: Any whole: Int! double(of: Int): Int }
    type Person { name: String age: Int friend: Person }
    type Subscription { me: Person }
""")

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


def always_new_engines(engine, number):
    for _ in range(3):
        Engine(SCHEMA).execute_json_sync("{ me { name } }", ROOT)


def metered(engine, number):
    for _ in range(200):
        with onecross.meter() as meter:
            engine.execute_json_sync("{ me { name } double(of: 2) }", ROOT)
        str(meter)


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
