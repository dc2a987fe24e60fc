"""Errors in places where none is expected come out as graphql-core has them, or as they are."""

import pytest
from graphql import (
    GraphQLField,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    execute_sync,
    parse,
)

from onecross.graphql import Engine


class OddError(Exception):
    """An error without a text."""


class Halt(BaseException):
    """What no execution may swallow."""


def raising(error):
    def method(self, *arguments):
        raise error

    return method


def hashed_like(text, equal):
    """A key that has the hash of a text and compares as it likes."""
    return type("Key", (), {"__hash__": lambda self: hash(text), "__eq__": equal})()


def answer(value):
    """Lets a root value decide what is_type_of, resolve_type and a scalar's code answer."""
    return value() if callable(value) else value


CHECKED = GraphQLObjectType(
    "Checked",
    {"number": GraphQLField(GraphQLInt)},
    is_type_of=lambda value, info: answer(value["answer"]),
)
NAMED = GraphQLInterfaceType(
    "Named",
    {"number": GraphQLField(GraphQLInt)},
    resolve_type=lambda value, info, type_: answer(value["answer"]),
)
ONE = GraphQLObjectType("One", {"number": GraphQLField(GraphQLInt)}, interfaces=[NAMED])
SCALAR = GraphQLScalarType("Scalar", serialize=answer)
SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "number": GraphQLField(GraphQLInt),
            "text": GraphQLField(GraphQLString),
            "numbers": GraphQLField(GraphQLList(GraphQLInt)),
            "checked": GraphQLField(CHECKED),
            "named": GraphQLField(NAMED),
            "scalar": GraphQLField(SCALAR),
        },
    ),
    types=[ONE],
)
SELECTIONS = {"checked": "checked { number }", "named": "named { number }"}


def instance(**methods):
    return type("Made", (), methods)()


def iterator(*values, then):
    values = iter(values)

    def following(self):
        for value in values:
            return value
        raise then

    return instance(__iter__=lambda self: self, __next__=following)


# Each makes the value of a field anew, given the error that is to be raised.
PLACES = {
    "iter": ("numbers", lambda error: instance(__iter__=raising(error))),
    "iter without next": ("numbers", lambda error: instance(__iter__=lambda self: 5)),
    "next": ("numbers", lambda error: iterator(1, 2, then=error)),
    "length hint": (
        "numbers",
        lambda error: instance(__iter__=lambda self: iter([1]), __length_hint__=raising(error)),
    ),
    "length": (
        "numbers",
        lambda error: instance(__iter__=lambda self: iter([1]), __len__=raising(error)),
    ),
    "str": ("text", lambda error: instance(__str__=raising(error))),
    "str of a subclass": ("text", lambda error: type("T", (str,), {"__str__": raising(error)})()),
    "repr": ("text", lambda error: instance(__repr__=raising(error))),
    "int": ("number", lambda error: instance(__int__=raising(error))),
    "index": ("number", lambda error: instance(__index__=raising(error))),
    "float": ("number", lambda error: type("F", (float,), {"__float__": raising(error)})(1.5)),
    "call": ("number", lambda error: instance(__call__=raising(error))),
    "bool of a check": (
        "checked",
        lambda error: {"answer": lambda: instance(__bool__=raising(error)), "number": 1},
    ),
    "length of a check": (
        "checked",
        lambda error: {"answer": lambda: instance(__len__=raising(error)), "number": 1},
    ),
    "check": ("checked", lambda error: {"answer": lambda: raising(error)(None), "number": 1}),
    "type": ("named", lambda error: {"answer": lambda: raising(error)(None), "number": 1}),
    "scalar": ("scalar", lambda error: lambda: raising(error)(None)),
    "error without a text": (
        "number",
        lambda error: type("Mute", (Exception,), {"__str__": raising(error)})(),
    ),
}
ERRORS = [
    OddError(),
    OddError("with a text"),
    AttributeError("number"),
    KeyError("number"),
    RecursionError("too deep"),
    MemoryError(),
    UnicodeDecodeError("ascii", b"\xff", 0, 1, "odd"),
    OSError(2, "No such file"),
]


