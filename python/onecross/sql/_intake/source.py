"""What is given: its columns, and those of the table that they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from onecross._core import Intake
from onecross.sql.errors import ProgrammingError

Columns = Sequence[str] | Mapping[str, str]

# What pandas calls the rows' own labels among the columns of Arrow data, if they have no name.
_INDEX = re.compile(r"__index_level_\d+__")


class Given(NamedTuple):
    """What is given, and which columns of the table it is for."""

    intake: Intake
    names: tuple[str, ...]
    """The columns of the table; empty where rows are for all of them, by their place."""
    places: list[int]
    """The columns of what is given, in the order of `names`; empty for all of them."""
    total: int | None
    """How many rows there are, if that is known."""
    head: list[tuple[Any, ...]]
    """The values of the first rows, where their values alone tell the types of the columns."""
    values: dict[str, list[Any]]
    """The same of columns."""


def chosen(
    intake: Intake, columns: Columns | None, total: int | None, values: dict[str, list[Any]]
) -> Given:
    names = intake.names
    if columns is None:
        wanted = [name for name in names if not _INDEX.fullmatch(name)]
        if names and not wanted:
            raise ProgrammingError(f"there is no column but {listed(names)}: columns= names it")
        if wanted == names:
            return Given(intake, tuple(names), [], total, [], values)
        targets = wanted
    else:
        wanted, targets = list(columns), targets_of(columns)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise ProgrammingError(
            f"there is no column {listed(unknown)} in what was given, which has {listed(names)}"
        )
    twice = [name for name in wanted if columns is not None and names.count(name) > 1]
    if twice:
        raise ProgrammingError(f"there are two columns of the name {listed(twice[:1])}")
    places = [names.index(name) for name in wanted]
    intake.want(places)
    return Given(intake, tuple(targets), places, total, [], values)


def targets_of(columns: Columns) -> list[str]:
    if isinstance(columns, str):
        raise TypeError("columns= is a list of names, and not one of them")
    targets = list(columns.values()) if isinstance(columns, Mapping) else list(columns)
    if not targets:
        raise ProgrammingError("columns= names no column")
    for name in targets:
        if not isinstance(name, str):
            raise TypeError(f"columns= has names of columns, and not {name!r}")
        encoded(name)
    return targets


def encoded(name: str) -> bytes:
    """The name of a column as SQLite reads it.

    Raises:
        ProgrammingError: It has a lone surrogate, for which other letters would stand.
    """
    try:
        return name.encode()
    except UnicodeEncodeError as error:
        raise ProgrammingError(
            f"the name of column {name!r} has a lone surrogate, which has no form in UTF-8: "
            f"give the column another name"
        ) from error


def refuse_twice(names: Iterable[str]) -> None:
    """Raise where SQLite would take two names for those of one column."""
    seen: dict[bytes, str] = {}
    for name in names:
        # Of letters, SQLite tells no case apart in ASCII alone; this does the same.
        key = encoded(name).lower()
        if key in seen:
            raise ProgrammingError(f"column {name!r} is given twice, first as {seen[key]!r}")
        seen[key] = name


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def length_of(data: Any) -> int | None:
    """How many rows there are, if it tells."""
    try:
        return len(data)
    except TypeError:
        return None
