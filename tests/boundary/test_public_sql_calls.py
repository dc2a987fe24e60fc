"""Every public call of SQL keeps neither references nor memory; one that is not listed fails."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

import onecross.sql
import onecross.sql.sqlite3
from onecross import _core
from onecross.sql import constants
from onecross.sql.sqlite3 import PrepareProtocol, Row, adapt

# What calls are given; nobody else holds them, so that their counts tell.
NAME, WIDE, REAL = "Ada Lovelace, née Byron", 2**40 + 5, 2.5**9
BLOB, ARRAY = b"bytes" * 9, bytearray(b"array" * 9)


class Text(str):
    __slots__ = ()


class Conforming:
    def __conform__(self, protocol: Any) -> Any:
        return WIDE


class NotConforming:
    def __conform__(self, protocol: Any) -> Any:
        raise LookupError(NAME)


class Total:
    def __init__(self) -> None:
        self.total = 0

    def step(self, *values: Any) -> None:
        self.total += len(values)

    inverse = step

    def finalize(self) -> Any:
        return WIDE

    value = finalize


class FailingTotal(Total):
    def finalize(self) -> Any:
        raise LookupError(NAME)


def answer(*_values: Any) -> Any:
    return NAME


def fail(*_values: Any) -> Any:
    raise LookupError(NAME)


def allow(*_values: Any) -> int:
    return 0


TEXT, CONFORMING, UNKNOWN, FAILING = Text(NAME), Conforming(), object(), NotConforming()
ROW = (NAME, WIDE, REAL, BLOB)
ROWS = [ROW, [TEXT, None, True, ARRAY], (CONFORMING, memoryview(BLOB), WIDE, "")]
NAMED = {"first": NAME, "second": WIDE}
INPUTS = [
    NAME,
    WIDE,
    REAL,
    BLOB,
    ARRAY,
    TEXT,
    CONFORMING,
    UNKNOWN,
    FAILING,
    ROW,
    ROWS,
    *ROWS,
    NAMED,
]
INPUTS += [Text, Conforming, Total, FailingTotal, answer, fail, allow]

SELECT = "select ?, ?, ?, ?"
ITEMS = "select name, amount, price, picture from item"
INSERT = "insert into item values (?, ?, ?, ?)"

# What a call may end with: each is one of those that it is meant to show.
REFUSED = (onecross.sql.Error, LookupError, OverflowError, TypeError, ValueError)


class Calls:
    """The calls of one face, on a connection and a cursor of it."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.connection = module.connect(":memory:")
        self.connection.execute("create table item (name, amount, price, picture)")
        self.connection.executemany(INSERT, ROWS)
        self.connection.commit()
        self.cursor = self.connection.cursor()

    def refuse(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        with pytest.raises(REFUSED):
            call(*arguments, **options)

    def open(self) -> None:
        self.module.connect(":memory:").close()
        self.refuse(self.module.connect, UNKNOWN)
        self.refuse(self.module.connect, "/no/such/folder/database")

    def execute(self) -> None:
        for execute in (self.connection.execute, self.cursor.execute):
            for row in ROWS:
                assert len(execute(SELECT, row).fetchall()) == 1
            execute("select :first, :second", NAMED).fetchone()
            execute(ITEMS).fetchone()
            for wrong in [(NAME,), (UNKNOWN,) * 4, (FAILING,) * 4, (2**70,) * 4, NAME, UNKNOWN]:
                self.refuse(execute, SELECT, wrong)
            self.refuse(execute, "select from", ROW)
            self.refuse(execute, UNKNOWN)
            self.refuse(execute, "select :first, :third", NAMED)
        self.connection.rollback()

    def execute_many(self) -> None:
        for execute in (self.connection.executemany, self.cursor.executemany):
            execute(INSERT, ROWS)
            execute(INSERT, iter(ROWS))
            self.refuse(execute, INSERT, [ROW, (UNKNOWN,) * 4])
            self.refuse(execute, INSERT, map(fail, ROWS))
            self.refuse(execute, INSERT, UNKNOWN)
        self.connection.rollback()

    def execute_script(self) -> None:
        for execute in (self.connection.executescript, self.cursor.executescript):
            execute("select 1; select 2")
            self.refuse(execute, "select 1; select from")
        self.connection.rollback()

    def fetch(self) -> None:
        self.cursor.execute(ITEMS)
        self.cursor.fetchone()
        self.cursor.fetchmany(1)
        next(self.cursor)
        next(iter(self.cursor), None)
        assert self.cursor.fetchall() == []
        self.cursor.execute("select cast(x'ff' as text)")
        self.refuse(self.cursor.fetchone)

    def query(self) -> None:
        for row in ROWS:
            assert len(self.connection.query(SELECT, row).tuples()) == 1
        self.connection.query("select :first, :second", NAMED).one()
        self.connection.query("savepoint s")
        self.connection.query("release s")
        self.refuse(self.connection.query(SELECT, (UNKNOWN,) * 4).tuples)
        for wrong in ("select from", UNKNOWN):
            self.refuse(self.connection.query, wrong)
        self.cursor.execute(ITEMS)
        rows = self.cursor.rows(types={"name": "ANY"})
        self.cursor.fetchone()
        rows.tuples()
        self.refuse(self.cursor.rows, types=NAMED)

    def make_cursor(self) -> None:
        cursor = self.connection.cursor()
        cursor.execute(ITEMS).fetchone()
        cursor.close()
        self.refuse(cursor.execute, ITEMS)
        unfinished = self.connection.cursor()
        unfinished.execute(ITEMS).fetchone()
        _core.Cursor(self.connection).execute(ITEMS)
        self.refuse(_core.Cursor, UNKNOWN)
        self.refuse(self.connection.cursor, answer)

    def look(self) -> None:
        self.cursor.execute(ITEMS)
        for name in ("arraysize", "connection", "description", "lastrowid", "row_factory"):
            getattr(self.cursor, name)
        assert self.cursor.rowcount == -1
        for name in ("in_transaction", "isolation_level", "text_factory", "total_changes"):
            getattr(self.connection, name)
        self.cursor.arraysize = 5
        self.cursor.setinputsizes(ROW)
        self.cursor.setoutputsize(WIDE)
        self.connection.autocommit = self.connection.autocommit
        if self.module is onecross.sql.sqlite3:
            self.connection.isolation_level = self.connection.isolation_level

    def open_blobs(self) -> None:
        row = self.connection.execute("select min(rowid) from item").fetchone()[0]
        with self.connection.blobopen("item", "picture", row) as blob:
            blob.write(blob.read(2))
            blob[0] = blob[1]
        self.refuse(self.connection.blobopen, "item", NAME, row)

    def copy(self) -> None:
        target = self.module.connect(":memory:")
        self.connection.commit()
        self.connection.backup(target, progress=answer)
        self.refuse(self.connection.backup, target, progress=fail, pages=1)
        target.commit()
        target.deserialize(self.connection.serialize())
        self.refuse(target.deserialize, UNKNOWN)
        self.refuse(self.connection.serialize, name=NAME)
        target.close()

    def set_limits(self) -> None:
        length = constants.SQLITE_LIMIT_LENGTH
        self.connection.setlimit(length, self.connection.getlimit(length))
        self.refuse(self.connection.getlimit, WIDE)
        triggers = constants.SQLITE_DBCONFIG_ENABLE_TRIGGER
        self.connection.setconfig(triggers, self.connection.getconfig(triggers))
        self.refuse(self.connection.getconfig, WIDE)

    def load_extensions(self) -> None:
        self.connection.enable_load_extension(True)
        self.refuse(self.connection.load_extension, NAME)
        self.connection.enable_load_extension(False)
        self.refuse(self.connection.load_extension, NAME)

    def make_rows(self) -> None:
        for owner in (self.connection, self.cursor):
            for factory in (answer, Row, fail, None):
                owner.row_factory = factory
                cursor = self.connection.cursor() if owner is self.connection else self.cursor
                with suppress(LookupError):
                    cursor.execute(ITEMS).fetchall()
        for factory in (answer, bytes, bytearray, fail, str):
            self.connection.text_factory = factory
            with suppress(LookupError):
                self.connection.execute(ITEMS).fetchall()

    def end(self) -> None:
        self.cursor.execute(INSERT, ROW)
        self.connection.rollback()
        self.cursor.execute("delete from item where name is ?", ("nobody",))
        self.connection.commit()
        with self.connection:
            self.cursor.execute("update item set name = name")
        with pytest.raises(LookupError), self.connection:
            fail()

    def interrupt(self) -> None:
        self.connection.interrupt()
        self.cursor.execute("select 1")

    def register_functions(self) -> None:
        connection = self.connection
        for function in (answer, fail, None):
            connection.create_function("f", -1, function)
            with suppress(*REFUSED):
                connection.execute("select f(name, amount) from item").fetchall()
        for kind in (Total, FailingTotal, None):
            connection.create_aggregate("g", 1, kind)
            with suppress(*REFUSED):
                connection.execute("select g(name) from item").fetchall()
            connection.create_window_function("w", 1, kind)
            with suppress(*REFUSED):
                connection.execute("select w(name) over (order by price) from item").fetchall()
        for function in (lambda one, other: len(one) - len(other), fail, None):
            connection.create_collation("c", function)
            with suppress(*REFUSED):
                connection.execute("select name from item order by name collate c").fetchall()

    def watch(self) -> None:
        connection = self.connection
        for hook in (
            connection.set_authorizer,
            connection.set_trace_callback,
            connection.set_commit_hook,
            connection.set_rollback_hook,
            connection.set_update_hook,
        ):
            for function in (allow, fail):
                hook(function)
                with suppress(*REFUSED):
                    connection.execute(INSERT, ROW)
                with suppress(*REFUSED):
                    connection.commit()
                with suppress(*REFUSED):
                    connection.rollback()
            hook(None)
        for function in (allow, fail):
            connection.set_progress_handler(function, 1)
            with suppress(*REFUSED):
                connection.execute(ITEMS).fetchall()
        connection.set_progress_handler(None, 1)
        connection.execute("delete from item where rowid > 3")
        connection.commit()


# Which of them shows each of the names.
CONNECTION = {
    "__enter__": Calls.end,
    "__exit__": Calls.end,
    "__init__": Calls.open,
    "autocommit": Calls.look,
    "close": Calls.open,
    "commit": Calls.end,
    "backup": Calls.copy,
    "blobopen": Calls.open_blobs,
    "create_aggregate": Calls.register_functions,
    "create_collation": Calls.register_functions,
    "create_function": Calls.register_functions,
    "create_window_function": Calls.register_functions,
    "cursor": Calls.make_cursor,
    "deserialize": Calls.copy,
    "enable_load_extension": Calls.load_extensions,
    "execute": Calls.execute,
    "executemany": Calls.execute_many,
    "executescript": Calls.execute_script,
    "getconfig": Calls.set_limits,
    "getlimit": Calls.set_limits,
    "in_transaction": Calls.look,
    "interrupt": Calls.interrupt,
    "isolation_level": Calls.look,
    "load_extension": Calls.load_extensions,
    "query": Calls.query,
    "rollback": Calls.end,
    "row_factory": Calls.make_rows,
    "serialize": Calls.copy,
    "set_authorizer": Calls.watch,
    "set_commit_hook": Calls.watch,
    "set_progress_handler": Calls.watch,
    "set_rollback_hook": Calls.watch,
    "set_trace_callback": Calls.watch,
    "set_update_hook": Calls.watch,
    "setconfig": Calls.set_limits,
    "setlimit": Calls.set_limits,
    "text_factory": Calls.make_rows,
    "total_changes": Calls.look,
}
CURSOR = {
    "__init__": Calls.make_cursor,
    "__iter__": Calls.fetch,
    "__next__": Calls.fetch,
    "arraysize": Calls.look,
    "close": Calls.make_cursor,
    "connection": Calls.look,
    "description": Calls.look,
    "execute": Calls.execute,
    "executemany": Calls.execute_many,
    "executescript": Calls.execute_script,
    "fetchall": Calls.fetch,
    "fetchmany": Calls.fetch,
    "fetchone": Calls.fetch,
    "lastrowid": Calls.look,
    "row_factory": Calls.make_rows,
    "rowcount": Calls.look,
    "rows": Calls.query,
    "setinputsizes": Calls.look,
    "setoutputsize": Calls.look,
}
CALLS = sorted({*CONNECTION.values(), *CURSOR.values()}, key=lambda call: call.__name__)


def public_names(kind: type) -> set[str]:
    names = {name for name in vars(kind) if not name.startswith("_") or name.endswith("__")}
    return names - (set(dir(object())) - {"__init__"}) - {"__module__", "__weakref__"}


@pytest.mark.parametrize(
    ("kind", "listed"), [(_core.Connection, CONNECTION), (_core.Cursor, CURSOR)]
)
def test_every_public_call_is_listed(kind: type, listed: dict[str, Any]) -> None:
    assert public_names(kind) == set(listed)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
@pytest.mark.parametrize("module", [onecross.sql, onecross.sql.sqlite3], ids=["sql", "sqlite3"])
def test_a_public_call_keeps_nothing(reference_delta, module: Any, call: Any) -> None:
    calls = Calls(module)
    delta = reference_delta(lambda: call(calls), *INPUTS, calls.connection, calls.cursor)
    assert set(delta.references) == {0}
    assert abs(delta.blocks_per_call) < 0.5
    calls.connection.close()


def use_rows() -> None:
    connection = onecross.sql.sqlite3.connect(":memory:")
    connection.row_factory = Row
    row, same = connection.execute("select ? as a, ? as b union all select 1, 2", (NAME, WIDE))
    assert (row["a"], row[1], len(row), row.keys()) == (NAME, WIDE, 2, ["a", "b"])
    assert row != same
    assert hash(row) == hash(row)
    assert list(row) == [NAME, WIDE]
    for key in ("c", 5, UNKNOWN):
        with pytest.raises(IndexError):
            row[key]
    connection.close()


def adapt_objects() -> None:
    assert adapt(CONFORMING) == WIDE
    with pytest.raises(LookupError):
        adapt(FAILING)
    with pytest.raises(onecross.sql.ProgrammingError):
        adapt(UNKNOWN)
    assert adapt(UNKNOWN, PrepareProtocol, NAME) == NAME


@pytest.mark.parametrize("call", [use_rows, adapt_objects])
def test_rows_and_adaptation_keep_nothing(reference_delta, call: Any) -> None:
    delta = reference_delta(call, *INPUTS)
    assert set(delta.references) == {0}
    assert abs(delta.blocks_per_call) < 0.5