def check(query, make_root):
    expected = execute_sync(SCHEMA, parse(query), make_root())
    engine = Engine(SCHEMA)
    assert engine.execute_sync(query, make_root()).formatted == expected.formatted
    result = engine.execute_json_sync(query, make_root())
    assert [error.formatted for error in result.errors or ()] == [
        error.formatted for error in expected.errors or ()
    ]


@pytest.mark.parametrize("error", ERRORS, ids=[f"{type(e).__name__} {e}" for e in ERRORS])
@pytest.mark.parametrize(("field", "make"), PLACES.values(), ids=PLACES)
def test_errors_in_odd_places(field, make, error):
    query = f"{{ {SELECTIONS.get(field, field)} after: number }}"
    try:
        execute_sync(SCHEMA, parse(query), {field: make(error)})
    except Exception as raised:  # noqa: BLE001 - whatever graphql-core lets through
        for form in ("execute_sync", "execute_json_sync"):
            with pytest.raises(type(raised)):
                getattr(Engine(SCHEMA), form)(query, {field: make(error)})
    else:
        check(query, lambda: {field: make(error)})


@pytest.mark.parametrize("error", [Halt(), KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
@pytest.mark.parametrize(
    ("field", "make"),
    [PLACES[place] for place in ("iter", "next", "str", "call", "bool of a check", "type")],
    ids=["iter", "next", "str", "call", "bool of a check", "type"],
)
@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_what_ends_programs_goes_through(form, field, make, error):
    query = f"{{ {SELECTIONS.get(field, field)} }}"
    engine = Engine(SCHEMA)
    with pytest.raises(type(error)) as raised:
        getattr(engine, form)(query, {field: make(error)})
    assert raised.value is error
    # The engine is as it was.
    assert bytes(engine.execute_json_sync("{ number }", {"number": 5})) == b'{"data":{"number":5}}'


@pytest.mark.parametrize("method", ["execute_json_sync", "execute_sync", "explain"])
def test_what_ends_programs_goes_through_where_a_text_is_due(method):
    query = type("Query", (), {"body": property(raising(Halt()))})()
    with pytest.raises(Halt):
        getattr(Engine(SCHEMA), method)(query)


@pytest.mark.parametrize("error", [OddError("no"), KeyError("no")])
def test_keys_that_cannot_be_compared(error):
    check("{ number }", lambda: {hashed_like("number", raising(error)): 1})


def test_an_attribute_error_is_a_missing_attribute_and_others_are_errors():
    class Source:
        @property
        def number(self):
            raise AttributeError("deeper")

        @property
        def text(self):
            raise LookupError("deeper")

    check("{ number text }", Source)


def test_a_variable_that_fails_to_be_looked_at():
    class Variables(dict):
        def __contains__(self, key):
            raise OddError("contains")

        def __getitem__(self, key):
            raise OddError("getitem")

        def get(self, key, default=None):
            raise OddError("get")

    query = "query Q($n: Boolean!) { number @include(if: $n) }"
    engine = Engine(SCHEMA)
    with pytest.raises(OddError):
        execute_sync(SCHEMA, parse(query), {}, variable_values=Variables(n=True))
    with pytest.raises(OddError):
        engine.execute_json_sync(query, {}, None, Variables(n=True))


@pytest.mark.parametrize("query", [None, 5, b"{ number }", object()])
def test_what_is_no_query_is_a_type_error(query):
    engine = Engine(SCHEMA)
    for call in (engine.execute_json_sync, engine.execute_sync, engine.explain):
        with pytest.raises((TypeError, AttributeError)):
            call(query)


@pytest.mark.parametrize("schema", [None, "type Query { number: Int }", object(), GraphQLSchema])
def test_what_is_no_schema_is_a_type_error(schema):
    with pytest.raises(TypeError, match=r"GraphQLSchema or a strawberry\.Schema"):
        Engine(schema)


def test_internal_errors_are_part_of_the_package_and_explained():
    import onecross

    error = onecross.InternalError
    assert issubclass(error, onecross.OnecrossError)
    assert issubclass(error, RuntimeError)
    assert error.code == "internal"
    assert "report it" in error.__doc__
