"""Many rows of one query, as columns, as objects and as JSON."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import adbc_driver_sqlite.dbapi as adbc
import connectorx
import orjson
import pandas
import polars
import pyarrow
from measure import Contestant, Settings, Table, measure

import onecross.sql
from cases.sql.items import CREATE, INSERT, SELECT, items

NAMES = ("id", "amount", "price", "name")
ADBC = "adbc"
TUPLES = "onecross, tuples"
ROWS_AND_ORJSON = "sqlite3 and orjson"


@dataclass(slots=True)
class Seat:
    """An instance with slots, made of a row."""

    id: int
    amount: int
    price: float
    name: str


class Databases:
    """Copies of one database, one for each copy of SQLite in the process."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder = folder
        self.original = folder / "original.db"
        with closing(sqlite3.connect(self.original)) as connection:
            connection.execute(CREATE)
            connection.executemany(INSERT, items(rows))
            connection.commit()

    def copy(self, name: str) -> str:
        """Copy the database and return where it lies."""
        return str(copyfile(self.original, self.folder / f"{name}.db"))


def contestants_to_arrow(databases: Databases) -> list[Contestant]:
    """Those that make Arrow's columns."""
    ours = onecross.sql.connect(databases.copy("arrow"))
    theirs = adbc.connect(databases.copy("adbc"))
    standard = sqlite3.connect(databases.copy("standard"))
    path = databases.copy("connectorx")

    def by_adbc() -> pyarrow.Table:
        with theirs.cursor() as cursor:
            cursor.execute(SELECT)
            return cursor.fetch_arrow_table()

    def by_connectorx() -> Any:
        return connectorx.read_sql(f"sqlite://{path}", SELECT, return_type="arrow")

    answers: dict[str, Callable[[], Any]] = {
        "onecross": lambda: pyarrow.table(ours.query(SELECT).arrow()),
        ADBC: by_adbc,
        "connectorx": by_connectorx,
        "polars, over sqlite3": lambda: polars.read_database(SELECT, standard).to_arrow(),
        "pandas, over sqlite3": lambda: pandas.read_sql(SELECT, standard),
    }
    return [Contestant(name, answer, comparable=columns) for name, answer in answers.items()]


def columns(answer: Any) -> dict[str, list[Any]]:
    """The columns of whatever holds them, as lists."""
    if isinstance(answer, pyarrow.Table):
        found: dict[str, list[Any]] = answer.to_pydict()
        return found
    return {name: answer[name].tolist() for name in NAMES}


def contestants_to_numpy(databases: Databases) -> list[Contestant]:
    """Those that make NumPy's arrays."""
    ours = onecross.sql.connect(databases.copy("numpy"))
    theirs = adbc.connect(databases.copy("adbc_numpy"))

    def by_adbc() -> dict[str, Any]:
        with theirs.cursor() as cursor:
            cursor.execute(SELECT)
            table = cursor.fetch_arrow_table()
        return {name: table[name].to_numpy() for name in NAMES}

    answers: dict[str, Callable[[], Any]] = {
        "onecross": lambda: ours.query(SELECT).numpy(),
        ADBC: by_adbc,
    }
    return [Contestant(name, answer, comparable=columns) for name, answer in answers.items()]


def contestants_to_objects(databases: Databases, form: str) -> list[Contestant]:
    """A form of rows as objects, beside tuples."""
    ours = onecross.sql.connect(databases.copy(form))
    forms: dict[str, Callable[[], Any]] = {
        "instances": lambda: ours.query(SELECT).to(Seat),
        "dicts": lambda: ours.query(SELECT).dicts(),
    }
    return [
        Contestant(f"onecross, {form}", forms[form], comparable=tuples),
        Contestant(TUPLES, lambda: ours.execute(SELECT).fetchall(), comparable=tuples),
        Contestant("onecross, Rows.tuples", lambda: ours.query(SELECT).tuples(), comparable=tuples),
    ]


def tuples(answer: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of whatever holds them, as tuples."""
    first = answer[0]
    if isinstance(first, Seat):
        return [(seat.id, seat.amount, seat.price, seat.name) for seat in answer]
    return [tuple(row.values()) for row in answer] if isinstance(first, dict) else answer


def contestants_to_json(databases: Databases) -> list[Contestant]:
    """Those that make JSON."""
    ours = onecross.sql.connect(databases.copy("json"))
    standard = sqlite3.connect(databases.copy("standard_json"))

    def by_orjson() -> bytes:
        rows = standard.execute(SELECT).fetchall()
        return orjson.dumps([dict(zip(NAMES, row, strict=True)) for row in rows])

    return [
        Contestant("onecross", lambda: ours.query(SELECT).json(), comparable=orjson.loads),
        Contestant(ROWS_AND_ORJSON, by_orjson, comparable=orjson.loads),
    ]


def tables(settings: Settings) -> Iterator[Table]:
    """Measure 100,000 rows of four columns, in processor time."""
    count = settings.size(full=100_000, small=100)
    questions: list[tuple[str, Callable[[Databases], list[Contestant]], dict[str, float]]] = [
        ("to Arrow", contestants_to_arrow, {ADBC: 0.45}),
        ("to NumPy", contestants_to_numpy, {ADBC: 0.45}),
        ("to instances", lambda it: contestants_to_objects(it, "instances"), {TUPLES: 1.5}),
        ("to dicts", lambda it: contestants_to_objects(it, "dicts"), {TUPLES: 1.5}),
        ("to JSON", contestants_to_json, {ROWS_AND_ORJSON: 0.30}),
    ]
    for question, contestants, goals in questions:
        with TemporaryDirectory() as folder:
            entered = contestants(Databases(Path(folder), count))
            yield measure(
                f"{question}, {count:,} x 4 columns",
                entered,
                settings,
                goals=goals,
                clock=time.process_time,
            )
