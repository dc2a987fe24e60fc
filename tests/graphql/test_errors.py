"""Errors of fields: raised, returned, located, and kept as they are."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLError, Source, graphql_sync, parse
from reference import build, check

from onecross.graphql import Engine

SDL = """
type Query { value: Int strict: Int! list: [Int] strictList: [Int!] item: Item items: [Item!] }
type Item { value: Int strict: Int! item: Item }
"""
QUERY = "{ value list strictList item { value } items { value strict } after: __typename }"


class OwnError(Exception):
    extensions = {"code": 42}  # noqa: RUF012 - as users write it


class MessageError(Exception):
    message = "from the attribute"


class TitledError(Exception):
    def __str__(self) -> str:
        return "title: " + super().__str__()


OTHER_NODE = parse("{ other }").definitions[0].selection_set.selections[0]
ERRORS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: ValueError("wrong"),
    "empty": ValueError,
    "several arguments": lambda: KeyError("a", 1),
    "extensions": lambda: OwnError("wrong"),
    "message": MessageError,
    "own text": lambda: TitledError("wrong"),
    "unicode": lambda: ValueError('é "quoted" \\ \n \ud800'),
    "recursion": lambda: RecursionError("too deep"),
    "stop": lambda: StopIteration(3),
    "memory": lambda: MemoryError("none left"),
    "group": lambda: ExceptionGroup("several", [ValueError("a"), TypeError("b")]),
    "graphql": lambda: GraphQLError("wrong"),
    "graphql extensions": lambda: GraphQLError("wrong", extensions={"b": [1, None], "a": {}}),
    "graphql path": lambda: GraphQLError("wrong", path=["own", 3]),
    "graphql nodes": lambda: GraphQLError("wrong", OTHER_NODE),
    "graphql positions": lambda: GraphQLError("w", source=Source("a\nb", "name"), positions=[2]),
    "graphql original": lambda: GraphQLError("wrong", original_error=OwnError("inner")),
}


def raise_new(make: Callable[[], Exception]) -> Callable[..., Any]:
    def resolve(*_: Any) -> Any:
        raise make()

    return resolve


@pytest.mark.parametrize("make", ERRORS.values(), ids=ERRORS)
def test_raised_errors(make: Callable[[], Exception]) -> None:
    resolvers = dict.fromkeys(["Query.value", "Query.strict", "Item.value"], raise_new(make))
    schema = build(SDL, resolvers)
    root = {"item": {}, "items": [{"strict": 1}, {}]}
    check(schema, QUERY, root)
    check(schema, "{ value item { value } strict }", root)


@pytest.mark.parametrize("make", ERRORS.values(), ids=ERRORS)
def test_returned_errors(make: Callable[[], Exception]) -> None:
    error = make()
    lists = {"list": [1, error, 2], "strictList": [1, error]}
    items = [{"value": error, "strict": 1}, {"value": 1, "strict": 2}]
    check(build(SDL), QUERY, {"value": error, **lists, "item": error, "items": items})
    check(build(SDL), "{ items { value strict } }", {"items": [*items, {"strict": error}]})
    check(build(SDL), "{ list strictList }", {"list": error, "strictList": (error,)})


@pytest.mark.parametrize("raised", [True, False])
def test_the_original_error_is_the_one_that_was_raised(raised: bool) -> None:
    error = OwnError("wrong")

    def resolve(*_: Any) -> Any:
        if raised:
            raise error
        return error

    engine = Engine(build(SDL, {"Query.value": resolve}))
    for result in (engine.execute_sync("{ value }"), engine.execute_json_sync("{ value }")):
        [located] = result.errors
        assert located.original_error is error
        assert located.extensions is error.extensions
        assert located.path == ["value"]


def test_a_located_error_passes_as_it_is() -> None:
    error = GraphQLError("wrong", path=["elsewhere"])
    result = Engine(build(SDL)).execute_sync("{ value list }", {"value": error, "list": [error]})
    assert result.errors[0] is error
    assert result.errors[1] is error


def test_the_traceback_leads_to_the_resolver() -> None:
    engine = Engine(build(SDL, {"Query.value": raise_new(ERRORS["plain"])}))
    [error] = engine.execute_sync("{ value }").errors
    traceback = error.__traceback__
    while traceback.tb_next:
        traceback = traceback.tb_next
    assert traceback.tb_frame.f_code.co_name == "resolve"


def test_an_error_whose_text_cannot_be_made_is_replaced_by_the_error_of_making_it() -> None:
    class UnshowableError(Exception):
        def __str__(self) -> str:
            message = "cannot be shown"
            raise ValueError(message)

    schema = build(SDL, {"Item.value": raise_new(UnshowableError)})
    check(schema, "{ item { value } after: __typename }", {"item": {}})
    check(schema, "{ items { value } after: __typename }", {"items": [{}, {}]})
    at_root = build(SDL, {"Query.value": raise_new(UnshowableError)})
    for execute in (
        lambda: graphql_sync(at_root, "{ value }"),
        lambda: Engine(at_root).execute_sync("{ value }"),
        lambda: Engine(at_root).execute_json_sync("{ value }"),
    ):
        with pytest.raises(ValueError, match="cannot be shown"):
            execute()


class EndOfAllError(BaseException):
    """Not an error of a field."""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), EndOfAllError()], ids=repr)
def test_what_is_no_exception_ends_the_execution(error: BaseException) -> None:
    calls: list[str] = []

    def resolve(_source: Any, info: Any) -> Any:
        calls.append(info.field_name)
        raise error

    engine = Engine(build(SDL, {"Item.value": resolve, "Query.list": resolve}))
    for execute in (engine.execute_sync, engine.execute_json_sync):
        with pytest.raises(type(error)) as caught:
            execute("{ items { value } list }", {"items": [{}, {}]})
        assert caught.value is error
    assert calls == ["value", "value"]
    # Nothing is left behind that a later request would notice.
    assert engine.execute_sync("{ value }", {"value": 1}).data == {"value": 1}


def test_what_is_no_exception_is_a_value_when_returned() -> None:
    check(build(SDL), "{ value list item { value } }", {"value": EndOfAllError(), "list": [1]})


def test_errors_come_in_the_order_in_which_they_occur() -> None:
    def resolve(_source: Any, info: Any) -> Any:
        raise ValueError(".".join(map(str, info.path.as_list())))

    schema = build(SDL, dict.fromkeys(["Item.value", "Item.strict", "Query.value"], resolve))
    root = {"item": {"item": {"item": {}}}, "items": [{}, {}], "list": [1, "x", "y"]}
    query = "{ a: item { item { value item { strict value } } value } items { value } value list }"
    result = check(schema, query, root)
    paths = [".".join(map(str, error.path)) for error in result.errors]
    assert paths == [
        *("a.item.value", "a.item.item.strict", "a.value", "items.0.value", "items.1.value"),
        *("value", "list.1", "list.2"),
    ]


def test_one_error_raised_in_several_places() -> None:
    error = OwnError("first")

    def resolve(_source: Any, info: Any) -> Any:
        error.args = (info.path.key,)
        raise error

    result = check(build(SDL, {"Query.value": resolve}), "{ a: value b: value }")
    assert [error.message for error in result.errors] == ["a", "b"]
