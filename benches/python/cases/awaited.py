"""A list of objects with one asynchronous field of five, which suspends itself or does not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import strawberry
from measure import Contestant, Settings, Table, measure

from cases import flat
from cases.people import build_person
from cases.rivals import ONECROSS
from onecross.graphql.strawberry import Schema

AT_ONCE = "query { people { id name age active nickname } }"
SUSPENDING = "query { people { id name age active greeting } }"
STRAWBERRY = "Strawberry"
TASKS = "as many bare tasks doing the same"


@strawberry.type
class Person(flat.Person):
    """One object of the list."""

    @strawberry.field
    async def nickname(self) -> str:
        """Tell what is known without waiting."""
        return self.name

    @strawberry.field
    async def greeting(self) -> str:
        """Wait for one turn of the loop."""
        await asyncio.sleep(0)
        return self.name


people: list[Person] = []


@strawberry.type
class Query:
    """The root of the schema."""

    @strawberry.field
    def people(self) -> list[Person]:
        """Hand out the list that stands ready."""
        return people


async def wait(person: Person) -> str:
    """Do what `greeting` does."""
    await asyncio.sleep(0)
    return person.name


async def names_by_tasks() -> list[str]:
    """Run as many tasks as there are objects, and nothing else."""
    return await asyncio.gather(*[asyncio.ensure_future(wait(person)) for person in people])


def tables(settings: Settings) -> Iterator[Table]:
    """Measure both, the schema of onecross in the place of Strawberry's."""
    size = settings.size(full=10_000, small=10)
    people[:] = (build_person(Person, number) for number in range(size))
    with asyncio.Runner() as runner:
        # Its own `run` has the signal module write the whole answer out, twice.
        loop = runner.get_loop()

        def contestant(
            name: str, answer: Callable[[], Awaitable[Any]], read: Callable[[Any], Any]
        ) -> Contestant:
            async def ask() -> Any:
                return await answer()

            return Contestant(name, lambda: loop.run_until_complete(ask()), comparable=read)

        ours, theirs = Schema(query=Query), strawberry.Schema(query=Query)
        yield measure(
            f"awaited, {size:,} with a field that does not suspend",
            [
                contestant(ONECROSS, lambda: ours.execute(AT_ONCE), data_of),
                contestant(STRAWBERRY, lambda: theirs.execute(AT_ONCE), data_of),
            ],
            settings,
            goals={STRAWBERRY: 1 / 40},
        )
        yield measure(
            f"awaited, {size:,} with a field that suspends once",
            [
                contestant(ONECROSS, lambda: ours.execute(SUSPENDING), greetings_of),
                contestant(TASKS, names_by_tasks, greetings_of),
                contestant(STRAWBERRY, lambda: theirs.execute(SUSPENDING), greetings_of),
            ],
            settings,
            goals={TASKS: 1.5},
        )
    people.clear()


def data_of(result: Any) -> Any:
    """The data of a result without errors."""
    assert result.errors is None
    return result.data


def greetings_of(result: Any) -> list[str]:
    """What the asynchronous field said, or the tasks."""
    if isinstance(result, list):
        return result
    return [person["greeting"] for person in data_of(result)["people"]]
