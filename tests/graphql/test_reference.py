"""The reference itself: each way in which an answer can be wrong is noticed."""

from collections.abc import Callable
from typing import Any

import pytest
import reference
from graphql import ExecutionResult, GraphQLError
from reference import build, check

from onecross.graphql import Engine

SCHEMA = build(
    "type Query { flag: Boolean count: Int ratio: Float bad: Int worse: Int }",
    {"Query.bad": lambda _root, _info: 1 / 0, "Query.worse": lambda _root, _info: int("x")},
)
QUERY = "{ flag count ratio bad worse }"
ROOT = {"flag": True, "count": 1, "ratio": 0.0}


def tampered(change: Callable[[ExecutionResult], Any]) -> type[Engine]:
    """An engine whose dicts are changed before they are given out."""

    class TamperedEngine(Engine):
        def execute_sync(self, *arguments: Any) -> ExecutionResult:
            result = super().execute_sync(*arguments)
            change(result)
            return result

    return TamperedEngine


def changed_error(**changes: Any) -> Callable[[ExecutionResult], None]:
    def change(result: ExecutionResult) -> None:
        error = result.errors[0]
        kept = {"message": error.message, "nodes": error.nodes, "path": error.path}
        kept["original_error"] = error.original_error
        result.errors[0] = GraphQLError(**{**kept, **changes})

    return change


def move_first_key(result: ExecutionResult) -> None:
    result.data["flag"] = result.data.pop("flag")


CHANGES = {
    "order of keys": move_first_key,
    "bool for int": lambda result: result.data.update(count=True),
    "int for bool": lambda result: result.data.update(flag=1),
    "float for int": lambda result: result.data.update(count=1.0),
    "negative zero": lambda result: result.data.update(ratio=-0.0),
    "missing key": lambda result: result.data.pop("bad"),
    "missing error": lambda result: result.errors.pop(),
    "no error": lambda result: setattr(result, "errors", None),
    "order of errors": lambda result: result.errors.reverse(),
    "message": changed_error(message="other"),
    "path": changed_error(path=["worse"]),
    "place": changed_error(nodes=None),
    "extensions": changed_error(extensions={"code": 1}),
    "original error": changed_error(original_error=ValueError("division by zero")),
    "extensions of the result": lambda result: setattr(result, "extensions", {"a": 1}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_result_is_noticed(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "Engine", tampered(change))
    with pytest.raises(AssertionError):
        check(SCHEMA, QUERY, ROOT)


def test_an_unchanged_result_passes() -> None:
    result = check(SCHEMA, QUERY, ROOT)
    assert result.data == {"flag": True, "count": 1, "ratio": 0.0, "bad": None, "worse": None}
    assert [error.path for error in result.errors] == [["bad"], ["worse"]]


def test_another_body_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherEngine(Engine):
        def execute_json_sync(self, query: Any, root_value: Any, *rest: Any) -> Any:
            return super().execute_json_sync(query, {**root_value, "count": 2}, *rest)

    monkeypatch.setattr(reference, "Engine", OtherEngine)
    with pytest.raises(AssertionError):
        check(SCHEMA, QUERY, ROOT)


def test_a_fallback_is_noticed() -> None:
    schema = build("type Query { a: Int @deprecated } type Subscription { a: Int }")
    with pytest.raises(AssertionError):
        check(schema, "query ($a: Boolean) { a @skip(if: $a) }", variables={"a": None})


def test_an_execution_is_noticed_where_a_fallback_is_expected() -> None:
    with pytest.raises(AssertionError):
        check(SCHEMA, QUERY, ROOT, route="subscription")
