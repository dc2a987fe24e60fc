"""Introspection of Strawberry's schemas, whose `isOneOf` is answered by Strawberry."""

import strawberry
from graphql import get_introspection_query
from reference import check


@strawberry.input(one_of=True)
class Choice:
    a: strawberry.Maybe[int]
    b: strawberry.Maybe[str]


@strawberry.type(description="Query of Strawberry")
class Query:
    @strawberry.field(deprecation_reason="no more")
    def value(self, by: Choice, number: float = 1.5) -> str | None:
        return None


def test_a_schema_of_strawberry() -> None:
    schema = strawberry.Schema(Query)
    query = get_introspection_query(one_of=True, input_value_deprecation=True)
    result = check(schema, query)
    [choice] = (type_ for type_ in result.data["__schema"]["types"] if type_["name"] == "Choice")
    assert choice["isOneOf"] is True
    check(schema, '{ __type(name: "Choice") { isOneOf inputFields { name type { name } } } }')
