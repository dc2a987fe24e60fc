"""Every public call keeps neither references nor memory; one that is not listed here fails."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import GraphQLError, build_schema, parse

import onecross
import onecross.graphql
from onecross import EncodingError, errors
from onecross.graphql import Engine, Executor, JsonResult, Statistics

SCHEMA = build_schema("""
    scalar Any
    type Query { name: String any: Any items: [Item] echo(texts: [String]): [String] failed: Int }
    type Item { name: String }
    type Subscription { name: String }
""")
QUERY = "query Ask($texts: [String]) { name any items { name } echo(texts: $texts) failed }"
NAME, PRICE = "Ada Lovelace, née Byron", Decimal("9.90")
ITEM = SimpleNamespace(name=NAME)
ANY = {"price": PRICE, "texts": (NAME, PRICE)}
TEXTS = [NAME, "text"]
VARIABLES = {"texts": TEXTS}
CONTEXT = object()
DOCUMENT = parse(QUERY)
SUBSCRIPTION = parse("subscription { name }")


def fail(_info: Any) -> Any:
    raise ValueError("another each time")


def default(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else {}["unknown"]


ROOT = {
    "name": NAME,
    "any": ANY,
    "items": [ITEM, ITEM, None],
    "echo": lambda info, texts: texts,
    "failed": fail,
}


async def later(_info: Any, **arguments: Any) -> Any:
    await asyncio.sleep(0)
    return arguments.get("texts", [ITEM])


async def fail_later(_info: Any) -> Any:
    await asyncio.sleep(0)
    raise ValueError("another each time")


LATER = {**ROOT, "items": later, "echo": later, "failed": fail_later, "any": fail}
UNKNOWN = {"any": [1j, {"a": 1j}], "failed": fail, "name": 1j}
INPUTS = [
    SCHEMA,
    QUERY,
    NAME,
    PRICE,
    ITEM,
    ANY,
    TEXTS,
    VARIABLES,
    CONTEXT,
    DOCUMENT,
    SUBSCRIPTION,
    ROOT,
]
INPUTS += [UNKNOWN, LATER, fail, later, fail_later, default, *ROOT.values()]

ENGINE = Engine(SCHEMA, default=default)
RESULT = ENGINE.execute_json_sync(QUERY, ROOT, CONTEXT, VARIABLES)
METER = onecross.meter()


def execute(form: str, query: Any) -> Callable[[], object]:
    def call() -> None:
        method = getattr(ENGINE, form)
        method(query, ROOT, CONTEXT, VARIABLES, "Ask")
        method(query, ROOT, CONTEXT, VARIABLES, "unknown")
        method(query, UNKNOWN, CONTEXT, {"texts": [1]})
        method(query, UNKNOWN, CONTEXT)

    return call


RUNNER = asyncio.Runner()


def execute_later(form: str) -> Callable[[], object]:
    async def call() -> None:
        method = getattr(ENGINE, form)
        await method(QUERY, LATER, CONTEXT, VARIABLES, "Ask")
        await method(QUERY, LATER, CONTEXT, VARIABLES, "unknown")
        await method(QUERY, ROOT, CONTEXT, VARIABLES)
        method(QUERY, LATER, CONTEXT, VARIABLES).close()
        given_up = asyncio.ensure_future(method(QUERY, LATER, CONTEXT, VARIABLES))
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up

    return lambda: RUNNER.run(call())


async def events(_info: Any) -> AsyncIterator[Any]:
    yield ROOT
    yield LATER


async def subscribe() -> None:
    async with aclosing(await awaited(subscription())) as answers:
        async for answer in answers:
            assert answer.data == {"name": NAME}


def subscription() -> Any:
    return onecross.graphql.subscribe(SCHEMA, SUBSCRIPTION, {"name": events}, CONTEXT)


async def awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def explain() -> None:
    ENGINE.explain(QUERY, "Ask")
    with pytest.raises(GraphQLError):
        ENGINE.explain("{ unknown }")


def clear_cache() -> None:
    ENGINE.clear_cache()
    ENGINE.execute_json_sync("{ name }", ROOT)


def make() -> None:
    Engine(SCHEMA, default=default, cache_documents=5, cache_bytes=1_000)
    with pytest.raises(TypeError):
        Engine(ROOT)


def compare() -> None:
    assert bytes(RESULT) == RESULT
    assert RESULT != b""
    assert RESULT != CONTEXT


def export() -> None:
    with memoryview(RESULT) as view:
        assert view[0] == ord("{")


def enter() -> None:
    with METER:
        ENGINE.execute_json_sync("{ name }", ROOT)


def fail_to_enter() -> None:
    with METER, pytest.raises(RuntimeError):
        METER.__enter__()
    with pytest.raises(RuntimeError):
        METER.__exit__(None, None, None)


def encode_wrongly() -> None:
    refusing = Engine(SCHEMA)
    root = {"failed": GraphQLError("told", extensions={"price": PRICE})}
    with pytest.raises(EncodingError):
        refusing.execute_json_sync("{ failed }", root)


CALLS: dict[Any, dict[str, Callable[[], object]]] = {
    Engine: {
        "__init__": make,
        "clear_cache": clear_cache,
        "execute": execute_later("execute"),
        "execute_document_sync": execute("execute_document_sync", DOCUMENT),
        "execute_json": execute_later("execute_json"),
        "execute_json_sync": execute("execute_json_sync", QUERY),
        "execute_sync": execute("execute_sync", QUERY),
        "explain": explain,
        "statistics": lambda: ENGINE.statistics,
    },
    JsonResult: {
        "__repr__": lambda: repr(RESULT),
        "errors": lambda: RESULT.errors,
        "extensions": lambda: RESULT.extensions,
        "is_request_error": lambda: RESULT.is_request_error,
    },
    JsonResult.__mro__[1]: {
        "__buffer__": export,
        "__bytes__": lambda: bytes(RESULT),
        "__eq__": compare,
        "__hash__": lambda: hash(RESULT),
        "__len__": lambda: len(RESULT),
    },
    onecross.Meter: {
        "__enter__": enter,
        "__exit__": fail_to_enter,
        "__repr__": lambda: repr(METER),
        "__str__": lambda: str(METER),
        **{
            name: lambda name=name: getattr(METER, name)
            for name in ("bytes", "calls_in", "calls_out", "crossings", "fallbacks", "locks")
        },
        **{name: lambda name=name: getattr(METER, name) for name in ("makes", "reads", "releases")},
    },
    onecross.graphql: {
        "execute": lambda: onecross.graphql.execute(
            SCHEMA, DOCUMENT, ROOT, CONTEXT, VARIABLES, "Ask"
        ),
        "execute_sync": lambda: onecross.graphql.execute_sync(
            SCHEMA, DOCUMENT, UNKNOWN, CONTEXT, VARIABLES
        ),
        "statistics": lambda: onecross.graphql.statistics(SCHEMA),
        "subscribe": lambda: RUNNER.run(subscribe()),
    },
    onecross: {"meter": onecross.meter, "__version__": lambda: onecross.__version__},
    errors: dict.fromkeys(errors.__all__, encode_wrongly),
}

# What every class has, or what is called by the names above.
EVERYWHERE = set(dir(object())) | {"__module__", "__dict__", "__weakref__", "__annotations__"}
OWN = {"__init__", "__eq__", "__hash__", "__repr__", "__str__"}
COMPARED = {"__ge__", "__gt__", "__le__", "__lt__", "__ne__", "__new__"}
# Before 3.12 a buffer is exported without a method, and of 3.13 are two names of plain classes.
OF_VERSIONS = {"__buffer__", "__release_buffer__", "__firstlineno__", "__static_attributes__"}
LISTED = [(owner, name) for owner, calls in CALLS.items() for name in calls]


def public_names(owner: Any) -> set[str]:
    if owner is errors:
        return set(errors.__all__)
    if owner in (onecross, onecross.graphql):
        classes = {name for name in owner.__all__ if isinstance(getattr(owner, name), type)}
        return set(owner.__all__) - classes
    names = {name for name in vars(owner) if not name.startswith("_") or name.endswith("__")}
    return names - (EVERYWHERE - OWN) - COMPARED


@pytest.mark.parametrize("owner", CALLS, ids=lambda owner: owner.__name__)
def test_every_public_call_is_listed(owner: Any) -> None:
    assert public_names(owner) - OF_VERSIONS == set(CALLS[owner]) - OF_VERSIONS


def test_every_public_class_is_listed() -> None:
    exported = [
        getattr(owner, name) for owner in (onecross, onecross.graphql) for name in owner.__all__
    ]
    classes = {each for each in exported if isinstance(each, type)}
    raised = {getattr(errors, name) for name in errors.__all__}
    # Executors are made and called by graphql-core: `execute` is how. Rows come of SQL, and their
    # calls are listed beside its own.
    elsewhere = {onecross.ArrowStream, onecross.Rows}
    assert classes - set(CALLS) - raised - elsewhere == {Executor, Statistics}


@pytest.mark.parametrize(
    ("owner", "name"), LISTED, ids=[f"{owner.__name__}.{name}" for owner, name in LISTED]
)
def test_a_public_call_keeps_nothing(reference_delta, owner: Any, name: str) -> None:
    delta = reference_delta(CALLS[owner][name], *INPUTS, ENGINE, RESULT, METER, *RESULT.errors)
    assert set(delta.references) == {0}
    assert abs(delta.blocks_per_call) < 0.5
