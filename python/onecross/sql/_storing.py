"""The statements by which rows are stored, and the tables that are made for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from onecross._core import Intake, load_rows
from onecross.sql._intake import given
from onecross.sql._intake.source import Columns, Given
from onecross.sql._table_types import told, type_of
from onecross.sql.errors import NotSupportedError, ProgrammingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onecross import _core

Conflict = Literal["abort", "ignore", "replace", "update"] | Sequence[str]
Progress = bool | Callable[[int, int | None], object] | None

_VERBS = {
    "abort": "INSERT",
    "ignore": "INSERT OR IGNORE",
    "replace": "INSERT OR REPLACE",
    "update": "INSERT",
}
# How many rows tell the types of a table's columns.
_LOOKED_AT = 1_000


class _Load(NamedTuple):
    """What becomes of rows, as Rust reads it."""

    table: str
    head: str
    tail: str
    places: list[int]
    names: tuple[str, ...]
    progress: Callable[[int, int | None], object] | None
    first: str = ""
    guessed: tuple[str, ...] = ()


def quoted(name: str) -> str:
    """An identifier as it stands in a statement, whatever characters it has."""
    if "\0" in name:
        raise ProgrammingError(f"there is a NUL character in the name {name!r}")
    return '"' + name.replace('"', '""') + '"'


def insert(
    connection: _core.Connection,
    table: str,
    data: Any,
    columns: Columns | None,
    on_conflict: Conflict,
    schema: str | None,
    progress: Progress,
) -> int:
    """Store rows in a table, all of them or none."""
    with ExitStack() as shown:

        def begin() -> tuple[Intake, _Load]:
            source = given(connection, data, columns)
            # Where there are no rows, nothing is updated, and nothing tells the columns.
            decided = on_conflict if source.names or source.total != 0 else "abort"
            head, tail = _statement(_qualified(table, schema), source.names, decided)
            notice = shown.enter_context(_shown(progress, source.total, table))
            how = _Load(table, head, tail, source.places, source.names, notice)
            return source.intake, how

        return load_rows(connection, begin)


def create(
    connection: _core.Connection,
    table: str,
    data: Any,
    columns: Columns | None,
    types: Mapping[str, str | type] | None,
    primary_key: str | Sequence[str] | None,
    schema: str | None,
    progress: Progress,
) -> int:
    """Make a table for rows, and store them in it."""
    with ExitStack() as shown:

        def begin() -> tuple[Intake, _Load]:
            source = given(connection, data, columns, looks_ahead=_LOOKED_AT)
            first, guessed = _table(_qualified(table, schema), source, told(types), primary_key)
            head, tail = _statement(_qualified(table, schema), source.names, "abort")
            notice = shown.enter_context(_shown(progress, source.total, table))
            places, names = source.places, source.names
            how = _Load(table, head, tail, places, names, notice, first, guessed)
            return source.intake, how

        return load_rows(connection, begin)


def _table(
    table: str, source: Given, types: Mapping[str, str], primary_key: str | Sequence[str] | None
) -> tuple[str, tuple[str, ...]]:
    """Return the statement that makes a table, and the types that values alone have told."""
    if not source.names:
        raise ProgrammingError(f"columns= tells the names that the columns of {table} are to have")
    declared, guessed = _declared(source, types)
    keys = [primary_key] if isinstance(primary_key, str) else list(primary_key or ())
    unknown = [key for key in (*keys, *types) if key not in declared]
    if unknown:
        raise ProgrammingError(f"there is no column '{unknown[0]}' in the table to be made")
    parts = []
    for name, kind in declared.items():
        key = " PRIMARY KEY" if keys == [name] else ""
        parts.append(f"{quoted(name)} {kind}".rstrip() + key)
    if len(keys) > 1:
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, keys))})")
    return f"CREATE TABLE {table} ({', '.join(parts)})", guessed


def _qualified(table: str, schema: str | None) -> str:
    return quoted(table) if schema is None else f"{quoted(schema)}.{quoted(table)}"


def _statement(table: str, names: tuple[str, ...], on_conflict: Conflict) -> tuple[str, str]:
    """Return what stands before the SELECT of an INSERT, and behind it."""
    listed = f" ({', '.join(map(quoted, names))})" if names else ""
    if isinstance(on_conflict, str):
        if on_conflict not in _VERBS:
            raise ValueError(
                f"on_conflict is one of {', '.join(map(repr, _VERBS))}, or the names of the "
                f"columns by which rows are told apart, and not {on_conflict!r}"
            )
        head = f"{_VERBS[on_conflict]} INTO {table}{listed}"
        return head, _update("", names, ()) if on_conflict == "update" else ""
    keys = tuple(on_conflict)
    if not keys:
        raise ProgrammingError('on_conflict= names no column: "abort" raises at a conflict')
    target = f" ({', '.join(map(quoted, keys))})"
    return f"INSERT INTO {table}{listed}", _update(target, names, keys)


def _update(target: str, names: tuple[str, ...], keys: tuple[str, ...]) -> str:
    if not names:
        raise ProgrammingError("columns= tells which columns are updated where rows are there")
    changed = [name for name in names if name not in keys]
    if not changed:
        return f" WHERE true ON CONFLICT{target} DO NOTHING"
    changes = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in changed)
    return f" WHERE true ON CONFLICT{target} DO UPDATE SET {changes}"


def _declared(source: Given, types: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the type of each column, and that which its values alone have told."""
    known, labels = source.intake.declared, source.intake.names
    places = source.places or range(len(source.names))
    declared: dict[str, str] = {}
    guessed = []
    for order, (name, place) in enumerate(zip(source.names, places, strict=True)):
        kind = types.get(name, known[place] if place < len(known) else None)
        guess = ""
        if kind is None:
            label = labels[place] if place < len(labels) else name
            head = [row[order] for row in source.head]
            kind = guess = type_of(head if head else source.values.get(label, ()))
        declared[name] = kind
        guessed.append(guess)
    return declared, tuple(guessed)


@contextmanager
def _shown(
    progress: Progress, total: int | None, table: str
) -> Iterator[Callable[[int, int | None], object] | None]:
    """Show a bar, or tell who wants to be told."""
    if progress is None or progress is False:
        yield None
    elif progress is not True:
        if not callable(progress):
            raise TypeError(f"progress= is True, False or a function, and not {progress!r}")
        yield lambda done, known: progress(done, total if known is None else known)
    else:
        try:
            from tqdm import tqdm  # type: ignore[import-untyped]
        except ImportError as error:
            raise NotSupportedError(
                "progress=True shows a bar of tqdm, which is not there: pip install "
                "'onecross[progress]', or give a function of the rows that are stored and of all"
            ) from error
        with tqdm(total=total, desc=table, unit=" rows", unit_scale=True) as bar:
            yield lambda done, _: bar.update(done - bar.n)
