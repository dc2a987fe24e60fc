"""The collector frees what onecross holds, cycles through it included."""

import asyncio
import enum
import gc
import weakref
from contextvars import ContextVar

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    parse,
)

import onecross.graphql
from onecross.graphql import Engine

SDL = "type Query { number: Int }"


class Marker:
    """Something whose end can be noticed."""


@pytest.mark.parametrize("query", ["{ number }", "{ nope }", "{"])
def test_an_engine_is_collected(query):
    def use_one():
        engine = Engine(build_schema(SDL))
        engine.execute_json_sync(query, {"number": 1})
        return weakref.ref(engine)

    reference = use_one()
    gc.collect()
    assert reference() is None


def test_an_engine_frees_its_schema():
    def use_one():
        schema = build_schema(SDL)
        schema.query_type.fields["number"].resolve = lambda source, info: 1
        resolver = schema.query_type.fields["number"].resolve
        Engine(schema).execute_json_sync("{ number }")
        return weakref.ref(resolver)

    reference = use_one()
    gc.collect()
    assert reference() is None


def test_an_engine_that_its_schema_knows_is_collected():
    def use_one():
        schema: GraphQLSchema = build_schema(SDL)
        schema.extensions["engine"] = engine = Engine(schema)
        engine.execute_json_sync("{ number }", {"number": 1})
        return weakref.ref(engine)

    reference = use_one()
    gc.collect()
    assert reference() is None


def test_an_engine_that_the_members_of_an_enum_know_is_collected():
    def use_one():
        class Color(enum.Enum):
            RED = "red"

            def engine(self):
                return engine

        color = GraphQLField(GraphQLEnumType("Color", Color, names_as_values=None))
        engine = Engine(GraphQLSchema(GraphQLObjectType("Query", {"color": color})))
        engine.execute_json_sync("{ color }", {"color": Color.RED})
        return weakref.ref(engine)

    reference = use_one()
    gc.collect()
    assert reference() is None


def test_an_engine_of_a_strawberry_schema_is_collected():
    def use_one():
        @strawberry.type
        class Query:
            number: int = 1

        engine = Engine(strawberry.Schema(Query))
        engine.execute_json_sync("{ number }", Query())
        return weakref.ref(engine)

    reference = use_one()
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_a_result_with_errors_is_collected_though_the_error_knows_the_frame_that_has_it(form):
    engine = Engine(build_schema(SDL))

    def handle_request():
        marker = Marker()

        def number(info):
            raise ValueError("no number")

        # The traceback of the error leads to this frame, which has the result, which has the error.
        result = getattr(engine, form)("{ number }", {"number": number})
        assert result.errors[0].original_error.__traceback__ is not None
        return weakref.ref(marker)

    reference = handle_request()
    gc.collect()
    assert reference() is None


def test_an_error_that_knows_its_result_is_collected():
    engine = Engine(build_schema(SDL))

    def handle_request():
        error = ValueError("no number")
        result = engine.execute_json_sync("{ number }", {"number": error})
        error.result = result
        error.marker = marker = Marker()
        return weakref.ref(marker)

    reference = handle_request()
    gc.collect()
    assert reference() is None


AWAITED = """
    scalar Any
    type Query { later: Int any: Any number: Int inner: Inner }
    type Inner { later: Int beside: Int }
"""

QUERIES = {
    "root value": "{ later }",
    "data": "{ any later }",
    "an error": "{ number later }",
    "a context": "{ inner { later beside } }",
}


@pytest.mark.parametrize("ask", ["execute", "execute_json", "by an executor"])
@pytest.mark.parametrize("way", QUERIES)
def test_a_response_that_nobody_awaits_any_more_is_collected(way, ask):
    schema, variable = build_schema(AWAITED), ContextVar("variable")

    async def never(_info):
        await asyncio.get_running_loop().create_future()

    def begin():
        error = LookupError("no number")
        error.marker = marker = Marker()
        held = [error]

        async def inner(_info):
            variable.set(held.pop())
            return {"later": never, "beside": never}

        def number(_info):
            raise held.pop()

        root = {"later": never, "any": lambda _info: held.pop(), "number": number, "inner": inner}
        if ask == "by an executor":
            asked = onecross.graphql.execute(schema, parse(QUERIES[way]), root)
        else:
            asked = getattr(Engine(schema, default=repr), ask)(QUERIES[way], root)
        asked.send(None)
        error.asked = asked
        if way == "root value":
            root["held"] = error
        else:
            assert held == []
        return weakref.ref(marker)

    async def run():
        # A task that goes with what it awaits is told of.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _told: None)
        reference = begin()
        await asyncio.sleep(0)
        gc.collect()
        return reference()

    assert asyncio.run(run()) is None


EVICTING = """
import faulthandler, gc, weakref
faulthandler.dump_traceback_later(30, exit=True)
from graphql import build_schema
from onecross.graphql import Engine

engine = Engine(build_schema("type Query { number: Int }"), cache_documents=1)
told, references = [], []

def number(info):
    references.append(weakref.ref(info.operation, lambda reference: told.append(engine.statistics)))
    return 1

engine.execute_json_sync("{ number }", {"number": number})
gc.collect()
EVICT
gc.collect()
assert len(told) == 1, told
print("told", told[0].cached_documents)
"""


@pytest.mark.parametrize(
    "evict",
    ['engine.execute_json_sync("{ other: number }", {"number": 2})', "engine.clear_cache()"],
    ids=["another document", "clear_cache"],
)
def test_what_runs_when_a_document_is_dropped_may_use_the_engine(run_python, evict):
    finished = run_python(EVICTING.replace("EVICT", evict))
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("told")
