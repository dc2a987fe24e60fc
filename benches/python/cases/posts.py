"""Posts with authors and comments that take a tenth of a millisecond each, and loads by key.

Sleeping costs no processor: the first table is of processor time.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import strawberry
import uvloop
from measure import Contestant, Settings, Table, measure
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from cases.rivals import ONECROSS
from onecross.graphql.strawberry import Schema

BY_HAND = "asyncio.gather, written by hand"
CACHED = "Strawberry, both caches on"
STRAWBERRY = "Strawberry"
PAUSE = 1e-4

POSTS = """query {
    posts(limit: 10) {
        id title author { name email bio postsCount } comments(limit: 5) { id text author { name } }
    }
    featuredPost { title author { name } }
}"""
LOADS = "query { keyed { id author { name } } }"


@strawberry.type
class Author:
    """Who wrote it."""

    name: str
    email: str
    bio: str
    posts_count: int


AUTHOR = Author(name="Ada", email="ada@example.org", bio="Wrote programs.", posts_count=10)


@strawberry.type
class Comment:
    """What somebody says of a post."""

    id: int
    text: str

    @strawberry.field
    async def author(self) -> Author:
        """Who said it."""
        return await author()


@strawberry.type
class Post:
    """What somebody wrote."""

    id: int
    title: str

    @strawberry.field
    async def author(self) -> Author:
        """Who wrote it."""
        return await author()

    @strawberry.field
    async def comments(self, limit: int) -> list[Comment]:
        """What was said of it."""
        return await comments(limit)


async def author() -> Author:
    """Find the author."""
    await asyncio.sleep(PAUSE)
    return AUTHOR


async def comments(limit: int) -> list[Comment]:
    """Find so many comments."""
    await asyncio.sleep(PAUSE)
    return [Comment(id=number, text=f"No. {number}") for number in range(limit)]


async def posts(limit: int) -> list[Post]:
    """Find so many posts."""
    await asyncio.sleep(PAUSE)
    return [Post(id=number, title=f"No. {number}") for number in range(limit)]


async def featured() -> Post:
    """Find the post of the day."""
    await asyncio.sleep(PAUSE)
    return Post(id=0, title="Of the day")


async def load_authors(keys: list[int]) -> list[Author]:
    """Find all authors at once."""
    return [AUTHOR for _ in keys]


@strawberry.type
class Keyed:
    """What knows its author by a key."""

    id: int

    @strawberry.field
    async def author(self, info: strawberry.Info) -> Author:
        """Who wrote it."""
        found: Author = await info.context["authors"].load(self.id)
        return found


keyed: list[Keyed] = []


@strawberry.type
class Query:
    """The root of the schema."""

    @strawberry.field
    async def posts(self, limit: int) -> list[Post]:
        """Find so many posts."""
        return await posts(limit)

    @strawberry.field
    async def featured_post(self) -> Post:
        """Find the post of the day."""
        return await featured()

    @strawberry.field
    def keyed(self) -> list[Keyed]:
        """Hand out the list that stands ready."""
        return keyed


async def by_hand() -> dict[str, Any]:
    """Answer the query of posts as somebody would who had no GraphQL."""

    async def comment_of(found: Comment) -> dict[str, Any]:
        return {"id": found.id, "text": found.text, "author": {"name": (await author()).name}}

    async def comments_of(limit: int) -> list[dict[str, Any]]:
        return await asyncio.gather(*map(comment_of, await comments(limit)))

    async def author_of() -> dict[str, Any]:
        found = await author()
        return {
            "name": found.name,
            "email": found.email,
            "bio": found.bio,
            "postsCount": found.posts_count,
        }

    async def post_of(found: Post) -> dict[str, Any]:
        by, said = await asyncio.gather(author_of(), comments_of(5))
        return {"id": found.id, "title": found.title, "author": by, "comments": said}

    async def all_posts() -> list[dict[str, Any]]:
        return await asyncio.gather(*map(post_of, await posts(10)))

    async def featured_post() -> dict[str, Any]:
        found = await featured()
        return {"title": found.title, "author": {"name": (await author()).name}}

    written, of_the_day = await asyncio.gather(all_posts(), featured_post())
    return {"posts": written, "featuredPost": of_the_day}


def tables(settings: Settings) -> Iterator[Table]:
    """Measure both, the schema of onecross in the place of Strawberry's."""
    keyed[:] = [Keyed(id=number) for number in range(settings.size(full=1_000, small=10))]
    ours = Schema(query=Query)
    theirs = strawberry.Schema(query=Query)
    cached = strawberry.Schema(query=Query, extensions=[ParserCache, ValidationCache])

    def contestant(
        runner: asyncio.Runner, name: str, ask: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Contestant:
        # Its own `run` has the signal module write the whole answer out, twice.
        loop = runner.get_loop()
        return Contestant(name, lambda: loop.run_until_complete(ask()), comparable=data_of)

    with asyncio.Runner() as runner:
        yield measure(
            "posts, nested, with pauses of 0.1 ms, processor time",
            [
                contestant(runner, ONECROSS, lambda: ours.execute(POSTS)),
                contestant(runner, BY_HAND, by_hand),
                contestant(runner, CACHED, lambda: cached.execute(POSTS)),
            ],
            settings,
            goals={BY_HAND: 1.2, CACHED: 1 / 2.5},
            clock=time.process_time,
        )

    def loads(schema: strawberry.Schema) -> Callable[[], Coroutine[Any, Any, Any]]:
        return lambda: schema.execute(
            LOADS, context_value={"authors": DataLoader(load_fn=load_authors)}
        )

    for loop, factory in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
        with asyncio.Runner(loop_factory=factory) as runner:
            yield measure(
                f"loads, {len(keyed):,} keys in one batch, {loop}",
                [
                    contestant(runner, ONECROSS, loads(ours)),
                    contestant(runner, STRAWBERRY, loads(theirs)),
                    contestant(runner, CACHED, loads(cached)),
                ],
                settings,
                goals={STRAWBERRY: 1 / 4},
            )
    keyed.clear()


def data_of(result: Any) -> Any:
    """The data of a result without errors, or what was made by hand."""
    if isinstance(result, dict):
        return result
    assert result.errors is None
    return result.data
