"""Requests to the views of Strawberry, and the schema that they are about."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from http_requests import COMMON
from strawberry.extensions import SchemaExtension
from strawberry.file_uploads import Upload
from strawberry.schema.config import StrawberryConfig


@strawberry.type
class Item:
    number: int
    weight: float
    name: str | None

    @strawberry.field
    def broken(self) -> int | None:
        message = f"broken {self.number}"
        raise ValueError(message)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int = 2, name: str = "Ada") -> list[Item]:
        return [Item(number=number, weight=number / 3, name=name) for number in range(count)]

    @strawberry.field
    def price(self) -> Decimal:
        return Decimal("1.50")

    @strawberry.field
    def raw(self) -> "Raw":
        return Decimal("2.50")

    @strawberry.field
    def identifier(self) -> UUID:
        return UUID(int=7)

    @strawberry.field
    def needed(self) -> int:
        message = "needed"
        raise ValueError(message)

    @strawberry.field
    async def slow(self) -> int:
        return 1


class Raw:
    """Anything, as it is."""


@strawberry.type
class Mutation:
    @strawberry.mutation
    def read(self, file: Upload) -> str:
        return file.read().decode()


CONFIG = StrawberryConfig(
    batching_config={"max_operations": 3},
    scalar_map={Raw: strawberry.scalar(name="Raw", serialize=lambda value: value)},
)


class Extended(SchemaExtension):
    """Adds to the answer, without a look at the data."""

    def get_results(self) -> dict[str, Any]:
        return {"took": 1.5, "price": "é"}


class Reading(SchemaExtension):
    """Reads and changes the data of the answer."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if result is not None and result.data and "items" in result.data:
            for item in result.data["items"]:
                item["name"] = "masked"
            result.data["more"] = len(result.data)


REQUESTS: dict[str, dict[str, Any]] = {
    **COMMON,
    "data": {"body": {"query": "{ items { number weight name } }"}},
    "scalars": {"body": {"query": "{ price identifier }"}},
    "batch": {
        "body": [{"query": query} for query in ("{ items { number } }", "{ no }", "{ price }")]
    },
    "too large a batch": {"body": [{"query": "{ price }"}] * 4},
    "get": {"method": "get", "params": {"query": "{ items { number } }"}},
    "get a mutation": {"method": "get", "params": {"query": "mutation { read(file: 1) }"}},
    "page": {"method": "get", "params": {}, "headers": {"HTTP_ACCEPT": "text/html"}},
    "introspection": {"body": {"query": "{ __schema { types { name fields { name } } } }"}},
    "upload": {
        "files": {
            "operations": json.dumps(
                {
                    "query": "mutation ($file: Upload!) { read(file: $file) }",
                    "variables": {"file": None},
                }
            ),
            "map": json.dumps({"text": ["variables.file"]}),
            "text": b"contents",
        }
    },
}


def make(class_: type[strawberry.Schema], extensions: list[Any], **named: Any) -> strawberry.Schema:
    return class_(Query, Mutation, config=CONFIG, extensions=extensions, **named)
