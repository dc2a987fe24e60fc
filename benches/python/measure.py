"""Interleaved measurements: what competes, how it is timed, and the table that comes of it."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from typing import Any, NamedTuple

Clock = Callable[[], float]

BUDGET = 0.2  # The seconds within one round in which a quick contestant may be timed again.


def nothing() -> None:
    """Reset and verify nothing: the contestant leaves no state behind."""


@dataclass(frozen=True)
class Contestant:
    """One way to answer, what to reset before and to verify after it, and how answers compare."""

    name: str
    answer: Callable[[], Any]
    reset: Callable[[], None] = nothing
    comparable: Callable[[Any], Any] = bytes
    verify: Callable[[], None] = nothing


@dataclass(frozen=True)
class Settings:
    """How long to measure; `once` asks for one checked answer on a small input instead."""

    rounds: int
    once: bool

    def size(self, full: int, small: int) -> int:
        """Choose the size of the input."""
        return small if self.once else full


class Unit(NamedTuple):
    """What figures are printed in."""

    name: str
    per_second: float


MILLISECONDS = Unit("ms", 1e3)


class Row(NamedTuple):
    """One contestant's figure, how onecross compares with it, and what was promised."""

    name: str
    figure: float
    ratio: float | None = None
    goal: str = ""


@dataclass(frozen=True)
class Table:
    """The figures that answer one question."""

    question: str
    unit: str
    rows: list[Row]


def check(contestants: list[Contestant]) -> None:
    """Assert that the first contestant, onecross, answers as each of the others does."""
    first, *others = contestants
    first.reset()
    answer = first.answer()
    first.verify()
    for other in others:
        other.reset()
        same = other.comparable(answer) == other.comparable(other.answer())
        assert same, f"{first.name} and {other.name} answer differently"
        other.verify()


def seconds_of(contestant: Contestant, calls: int, clock: Clock) -> float:
    """Return the seconds one call takes, on average over calls that start from a clean heap."""
    contestant.reset()
    answer = contestant.answer
    gc.collect()
    start = clock()
    for _ in repeat(None, calls):
        answer()
    seconds = (clock() - start) / calls
    contestant.verify()
    return seconds


def medians(
    contestants: list[Contestant], rounds: int, calls: int, clock: Clock = time.perf_counter
) -> list[float]:
    """Time all contestants round by round, each round beginning with another one."""
    samples: list[list[float]] = [[] for _ in contestants]
    for turn in range(rounds):
        for place in range(len(contestants)):
            index = (turn + place) % len(contestants)
            deadline = time.perf_counter() + BUDGET
            samples[index].append(seconds_of(contestants[index], calls, clock))
            while time.perf_counter() < deadline:
                samples[index].append(seconds_of(contestants[index], calls, clock))
    return [median(seconds) for seconds in samples]


def promise(limit: float, limit_text: str, found: float) -> str:
    """Write what was promised and whether it is kept."""
    return f"at most {limit_text}: {'reached' if found <= limit else 'NOT REACHED'}"


def ratio_text(ratio: float) -> str:
    """Write a ratio as a fraction of one where that reads better."""
    return f"1/{1 / ratio:,.0f}" if ratio < 0.35 else f"{ratio:.2f}x"


def compare(
    question: str,
    contestants: list[Contestant],
    figures: list[float],
    goals: dict[str, float] | None = None,
    unit: Unit = MILLISECONDS,
) -> Table:
    """Set the seconds of the first contestant, onecross, against those of the others.

    `goals` maps a rival's name to the most that onecross may take of its time.
    """
    rows = []
    for contestant, figure in zip(contestants, figures, strict=True):
        ratio = figures[0] / figure
        limit = (goals or {}).get(contestant.name)
        goal = "" if limit is None else promise(limit, ratio_text(limit), ratio)
        rows.append(Row(contestant.name, figure * unit.per_second, ratio, goal))
    return Table(question, unit.name, rows)


def measure(
    question: str,
    contestants: list[Contestant],
    settings: Settings,
    *,
    goals: dict[str, float] | None = None,
    calls: int = 1,
    clock: Clock = time.perf_counter,
) -> Table:
    """Check the answers, then time and compare them, by that clock."""
    check(contestants)
    if settings.once:
        return Table(question, MILLISECONDS.name, [])
    return compare(
        question, contestants, medians(contestants, settings.rounds, calls, clock), goals
    )
