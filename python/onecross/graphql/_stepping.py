"""Coroutines begun while an operation is executed, under tasks of the running loop."""

from asyncio import AbstractEventLoop, Future, Handle, Task, current_task
from asyncio.events import _get_running_loop
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

from onecross._core import Suspended

__all__ = ["Stepping", "stepping"]

# Tasks run what passes for a coroutine.
Coroutine.register(Suspended)

# Whether all that can be done to a task leaves its trace in the task itself.
_TASKS_ARE_NATIVE = Task.__module__ == "_asyncio"

# The name by which loops are given the context of what they call.
_CONTEXT_NAME = ("context",)


class Stepping(NamedTuple):
    """The running loop, and what is asked of it."""

    event_loop: AbstractEventLoop
    current_task: Callable[[AbstractEventLoop], Task[Any] | None]
    enter: Callable[[AbstractEventLoop, Task[Any]], None]
    leave: Callable[[AbstractEventLoop, Task[Any]], None]
    task_class: type[Task[Any]] | None
    task_options: dict[str, Any]
    create_task: Callable[[Coroutine[Any, Any, Any]], Task[Any]]
    create_future: Callable[[], Future[Any]]
    after: Callable[[int, Callable[[], None]], None]
    call_soon: Callable[..., Handle]
    context_name: tuple[str]
    watch: Callable[[Task[Any]], None]


def stepping() -> Stepping | None:
    """The running loop and what is asked of it; `None` when no loop of asyncio's is running."""
    loop = _get_running_loop()
    if loop is None:
        return None
    return Stepping(
        loop,
        current_task,
        _enter_task,
        _leave_task,
        Task if _TASKS_ARE_NATIVE and loop.get_task_factory() is None else None,
        {"loop": loop},
        loop.create_task,
        loop.create_future,
        partial(_after, loop),
        loop.call_soon,
        _CONTEXT_NAME,
        _watch,
    )


def _after(loop: AbstractEventLoop, turns: int, function: Callable[[], None]) -> None:
    """Call a function so many turns of the loop later."""
    if turns == 0:
        function()
    else:
        loop.call_soon(_after, loop, turns - 1, function)


def _watch(task: Task[Any]) -> None:
    """Have nobody told of the error of a task, for somebody was told of it already."""
    task.add_done_callback(_retrieve)


def _retrieve(task: Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
