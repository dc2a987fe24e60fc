"""All bindings asked the same in turn, in processor time, and a table for each of our faces."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from measure import Contestant, Settings, Table, Unit, check, compare, medians

from cases.sql.drivers import FACES, RIVALS, Database, Driver


def leave(database: Database) -> None:
    """Reset and verify nothing: the database is only read."""


@dataclass(frozen=True)
class Task:
    """What is asked of a database.

    Args:
        prepare: Makes the table and the rows to begin with, once.
        answer: What is timed. All answers must be equal.
        reset: Undoes what the answer before has changed.
        verify: Asserts, after every answer that was timed, that the rows are what they should be.
    """

    prepare: Callable[[Database], None]
    answer: Callable[[Database], Any]
    reset: Callable[[Database], None] = leave
    verify: Callable[[Database], None] = leave


def holds(database: Database, select: str, rows: list[tuple[Any, ...]]) -> None:
    """Assert that these rows are stored."""
    database.cursor.execute(select)
    assert database.cursor.fetchall() == rows, f"{database.cursor!r} has stored other rows"


def contestant(driver: Driver, database: Database, task: Task) -> Contestant:
    """One binding with a database of its own."""
    task.prepare(database)
    return Contestant(
        driver.title(),
        answer=lambda: task.answer(database),
        reset=lambda: task.reset(database),
        comparable=lambda answer: answer,
        verify=lambda: task.verify(database),
    )


def contest(
    question: str,
    task: Task,
    settings: Settings,
    *,
    operations: int = 1,
    calls: int = 1,
    goals: dict[str, float] | None = None,
) -> Iterator[Table]:
    """Measure a task by all bindings at once, then compare each of our faces with the rivals.

    Args:
        question: The head of the tables.
        task: What is asked.
        settings: How long to measure.
        operations: How many rows or calls one answer stands for; figures are those of one.
        calls: How many answers are timed together.
        goals: Maps a rival's name to the most that onecross may take of its time.
    """
    unit = Unit("ns", 1e9 / operations)
    headings = [f"{question}, {face.name}" for face in FACES]
    with ExitStack() as opened:
        contestants = [
            contestant(driver, opened.enter_context(closing(driver.open())), task)
            for driver in [*FACES, *RIVALS]
        ]
        check(contestants)
        if settings.once:
            yield from (Table(heading, unit.name, []) for heading in headings)
            return
        figures = medians(contestants, settings.rounds, calls, time.process_time)
    titles = {driver.name: driver.title() for driver in RIVALS}
    limits = {titles[name]: limit for name, limit in (goals or {}).items()}
    rivals, their_figures = contestants[len(FACES) :], figures[len(FACES) :]
    for heading, ours, figure in zip(headings, contestants, figures, strict=False):
        yield compare(heading, [ours, *rivals], [figure, *their_figures], limits, unit)
