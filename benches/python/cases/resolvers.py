"""A list whose objects each answer one field in Python, with an argument."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
)
from measure import Settings, Table, measure

from cases.rivals import graphql_core_json, onecross, strawberry_json

QUERY = "query Prices($quantity: Int!) { products { price(quantity: $quantity) } }"


@strawberry.type
class Product:
    """One object of the list."""

    unit_price: int

    @strawberry.field
    def price(self, quantity: int) -> int:
        """Tell what so many of them cost."""
        return self.unit_price * quantity


products: list[Product] = []


@strawberry.type
class Query:
    """The root of the Strawberry schema."""

    @strawberry.field
    def products(self) -> list[Product]:
        """Hand out the list that stands ready."""
        return products


NUMBER = GraphQLNonNull(GraphQLInt)
PRODUCT = GraphQLObjectType(
    "Product",
    {
        "price": GraphQLField(
            NUMBER,
            args={"quantity": GraphQLArgument(NUMBER)},
            resolve=lambda product, _info, quantity: product.unit_price * quantity,
        )
    },
)
GRAPHQL_CORE_SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "products": GraphQLField(
                GraphQLNonNull(GraphQLList(GraphQLNonNull(PRODUCT))),
                resolve=lambda _root, _info: products,
            )
        },
    )
)


def tables(settings: Settings) -> Iterator[Table]:
    """Measure one Python call for each object."""
    size = settings.size(full=1_000, small=10)
    products[:] = [Product(unit_price=number) for number in range(size)]
    schema = strawberry.Schema(query=Query)
    variables = {"quantity": 3}
    contestants = [
        onecross(schema, QUERY, variables),
        graphql_core_json(GRAPHQL_CORE_SCHEMA, QUERY, None, variables),
        strawberry_json(schema, QUERY, variables),
    ]
    yield measure(f"resolvers, {size:,} with an argument", contestants, settings)
    products.clear()
