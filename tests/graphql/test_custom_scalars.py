"""Custom scalars: whatever their own code makes of a value."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from graphql import GraphQLScalarType, GraphQLSchema, Undefined, specified_scalar_types
from reference import LEAF_METHOD, build, check

from onecross import EncodingError
from onecross.graphql import Engine

SDL = "scalar Any type Query { one: Any strict: Any! list: [Any] rows: [Row] } type Row { v: Any! }"
QUERY = "{ one list rows { v } }"


def schema_with(code: Callable[[Any], Any] | None = None) -> GraphQLSchema:
    schema = build(SDL)
    if code is not None:
        scalar = schema.type_map["Any"]
        assert isinstance(scalar, GraphQLScalarType)
        setattr(scalar, LEAF_METHOD, code)
    return schema


class Level(IntEnum):
    HIGH = 3


class Text(str):
    __slots__ = ()


class ReorderedDict(dict[str, Any]):
    def items(self) -> Any:
        return reversed(super().items())


VALUES: dict[str, list[Any]] = {
    "leaves": [0, -1, 2**31, 2**64, 10**40, 1.5, -0.0, 1e16, 1e-7, True, False, "", "é\ud800"],
    "lists": [[], [None], [1, [2, [3, (4, ())]]], (1, "a"), [True, 1, 1.0]],
    "dicts": [{}, {"b": 1, "a": {"c": [{}]}}, OrderedDict(z=1, a=2), defaultdict(int, x=1)],
    "subclasses": [Level.HIGH, Text("text"), [Text("a")], {Text("key"): Level.HIGH}],
    "keys of dicts": [{1: "int", 2.5: "float", False: "bool", None: "null", "é\n": "str"}],
    "more keys": [{10**30: 1, Level.HIGH: 2, -0.0: 3, 1e16: 4, "\udc80": 5}, {1: 1, "1": 2}],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_values_of_every_shape(values: list[Any]) -> None:
    rows = [{"v": value} for value in values]
    for value in values:
        check(schema_with(), QUERY, {"one": value, "list": values, "rows": rows})


def test_a_dict_that_shows_its_items_in_its_own_way() -> None:
    root = {"one": ReorderedDict(a=1, b=2)}
    engine = Engine(schema_with())
    assert bytes(engine.execute_json_sync("{ one }", root)) == b'{"data":{"one":{"b":2,"a":1}}}'


@pytest.mark.parametrize(
    "code",
    [lambda _value: None, lambda _value: Undefined, lambda value: 1 / value, {}.__getitem__, str],
    ids=["null", "undefined", "division", "key", "builtin"],
)
def test_code_of_every_sort(code: Callable[[Any], Any]) -> None:
    root = {"one": 0, "strict": 4, "list": [1, 0, None, 2], "rows": [{"v": 5}, {"v": 0}]}
    check(schema_with(code), QUERY, root)
    check(schema_with(code), "{ one strict }", root)
    check(schema_with(code), "{ one strict }", {"strict": 0})


def test_a_scalar_with_the_code_of_a_built_in_one() -> None:
    for scalar in specified_scalar_types.values():
        values = [1, 2**31, 1.5, "7", "é", True, [], None]
        check(schema_with(getattr(scalar, LEAF_METHOD)), QUERY, {"one": 3, "list": values})


def test_a_subclass_of_the_scalar_type() -> None:
    class Shouting(GraphQLScalarType):
        pass

    setattr(Shouting, LEAF_METHOD, lambda _self, output_value: f"{output_value}!")
    schema = build(SDL)
    schema.type_map["Any"].__class__ = Shouting
    vars(schema.type_map["Any"]).pop(LEAF_METHOD, None)
    assert check(schema, "{ one }", {"one": "loud"}).data == {"one": "loud!"}


def test_code_that_cannot_be_hashed() -> None:
    class Code:
        __hash__ = None

        def __eq__(self, other: object) -> bool:
            return True

        def __call__(self, value: Any) -> Any:
            return [value]

    assert check(schema_with(Code()), "{ one }", {"one": 1}).data == {"one": [1]}


def test_the_name_that_both_lines_have_for_the_code() -> None:
    scalar = GraphQLScalarType("Any", serialize=lambda value: value * 2)
    schema = build(SDL)
    setattr(schema.type_map["Any"], LEAF_METHOD, getattr(scalar, LEAF_METHOD))
    assert check(schema, "{ one }", {"one": 21}).data == {"one": 42}


NOT_JSON: dict[str, tuple[Any, str]] = {
    "object": (Decimal(1), "Object of type Decimal is not JSON serializable"),
    "bytes": (b"x", "Object of type bytes is not JSON serializable"),
    "set": ([1, {2}], "Object of type set is not JSON serializable"),
    "nan": (float("nan"), "Out of range float values are not JSON compliant: nan"),
    "inf": ({"a": [float("-inf")]}, "Out of range float values are not JSON compliant: -inf"),
    "nan as a key": ({float("nan"): 1}, "Out of range float values are not JSON compliant: nan"),
    "key": ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
}


@pytest.mark.parametrize(("value", "message"), NOT_JSON.values(), ids=NOT_JSON)
def test_what_has_no_form_in_json_is_an_error_of_its_field(value: Any, message: str) -> None:
    engine = Engine(schema_with())
    root = {"one": value, "list": ["before", value, "after"]}
    result = engine.execute_json_sync("{ one list after: __typename }", root)
    body = b'{"data":{"one":null,"list":["before",null,"after"],"after":"Query"},"errors":['
    assert bytes(result).startswith(body)
    assert [error.path for error in result.errors] == [["one"], ["list", 1]]
    assert {error.message for error in result.errors} == {message}
    # Whoever asks for dicts gets the value itself and decides.
    assert engine.execute_sync("{ one }", root).data["one"] is value


def test_what_has_no_form_in_json_propagates_as_null() -> None:
    result = Engine(schema_with()).execute_json_sync("{ one strict }", {"one": 1, "strict": {1}})
    assert bytes(result).startswith(b'{"data":null,"errors":[{"message":"Object of type set')


def test_a_value_that_contains_itself_is_an_error_of_its_field() -> None:
    value: list[Any] = []
    value.append({"again": value})
    result = Engine(schema_with()).execute_json_sync("{ one after: __typename }", {"one": value})
    assert bytes(result).startswith(b'{"data":{"one":null,"after":"Query"},"errors":[{"message":')
    assert isinstance(result.errors[0].original_error, RecursionError)


def test_extensions_of_an_error_that_have_no_form_in_json_are_told_to_the_caller() -> None:
    class TellingError(Exception):
        extensions = {"codes": {1, 2}}  # noqa: RUF012 - as users write it

    root = {"one": TellingError("failed")}
    engine = Engine(schema_with())
    with pytest.raises(EncodingError, match=r"error 0 .* set is not JSON serializable"):
        engine.execute_json_sync("{ one }", root)
    assert engine.execute_sync("{ one }", root).errors[0].extensions == {"codes": {1, 2}}
