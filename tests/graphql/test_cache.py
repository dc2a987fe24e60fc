"""The documents an engine keeps: bounded, valid ones only, each with the plans of its own."""

from typing import Any

import pytest
from graphql import GraphQLSchema, NoSchemaIntrospectionCustomRule
from reference import build

from onecross.graphql import Engine, _runtime

SCHEMA = build("type Query { a: Int b: Int }")
ROOT = {"a": 1, "b": 2}


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is parsed, which happens when a document is made ready."""
    queries: list[Any] = []
    parse = _runtime.parse

    def noting(query: Any) -> Any:
        queries.append(query)
        return parse(query)

    monkeypatch.setattr(_runtime, "parse", noting)
    return queries


def query_of(number: int) -> str:
    return f"{{ a number{number}: b }}"


def test_a_document_is_made_ready_once(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA)
    for _ in range(3):
        engine.execute_sync("{ a }", ROOT)
        engine.execute_json_sync("{ a }", ROOT)
        engine.explain("{ a }")
    assert len(prepared) == 1
    assert engine.statistics.cached_documents == 1


def test_the_text_is_what_counts(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA)
    for text in ("{ a }", "{ a } ", "{a}", "".join(["{", " a", " }"])):
        engine.execute_sync(text, ROOT)
    assert len(prepared) == 3


def test_the_number_of_documents_is_bounded(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA, cache_documents=10)
    for number in range(50):
        assert engine.execute_sync(query_of(number), ROOT).data == {"a": 1, f"number{number}": 2}
        assert engine.statistics.cached_documents == min(number + 1, 10)


def test_the_document_not_used_for_longest_goes_first(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA, cache_documents=3)
    for number in (0, 1, 2, 0, 3):
        engine.execute_sync(query_of(number), ROOT)
    assert len(prepared) == 4
    for number in (0, 2, 3):
        engine.execute_sync(query_of(number), ROOT)
    assert len(prepared) == 4
    engine.execute_sync(query_of(1), ROOT)
    assert len(prepared) == 5


def test_the_bytes_are_bounded() -> None:
    probe = Engine(SCHEMA)
    probe.execute_sync(query_of(100), ROOT)
    one = probe.statistics.cached_bytes
    assert one > len(query_of(100))
    engine = Engine(SCHEMA, cache_bytes=3 * one)
    for number in range(100, 150):
        engine.execute_sync(query_of(number), ROOT)
        assert engine.statistics.cached_bytes <= 3 * one
    assert engine.statistics.cached_documents == 3


def test_a_document_that_is_too_large_is_executed_but_not_kept() -> None:
    engine = Engine(SCHEMA, cache_bytes=20_000)
    engine.execute_sync("{ a }", ROOT)
    large = "{ " + " ".join(f"a{number}: a" for number in range(1000)) + " }"
    assert len(engine.execute_sync(large, ROOT).data) == 1000
    assert engine.statistics.cached_bytes <= 20_000


@pytest.mark.parametrize("limits", [{"cache_documents": 0}, {"cache_bytes": 0}], ids=str)
def test_an_engine_that_keeps_nothing(limits: dict[str, int], prepared: list[Any]) -> None:
    engine = Engine(SCHEMA, **limits)
    for _ in range(2):
        assert engine.execute_sync("{ a }", ROOT).data == {"a": 1}
    assert len(prepared) == 2
    assert (engine.statistics.cached_documents, engine.statistics.cached_bytes) == (0, 0)


def test_what_is_not_valid_is_not_kept(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA)
    for query in ("{", "{ unknown }", "{ unknown }"):
        assert engine.execute_sync(query, ROOT).errors
    assert len(prepared) == 3
    assert (engine.statistics.cached_documents, engine.statistics.cached_bytes) == (0, 0)


def test_engines_do_not_share_documents() -> None:
    strict = Engine(SCHEMA, validation_rules=[NoSchemaIntrospectionCustomRule])
    other = Engine(build("type Query { a: String }"))
    query = "{ __schema { queryType { name } } }"
    for _ in range(2):
        assert Engine(SCHEMA).execute_sync(query).errors is None
        assert strict.execute_sync(query).errors
        assert Engine(SCHEMA).execute_sync("{ a }", ROOT).data == {"a": 1}
        assert other.execute_sync("{ a }", ROOT).data == {"a": "1"}


def test_engines_that_come_and_go_do_not_see_the_plans_of_dead_ones() -> None:
    def schema(type_: str) -> GraphQLSchema:
        return build(f"type Query {{ a: {type_} }}")

    for number in range(60):
        type_, expected = [("Int", 1), ("String", "1"), ("[Int]", None)][number % 3]
        assert Engine(schema(type_)).execute_sync("{ a }", ROOT).data == {"a": expected}


def test_operations_of_one_document_have_plans_of_their_own(prepared: list[Any]) -> None:
    engine = Engine(build("type Query { a: Int b: Int } type Mutation { a: Int b: Int }"))
    query = "query A { a } query B { b a } mutation C { x: b }"
    for _ in range(3):
        assert engine.execute_sync(query, ROOT, operation_name="A").data == {"a": 1}
        assert engine.execute_sync(query, ROOT, operation_name="C").data == {"x": 2}
        assert list(engine.execute_sync(query, ROOT, operation_name="B").data) == ["b", "a"]
        assert engine.execute_sync(query, ROOT).errors
    assert len(prepared) == 1


def test_conditions_of_one_document_have_plans_of_their_own(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA)
    query = "query ($a: Boolean = true, $b: Boolean!) { a @include(if: $a) b @skip(if: $b) }"
    for _ in range(3):
        for a, b in ((True, True), (False, False), (True, False), (False, True)):
            data = engine.execute_sync(query, ROOT, None, {"a": a, "b": b}).data
            assert list(data) == ["a"] * a + ["b"] * (not b)
        assert list(engine.execute_sync(query, ROOT, None, {"b": True}).data) == ["a"]
    assert len(prepared) == 1


def test_clearing(prepared: list[Any]) -> None:
    engine = Engine(SCHEMA)
    engine.execute_sync("{ a }", ROOT)
    engine.clear_cache()
    assert (engine.statistics.cached_documents, engine.statistics.cached_bytes) == (0, 0)
    assert engine.execute_sync("{ a }", ROOT).data == {"a": 1}
    assert len(prepared) == 2


def test_clearing_from_within_a_resolver() -> None:
    def clear(*_: object) -> int:
        engine.clear_cache()
        return 1

    schema = build("type Query { a: Int b: Int list: [Query] }", {"Query.a": clear})
    engine = Engine(schema)
    root = {"b": 2, "list": [{"b": 3}, {"b": 4}]}
    for _ in range(3):
        result = engine.execute_sync("{ a b list { a b } }", root)
        assert result.data == {"a": 1, "b": 2, "list": [{"a": 1, "b": 3}, {"a": 1, "b": 4}]}


def doubling(depth: int) -> str:
    """A short document whose response, and so whose plan, doubles with each fragment."""
    fragments = [
        f"fragment F{n} on Query {{ a{n}: me {{ ...F{n + 1} }} b{n}: me {{ ...F{n + 1} }} }}"
        for n in range(depth)
    ]
    return " ".join(["{ ...F0 }", *fragments, f"fragment F{depth} on Query {{ a }}"])


def test_what_plans_take_is_counted_as_they_grow() -> None:
    schema = build("type Query { a: Int me: Query }")
    root: dict[str, Any] = {"a": 1}
    root["me"] = root
    small, large = (Engine(schema, cache_bytes=limit) for limit in (1 << 19, 1 << 26))
    query = doubling(11)
    answers = {bytes(engine.execute_json_sync(query, root)) for engine in (small, large)}
    assert len(answers) == 1
    assert large.statistics.cached_bytes > 1 << 20
    assert small.statistics.cached_documents == 0
