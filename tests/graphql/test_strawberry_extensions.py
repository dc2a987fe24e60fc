"""An engine of a Strawberry schema with extensions: what has any is left to Strawberry, whole."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import NoSchemaIntrospectionCustomRule, specified_rules
from reference import check
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import (
    AddValidationRules,
    MaskErrors,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from onecross import OptionError
from onecross.graphql import Engine


@strawberry.type
class Item:
    number: int | None

    @strawberry.field
    def fail(self) -> int | None:
        message = f"secret {self.number}"
        raise ValueError(message)


@strawberry.type
class Query:
    items: list[Item] = strawberry.field(default_factory=lambda: [Item(number=1), Item(number=2)])
    nested: "Query | None" = None


ROOT = Query()
FAILING = "{ items { number fail } }"


class Counting(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        yield
        self.execution_context.context["seen"].append(type(self.execution_context.result).__name__)

    def resolve(self, next_: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
        value = next_(root, info, *args, **kwargs)
        return value + 1 if isinstance(value, int) else value

    def get_results(self) -> dict[str, Any]:
        return {"counting": {"b": 1, "a": None}}


EXTENSIONS: dict[str, Any] = {
    "resolve": Counting,
    "mask": lambda: MaskErrors(error_message="masked"),
    "depth": lambda: QueryDepthLimiter(max_depth=1),
    "rules": lambda: AddValidationRules([]),
    "tokens": lambda: MaxTokensLimiter(max_token_count=6),
}


@pytest.mark.parametrize("extension", EXTENSIONS.values(), ids=EXTENSIONS)
@pytest.mark.parametrize(
    "query", [FAILING, "{ nested { nested { items { number } } } }", "{ unknown }", "{ items {"]
)
def test_extensions_of_the_schema_see_everything(extension: Any, query: str) -> None:
    schema = strawberry.Schema(Query, extensions=[extension])
    engine = Engine(schema)
    contexts: list[dict[str, Any]] = [{"seen": []} for _ in range(3)]
    expected = schema.execute_sync(query, root_value=ROOT, context_value=contexts[0])
    actual = engine.execute_sync(query, ROOT, contexts[1])
    body = engine.execute_json_sync(query, ROOT, contexts[2])
    assert actual.data == expected.data
    assert [error.message for error in actual.errors or ()] == [
        error.message for error in expected.errors or ()
    ]
    assert (actual.extensions or {}) == (expected.extensions or {}) == (body.extensions or {})
    assert contexts[1] == contexts[0] == contexts[2]
    assert engine.statistics.executed == 0


def test_extensions_are_counted_as_the_reason() -> None:
    schema = strawberry.Schema(Query, extensions=[EXTENSIONS["mask"]])
    result = check(schema, FAILING, ROOT, route="schema extensions")
    assert {error.message for error in result.errors} == {"masked"}


def test_directives_of_operations() -> None:
    @strawberry.directive(locations=[DirectiveLocation.FIELD])
    def double(value: DirectiveValue[int]) -> int:
        return value * 2

    schema = strawberry.Schema(Query, directives=[double])
    query = "{ items { number @double other: number } }"
    result = check(schema, query, ROOT, route="schema extensions")
    assert result.data["items"][1] == {"number": 4, "other": 2}


class OwnExecutor(StrawberryGraphQLCoreExecutionContext):
    """Could change any stage."""


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def same(value: DirectiveValue[int]) -> int:
    return value


@pytest.mark.parametrize(
    "named",
    [
        {"extensions": [Counting]},
        {"directives": [same]},
        {"execution_context_class": OwnExecutor},
    ],
    ids=lambda named: next(iter(named)),
)
@pytest.mark.parametrize(
    "options",
    [
        {"parse_options": {"max_tokens": 3}},
        {"validation_rules": [*specified_rules, NoSchemaIntrospectionCustomRule]},
        {"validation_rules": []},
    ],
    ids=["parse_options", "validation_rules", "no rules"],
)
def test_options_that_strawberry_would_not_be_told_are_refused(
    named: dict[str, Any], options: dict[str, Any]
) -> None:
    schema = strawberry.Schema(Query, **named)
    with pytest.raises(OptionError, match="AddValidationRules and MaxTokensLimiter") as caught:
        Engine(schema, **options)
    assert isinstance(caught.value, ValueError)
    assert caught.value.code == "option"


def test_options_are_heeded_where_the_engine_parses_and_validates() -> None:
    rules = [*specified_rules, NoSchemaIntrospectionCustomRule]
    schema = strawberry.Schema(Query)
    engine = Engine(schema, parse_options={"max_tokens": 9}, validation_rules=rules)
    assert engine.execute_sync("{ items { number } }", ROOT).errors is None
    for query, told in (
        ("{ items { number a: number b: number } }", "9 tokens"),
        ("{ __schema { __typename } }", "introspection has been disabled"),
    ):
        [error, *_] = engine.execute_sync(query, ROOT).errors
        assert told in error.message
