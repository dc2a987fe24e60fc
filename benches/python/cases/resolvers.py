"""A list whose objects each answer one field in Python, with an argument."""

from collections.abc import Iterator
from typing import Any

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
from measure import Contestant, Settings, Table, measure

from cases.rivals import graphql_core_json, onecross, strawberry_json
from onecross.graphql import Engine

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


def prices_by_loop(quantity: int) -> list[dict[str, int]]:
    """Call the same functions, and make the same list, as one would by hand."""
    price: Any = Product.price
    return [{"price": price(product, quantity=quantity)} for product in products]


def tables(settings: Settings) -> Iterator[Table]:
    """Measure one Python call for each object."""
    schema = strawberry.Schema(query=Query)
    variables = {"quantity": 3}
    size = fill(settings, full=1_000)
    contestants = [
        onecross(schema, QUERY, variables),
        graphql_core_json(GRAPHQL_CORE_SCHEMA, QUERY, None, variables),
        strawberry_json(schema, QUERY, variables),
    ]
    yield measure(f"resolvers, {size:,} with an argument", contestants, settings)

    size = fill(settings, full=10_000)
    engine = Engine(schema)
    loop = "a Python loop over the same functions"
    contestants = [
        Contestant(
            "onecross, to dicts",
            lambda: engine.execute_sync(QUERY, variable_values=variables).data["products"],
        ),
        Contestant(loop, lambda: prices_by_loop(3), comparable=list),
    ]
    question = f"resolvers, {size:,} with an argument, to dicts"
    yield measure(question, contestants, settings, goals={loop: 2.0})
    products.clear()


def fill(settings: Settings, full: int) -> int:
    """Make the objects, and say how many."""
    size = settings.size(full=full, small=10)
    products[:] = [Product(unit_price=number) for number in range(size)]
    return size
