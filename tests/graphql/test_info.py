"""What a resolver is told: `info`, attribute by attribute as graphql-core tells it."""

from collections.abc import Callable
from typing import Any

import pytest
from generator.lines import variables_shown
from graphql import GraphQLResolveInfo, GraphQLSchema
from reference import ENGINE, Request, answer_of_reference, assert_route, build, check

from onecross.graphql import Engine

SDL = """
type Query { echo(a: Int): Int item: Item items: [[Item]] any: Any }
type Mutation { change: Item }
interface Any { echo(a: Int): Int }
type Item implements Any { echo(a: Int): Int item: Item }
"""
QUERY = """
query Named($a: Int = 3, $unused: Boolean = true) {
  first: echo(a: $a) ...q @include(if: $unused)
  items { item { echo } } any { echo }
}
query Other { echo }
fragment q on Query { item { echo ...i } item { again: item { echo(a: 1) } } }
fragment i on Item { echo item { third: echo } }
"""
ROOT: dict[str, Any] = {"item": {"item": {"item": {}}}, "any": {"__typename": "Item"}}
ROOT["items"] = [[{"item": {}}, None], [], [{"item": {}}]]
CONTEXT = {"user": object()}


def infos_of(execute: Callable[[GraphQLSchema], Any], schema: GraphQLSchema) -> list[Any]:
    """Execute; all that resolvers were told meanwhile."""
    infos: list[Any] = []

    def resolve(_source: Any, info: Any, **_arguments: Any) -> int:
        infos.append(info)
        return len(infos)

    for name in ("Query", "Item"):
        schema.type_map[name].fields["echo"].resolve = resolve
    execute(schema)
    return infos


SHARED = build(SDL)
REQUEST = Request(QUERY, ROOT, CONTEXT, {"a": 5}, "Named")


def by_reference() -> list[Any]:
    return infos_of(lambda schema: answer_of_reference(schema, REQUEST), SHARED)


def by_engine(method: str = "execute_sync") -> list[Any]:
    return infos_of(lambda schema: getattr(Engine(schema), method)(*REQUEST), SHARED)


@pytest.mark.parametrize("method", ["execute_sync", "execute_json_sync"])
@pytest.mark.parametrize("attribute", GraphQLResolveInfo._fields)
def test_attributes(method: str, attribute: str) -> None:
    expected = [getattr(info, attribute) for info in by_reference()]
    actual = [getattr(info, attribute) for info in by_engine(method)]
    assert len(expected) == 7
    assert list(map(type, actual)) == list(map(type, expected))
    if attribute == "async_helpers":
        assert [helpers._fields for helpers in actual] == [expected[0]._fields] * 7
    else:
        assert actual == expected


def test_types() -> None:
    for info in by_engine():
        assert type(info) is GraphQLResolveInfo
        assert info.schema is SHARED
        assert info.root_value is ROOT
        assert info.context is CONTEXT
        assert info.operation.name.value == "Named"
        assert list(info.fragments) == ["q", "i"]
        assert info.parent_type is SHARED.type_map[info.parent_type.name]
        assert info.return_type is info.parent_type.fields["echo"].type


def test_paths() -> None:
    paths = [(info.path.as_list(), info.path.typename) for info in by_engine()]
    assert paths[0] == (["first"], "Query")
    assert (["items", 2, 0, "item", "echo"], "Item") in paths
    for ours, theirs in zip(by_engine(), by_reference(), strict=True):
        our_path, their_path = ours.path, theirs.path
        while their_path is not None:
            assert type(our_path) is type(their_path)
            assert list(map(type, our_path)) == list(map(type, their_path))
            our_path, their_path = our_path.prev, their_path.prev
        assert our_path is None


def test_nodes_of_merged_fields() -> None:
    infos: list[Any] = []
    schema = build(SDL, {"Query.item": lambda _source, info: infos.append(info)})
    check(schema, QUERY, variables={}, operation_name="Named")
    for info in infos:
        assert [len(node.selection_set.selections) for node in info.field_nodes] == [2, 1]
        assert info.field_nodes == infos[0].field_nodes


def test_values_of_variables() -> None:
    [first, *_] = by_engine()
    assert variables_shown(first.variable_values) == {"a": 5, "unused": True}
    seen: list[Any] = []
    schema = build(SDL, {"Query.echo": lambda _s, info, **_a: seen.append(info.variable_values)})
    check(schema, "{ echo }")
    assert list(map(variables_shown, seen)) == [{}] * 9


def test_the_same_info_for_a_value_that_is_called_and_for_its_type() -> None:
    seen: list[Any] = []
    schema = build(SDL)
    schema.type_map["Any"].resolve_type = lambda _value, info, _type: seen.append(info) or "Item"
    schema.type_map["Item"].is_type_of = lambda _value, info: seen.append(info) or True
    engine = Engine(schema)
    engine.execute_sync("{ any { __typename } }", {"any": lambda info: seen.append(info) or {}})
    assert_route(engine, ENGINE, 1)
    assert len(seen) == 3
    assert seen[0] is seen[1]
    assert seen[1] is seen[2]


def test_lists_of_nodes_are_shared_as_by_graphql_core() -> None:
    def sharing(infos: list[Any]) -> list[list[bool]]:
        lists = [info.field_nodes for info in infos]
        return [[one is other for other in lists] for one in lists]

    assert sharing(by_engine()) == sharing(by_reference())
    assert sharing(by_engine("execute_json_sync")) == sharing(by_reference())


def test_mutations_tell_their_operation() -> None:
    seen: list[Any] = []
    schema = build(SDL, {"Mutation.change": lambda _source, info: seen.append(info)})
    check(schema, "mutation M { change { echo } }")
    assert {info.operation.operation.value for info in seen} == {"mutation"}
    assert {info.parent_type.name for info in seen} == {"Mutation"}
