"""The bindings to SQLite that compete, each as a way to open an empty database.

Each has a copy of SQLite of its own, and two copies in one process must not open the same file:
every database is in memory.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import apsw
from measure import nothing

import onecross.sql
import onecross.sql.sqlite3


@dataclass(frozen=True)
class Database:
    """A cursor of an open database, and what a transaction takes; `rollback` needs none open."""

    cursor: Any
    begin: Callable[[], object]
    commit: Callable[[], object]
    rollback: Callable[[], object]
    close: Callable[[], object]


@dataclass(frozen=True)
class Driver:
    """A binding, by the name that goals know it by."""

    name: str
    open: Callable[[], Database]

    def title(self) -> str:
        """The name with the version of the engine, whose share of a figure is not small."""
        with closing(self.open()) as database:
            database.cursor.execute("select sqlite_version()")
            return f"{self.name}, SQLite {database.cursor.fetchone()[0]}"


def pep_249(module: ModuleType, name: str = "") -> Driver:
    """A module of PEP 249, with what it does by default: the first change begins a transaction."""

    def open_database() -> Database:
        connection = module.connect(":memory:")
        return Database(
            connection.cursor(),
            begin=nothing,
            commit=connection.commit,
            rollback=connection.rollback,
            close=connection.close,
        )

    return Driver(name or module.__name__, open_database)


def open_apsw() -> Database:
    """A database of apsw, where nothing begins a transaction but `begin`."""
    connection = apsw.Connection(":memory:")
    cursor = connection.cursor()

    def execute(sql: str) -> Callable[[], object]:
        return lambda: cursor.execute(sql)

    def rollback() -> None:
        if connection.in_transaction:
            cursor.execute("rollback")

    return Database(
        cursor,
        begin=execute("begin"),
        commit=execute("commit"),
        rollback=rollback,
        close=connection.close,
    )


STANDARD = "sqlite3"
APSW = "apsw"

FACES = [pep_249(onecross.sql), pep_249(onecross.sql.sqlite3)]
RIVALS = [Driver(APSW, open_apsw), pep_249(sqlite3, STANDARD)]
# The standard library's binding over a newer engine: what is left is the binding's own share.
if find_spec("pysqlite3"):
    RIVALS.append(pep_249(import_module("pysqlite3.dbapi2"), "pysqlite3"))
