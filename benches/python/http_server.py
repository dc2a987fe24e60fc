"""Serves one list over HTTP, by onecross or by Strawberry alone, and prints the port.

python benches/python/http_server.py onecross 10000
"""

import socket
import sys

import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

from onecross.graphql.strawberry import JsonView, Schema


@strawberry.type
class Person:
    """One object of the list."""

    id: strawberry.ID
    name: str
    age: int
    score: float
    active: bool


people: list[Person] = []


@strawberry.type
class Query:
    """The root of the schema."""

    @strawberry.field
    async def people(self) -> list[Person]:
        """Hand out the list that stands ready."""
        return people


class JsonRouter(JsonView, GraphQLRouter):
    """Strawberry's router, sending what the engine wrote."""


def main() -> None:
    """Serve until ended."""
    kind, size = sys.argv[1], int(sys.argv[2])
    people[:] = [
        Person(
            id=strawberry.ID(str(number)),
            name=f"Person {number}",
            age=number % 100,
            score=number / 4,
            active=number % 2 == 0,
        )
        for number in range(size)
    ]
    application = FastAPI()
    if kind == "onecross":
        application.include_router(JsonRouter(Schema(query=Query)), prefix="/graphql")
    else:
        router = GraphQLRouter(strawberry.Schema(query=Query))
        application.include_router(router, prefix="/graphql")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # Who connects before the server takes connections waits for it.
    listening.listen()
    print(listening.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
