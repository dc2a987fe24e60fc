"""Values that the engine left because they are awaited: completed, and put where they belong."""

from asyncio import Task
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from typing import Any, NamedTuple, NoReturn

from graphql import GraphQLError
from graphql.pyutils import Path

__all__ = ["Gathering", "Later", "Place", "Waiting", "at_once", "fail", "fill"]


class Later:
    """A value that a coroutine completes, and its place in the response.

    Attributes:
        coroutine: Gives the completed value.
        path: The place.
        task: Goes on with a coroutine that the engine has begun; `None` if it has begun none.
    """

    __slots__ = ("coroutine", "path", "task")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], path: Path) -> None:
        self.coroutine = coroutine
        self.path = path
        self.task: Task[Any] | None = None

    def close(self) -> None:
        """Give it up, if it has not run yet, and cancel what the engine has begun of it."""
        if _is_unbegun(self.coroutine):
            self.coroutine.close()
        if self.task is not None and not self.task.get_loop().is_closed():
            self.task.cancel()


def _is_unbegun(coroutine: Any) -> bool:
    return (
        getattr(coroutine, "cr_frame", None) is not None
        and not coroutine.cr_suspended
        and not coroutine.cr_running
    )


class Place(NamedTuple):
    """A place in the response: that of a value to come, or one around where null may stand.

    Attributes:
        later: The value to come; `None` for a place around some.
        container: The dict or list it is in; `None` for the response itself.
        key: The key or index there.
        nullable: Whether null may stand there.
        depth: How many steps it is from the response.
        around: The number of the nearest place around it where null may stand.
    """

    later: Later | None
    container: Any
    key: str | int | None
    nullable: bool
    depth: int
    around: int | None


class Gathering(NamedTuple):
    """How values of one object or list are awaited together.

    Attributes:
        gather: Awaits several at once.
        is_for_one: Whether it is asked for a single one, too.
    """

    gather: Callable[..., Awaitable[Any]]
    is_for_one: bool


AddError = Callable[[GraphQLError, Path | None], None]


class Waiting:
    """What awaits values to come; if nobody ever awaits it, they are given up."""

    __slots__ = ("_coroutine", "_laters")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], laters: list[Later]) -> None:
        self._coroutine: Coroutine[Any, Any, Any] | None = coroutine
        self._laters = laters

    def __await__(self) -> Generator[Any, Any, Any]:
        coroutine, self._coroutine = self._coroutine, None
        if coroutine is None:
            message = "cannot reuse already awaited coroutine"
            raise RuntimeError(message)
        return coroutine.__await__()

    def __del__(self) -> None:
        if self._coroutine is not None:
            self._coroutine.close()
            for later in self._laters:
                later.close()


async def fail(error: BaseException) -> NoReturn:
    """Raise an error, for whoever awaits what could not come because of it."""
    raise error


async def at_once(value: Any) -> Any:
    """The value, for whoever awaits it because parts of it were awaited."""
    return value


async def fill(
    kept: Iterable[tuple[Any, ...] | None],
    add_error: AddError,
    gathering: Gathering,
    *,
    one_by_one: bool = False,
) -> bool:
    """Await what is to come, as graphql-core would, and put each value in its place.

    Args:
        kept: The places by number, as the engine kept them; `None` where one was given up.
        add_error: Collects an error that leaves a null at a path.
        gathering: How values of one object or list are awaited together.
        one_by_one: Whether the fields of the root wait for each other.

    Returns:
        Whether the response has data: false when an error reached the root.
    """
    filling = _Filling(add_error, gathering)
    places = [None if place is None else Place(*place) for place in kept]
    for place in places:
        if place is not None and place.later is not None:
            filling.add(place, place.later, places)
    try:
        if one_by_one:
            for node in filling.root.inner.values():
                await filling.settle(node)
        else:
            await filling.settle_inner(filling.root)
    except GraphQLError as error:
        add_error(error, None)
        return False
    except BaseException:
        for place in places:
            if place is not None and place.later is not None:
                place.later.close()
        raise
    return True


class _Node:
    """A value to come, or an object or list with such values in it."""

    __slots__ = ("inner", "later", "nullable", "path")

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.inner: dict[str | int, _Node] = {}
        self.later: tuple[Later, Place] | None = None
        self.nullable: Place | None = None


class _Filling:
    """What is to come, in the shape of the response."""

    def __init__(self, add_error: AddError, gathering: Gathering) -> None:
        self.root = _Node(None)
        self.add_error = add_error
        self.gathering = gathering

    def add(self, place: Place, later: Later, places: list[Place | None]) -> None:
        """Add a value, with what is around it."""
        line = [self.root]
        for path in _from_the_root(later.path):
            line.append(line[-1].inner.setdefault(path.key, _Node(path)))
        line[-1].later = (later, place)
        around = place.around
        while around is not None and (outer := places[around]) is not None:
            line[outer.depth].nullable = outer
            around = outer.around

    async def settle(self, node: _Node) -> None:
        """Await a value, or those in an object or list; null stands for it if one cannot be."""
        try:
            if node.later is None:
                await self.settle_inner(node)
            else:
                later, place = node.later
                place.container[place.key] = await later.coroutine
        except GraphQLError as error:
            if node.nullable is None:
                raise
            self.add_error(error, node.path)
            node.nullable.container[node.nullable.key] = None

    async def settle_inner(self, node: _Node) -> None:
        """Await the values in an object or list together."""
        nodes = list(node.inner.values())
        if len(nodes) == 1 and not self.gathering.is_for_one:
            await self.settle(nodes[0])
        else:
            await self.gathering.gather(*map(self.settle, nodes))


def _from_the_root(path: Path | None) -> list[Path]:
    """A path and those around it, the outermost first."""
    paths = []
    while path is not None:
        paths.append(path)
        path = path.prev
    return paths[::-1]
