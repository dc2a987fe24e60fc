"""What the engine asks about awaitables, and what becomes of those that are left over."""

from asyncio import Future, gather, iscoroutine
from asyncio.events import _get_running_loop
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, cast

from graphql import GraphQLError, GraphQLList, GraphQLOutputType, get_nullable_type

from onecross._core import Completion
from onecross.graphql._stepping import Stepping, stepping

__all__ = ["Awaiting", "Items", "item_type", "settle", "wait"]

# It passes for a coroutine, which whoever makes a task of it asks for.
Coroutine.register(Completion)

# A list as the response has it, the errors in it, and the one for which there is no list.
Items = tuple[Any, list[GraphQLError], Exception | None]


class Awaiting(NamedTuple):
    """How awaitables are told from values, and completed once they are there.

    Attributes:
        is_awaitable: Whether a value is awaitable.
        goes_by_class: Whether that is the same for all instances of a class.
        is_async_iterable: Whether a value is a list that comes item by item; `None` if none is.
        gathers_one: Whether a single value of an object or list is gathered as several are.
        cancels: Whether what is beside a value that failed is cancelled.
        is_one_by_one: Whether all fields of a mutation are executed, and then awaited one by one;
            otherwise a field is executed once all of the one before is there.
        complete_items: Makes a list that comes item by item: given the value, the type of the
            field, how many of its lists the value is in, `info`, the path, and the variables of
            fragments for each node.
        settle: Takes awaitables that the response has no place for.
        respond: Makes the result of data and errors; `None` if the engine does.
        wrap: Makes a coroutine of an awaitable.
        wraps_coroutines: Whether coroutines are given to that, too.
        stepping: The running loop, when something is awaited.
    """

    is_awaitable: Callable[[Any], bool]
    goes_by_class: bool
    is_async_iterable: Callable[[Any], bool] | None
    gathers_one: bool
    cancels: bool
    is_one_by_one: bool
    complete_items: Callable[..., Coroutine[Any, Any, Items]]
    settle: Callable[[list[Awaitable[Any]]], None]
    respond: Callable[[Any, list[GraphQLError] | None], Any] | None
    wrap: Callable[[Awaitable[Any]], Coroutine[Any, Any, Any]]
    wraps_coroutines: bool = False
    stepping: Callable[[], Stepping | None] = stepping


def item_type(type_: GraphQLOutputType, lists: int) -> GraphQLOutputType:
    """The type of what is within so many lists of a type."""
    for _ in range(lists):
        type_ = cast("GraphQLList[Any]", get_nullable_type(type_)).of_type
    return type_


async def wait(awaitable: Awaitable[Any]) -> Any:
    """Await what is no coroutine."""
    return await awaitable


# What is settled without anybody waiting for it must be kept alive by somebody.
_settling: set[Future[Any]] = set()


def settle(awaitables: list[Awaitable[Any]]) -> None:
    """Await what the response has no place for, in the background; without a loop, give it up."""
    if _get_running_loop() is None:
        for awaitable in awaitables:
            if iscoroutine(awaitable):
                awaitable.close()
        return
    future = gather(*awaitables, return_exceptions=True)
    _settling.add(future)
    future.add_done_callback(_settling.discard)
