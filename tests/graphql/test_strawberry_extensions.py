"""Extensions of Strawberry schemas: what has any is left to Strawberry, whole."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from reference import check
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import (
    AddValidationRules,
    MaskErrors,
    QueryDepthLimiter,
    SchemaExtension,
)

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
