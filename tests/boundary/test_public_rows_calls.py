"""Every public call of rows keeps neither references nor memory; one that is not listed fails."""

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import attrs
import msgspec
import pyarrow
import pydantic
import pytest
from test_public_sql_calls import public_names

import onecross
import onecross.sql
import onecross.sql.sqlite3
from onecross import _core

# What calls are given; nobody else holds them, so that their counts tell.
WHO = "who it is"
NAME, WIDE, BLOB = "Ada Lovelace, née Byron", 2**40 + 5, b"bytes" * 9
SELECT = """
    select ? as name, ? as amount, 2.5 as price union all select null, null, null
    union all select ?1, ?2, 0.5
"""
DECLARED = """
    create table facts (day date, moment datetime, price decimal, extra json, sold boolean)
"""
FACTS = ("2026-11-22", "2026-11-22 10:11:12+02:00", "1.10", '{"k": [1]}', 1)
OPTIONAL = "a text that every instance has"


@dataclasses.dataclass
class Plain:
    name: Any
    amount: Any
    price: Any
    note: str = OPTIONAL


@dataclasses.dataclass(slots=True, frozen=True)
class Slots:
    name: Any
    amount: Any
    price: Any
    note: str = OPTIONAL


@attrs.define
class Attrs:
    name: Any
    amount: Any
    price: Any
    note: str = OPTIONAL


class Record(NamedTuple):
    name: Any
    amount: Any
    price: Any
    note: str = OPTIONAL


class Struct(msgspec.Struct):
    name: Any
    amount: Any
    price: Any


class Model(pydantic.BaseModel):
    name: Any
    amount: Any
    price: Any


class Refusing:
    def __init__(self, name: Any, amount: Any, price: Any) -> None:
        if amount is None:
            raise LookupError(name)


KINDS = [Plain, Slots, Attrs, Record, Struct, Model]
RENAME = {"amount": NAME}
INPUTS: list[Any] = [NAME, WIDE, BLOB, OPTIONAL, RENAME, Refusing, *KINDS, *FACTS[:4]]
REFUSED = (onecross.ShapeError, onecross.sql.Error, LookupError, TypeError, ValueError)


class Calls:
    """The calls of the rows of one face."""

    def __init__(self, module: Any) -> None:
        self.connection = module.connect(":memory:")
        self.connection.execute(DECLARED)
        self.connection.execute("insert into facts values (?, ?, ?, ?, ?)", FACTS)
        self.connection.execute("insert into facts default values")
        self.connection.commit()

    def rows(self, sql: str = SELECT, **options: Any) -> onecross.Rows:
        return self.connection.query(sql, (NAME, WIDE)[: sql.count("?")], **options)

    def refuse(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        with pytest.raises(REFUSED):
            call(*arguments, **options)

    def ask(self) -> None:
        cursor = self.connection.execute(SELECT, (NAME, WIDE))
        cursor.fetchone()
        cursor.rows(types={"price": "TEXT"}).tuples()
        assert self.rows(types={"price": str, "amount": int}).columns
        self.refuse(self.rows, types={"price": NAME})
        self.refuse(self.rows, types=WIDE)
        self.refuse(self.rows, "select from")
        self.refuse(self.rows(types={"none": "TEXT"}).tuples)

    def iterate(self) -> None:
        rows = self.rows()
        assert len([row for row in iter(rows)]) == 3  # noqa: C416 - each is taken by itself
        rows = self.rows()
        next(rows)
        repr(rows)
        rows._repr_html_()
        with self.rows() as rows:
            next(rows)
        self.rows().close()

    def list_rows(self) -> None:
        for sql in (SELECT, "select * from facts"):
            self.rows(sql).tuples()
            self.rows(sql).dicts()
        self.refuse(self.rows("select 1 as a, 2 as a").dicts)

    def make_instances(self) -> None:
        for kind in KINDS:
            assert len(self.rows().to(kind)) == 3
            self.refuse(self.rows("select 1 as one").to, kind)
            self.refuse(self.rows().to, kind, rename=RENAME)
        assert self.rows().to(dict, rename={"name": WHO})[0][WHO] == NAME
        self.refuse(self.rows().to, Refusing)
        declared = "select ? as name, extra as amount, '{' as price from facts"
        for kind in (Plain, Record):
            self.refuse(self.rows(declared, types={"price": "JSON"}).to, kind)

    def make_columns(self) -> None:
        for sql in (SELECT, "select * from facts"):
            self.rows(sql).numpy()
            self.rows(sql).numpy(nulls="nan")
            pyarrow.table(self.rows(sql))
            pyarrow.table(self.rows(sql).arrow())
            pyarrow.schema(self.rows(sql).arrow())
            pyarrow.schema(self.rows(sql))
        self.rows().column("amount")
        self.refuse(self.rows().column, NAME)
        self.refuse(self.rows().numpy, nulls=NAME)
        self.refuse(self.rows("select 1 as a union all select 'x'").arrow)
        self.refuse(pyarrow.schema, self.rows("select 1 as a union all select 'x'"))

    def write(self) -> None:
        for sql in (SELECT, "select * from facts"):
            self.rows(sql).json()
            self.rows(sql).json_lines()
        self.rows("select x'ff' as a").json(blobs="base64")
        self.refuse(self.rows("select x'ff' as a").json)
        self.refuse(self.rows().json_lines, blobs=NAME)

    def take_one(self) -> None:
        assert self.rows("select ? as name").scalar() == NAME
        assert self.rows("select ? as name, 1 as one").one() == (NAME, 1)
        self.refuse(self.rows().one)
        self.refuse(self.rows().scalar)

    def take_parts(self) -> None:
        parts = self.rows().batches(2)
        for part in iter(parts):
            assert part.columns
            part.tuples()
        for part in self.rows().batches(1):
            with suppress(*REFUSED):
                part.arrow()
        next(self.rows().batches(1))
        self.refuse(self.rows().batches, 0)


# Which of them shows each of the names.
ROWS = {
    "__arrow_c_schema__": Calls.make_columns,
    "__arrow_c_stream__": Calls.make_columns,
    "__enter__": Calls.iterate,
    "__exit__": Calls.iterate,
    "__iter__": Calls.iterate,
    "__next__": Calls.iterate,
    "arrow": Calls.make_columns,
    "batches": Calls.take_parts,
    "close": Calls.iterate,
    "column": Calls.make_columns,
    "columns": Calls.ask,
    "dicts": Calls.list_rows,
    "json": Calls.write,
    "json_lines": Calls.write,
    "numpy": Calls.make_columns,
    "one": Calls.take_one,
    "scalar": Calls.take_one,
    "to": Calls.make_instances,
    "tuples": Calls.list_rows,
}
CALLS = sorted(set(ROWS.values()), key=lambda call: call.__name__)


def test_every_public_call_is_listed() -> None:
    assert public_names(_core.Rows) == set(ROWS)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
@pytest.mark.parametrize("module", [onecross.sql, onecross.sql.sqlite3], ids=["sql", "sqlite3"])
def test_a_public_call_keeps_nothing(reference_delta, module: Any, call: Any) -> None:
    calls = Calls(module)
    delta = reference_delta(lambda: call(calls), *INPUTS, calls.connection)
    assert set(delta.references) == {0}
    assert abs(delta.blocks_per_call) < 0.5
    calls.connection.close()
