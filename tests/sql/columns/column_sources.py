"""The same four columns in every shape that rows and columns can be given in."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, NamedTuple

import attrs
import duckdb
import msgspec
import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pydantic

NAMES = ("id", "block", "price", "name")
ROWS: list[tuple[Any, ...]] = [
    (1, 10, 0.5, "A"),
    (2, None, -1.5, "é"),
    (3, 30, None, ""),
    (4, 2**40, 1e300, None),
    (5, -1, 0.0, "\N{SNOWMAN} and more than twelve bytes"),
]
COLUMNS = {name: [row[place] for row in ROWS] for place, name in enumerate(NAMES)}


class Named(NamedTuple):
    id: int
    block: int | None
    price: float | None
    name: str | None


@dataclasses.dataclass
class Plain:
    id: int
    block: int | None
    price: float | None
    name: str | None


@dataclasses.dataclass(slots=True)
class Slots:
    id: int
    block: int | None
    price: float | None
    name: str | None


@attrs.define
class Attrs:
    id: int
    block: int | None
    price: float | None
    name: str | None


class Struct(msgspec.Struct):
    id: int
    block: int | None
    price: float | None
    name: str | None


class Model(pydantic.BaseModel):
    id: int
    block: int | None
    price: float | None
    name: str | None


def table() -> pa.Table:
    return pa.table(COLUMNS)


def batches() -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table().schema, table().to_batches(max_chunksize=2))


def masked() -> dict[str, Any]:
    def of(name: str, kind: str) -> Any:
        values = COLUMNS[name]
        mask = [value is None for value in values]
        return np.ma.array([value or 0 for value in values], mask=mask, dtype=kind)

    columns = {"id": of("id", "i8"), "block": of("block", "i8"), "price": of("price", "f8")}
    return {**columns, "name": np.array(COLUMNS["name"], dtype=object)}


def keyed(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(NAMES, row, strict=True))


def objects(kind: Any) -> list[Any]:
    return [kind(**keyed(row)) for row in ROWS]


SOURCES: dict[str, Any] = {
    "lists": lambda: COLUMNS,
    "tuples for columns": lambda: {name: tuple(column) for name, column in COLUMNS.items()},
    "masked arrays": masked,
    "pyarrow table": table,
    "pyarrow stream": batches,
    "pyarrow batch": lambda: table().to_batches()[0],
    "chunked columns": lambda: {
        name: pa.chunked_array([column[:2], column[2:]]) for name, column in COLUMNS.items()
    },
    "arrow and lists": lambda: {**COLUMNS, "price": pa.array(COLUMNS["price"])},
    "polars": lambda: pl.DataFrame(COLUMNS),
    "polars columns": lambda: {name: pl.Series(column) for name, column in COLUMNS.items()},
    "pandas": lambda: pd.DataFrame(COLUMNS).astype({"block": "Int64"}),
    "duckdb": lambda: duckdb.sql("select * from held", connection=_held()),
    "nanoarrow": lambda: nanoarrow.Array(table().to_batches()[0]),
    "tuples": lambda: ROWS,
    "rows as lists": lambda: [list(row) for row in ROWS],
    "generator": lambda: (row for row in ROWS),
    "dicts": lambda: [keyed(row) for row in ROWS],
    "mappings": lambda: [collections.ChainMap(keyed(row)) for row in ROWS],
    "named tuples": lambda: [Named(*row) for row in ROWS],
    "dataclasses": lambda: objects(Plain),
    "slots": lambda: objects(Slots),
    "attrs": lambda: objects(Attrs),
    "structs": lambda: objects(Struct),
    "models": lambda: objects(Model),
}


def _held() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("held", table())
    return connection
