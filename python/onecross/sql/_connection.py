"""Connections of `onecross.sql`, with the defaults that a new program should have."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from onecross import _core
from onecross.sql import _storing, errors
from onecross.sql._exceptions import Exceptions
from onecross.sql._intake import given
from onecross.sql._opening import profile_of
from onecross.sql._shared_file import Opening

if TYPE_CHECKING:
    from onecross._core_sql import Parameters

    if sys.version_info >= (3, 14):
        from string.templatelib import Template
    else:
        Template = str

AnyCursor = TypeVar("AnyCursor", bound=_core.Cursor)

_IMMEDIATE = "IMMEDIATE"


class Connection(Exceptions, _core.Connection):
    """A connection to a database, which any thread may use; see `connect` for the arguments.

    `with connection:` is a transaction: it is committed when the block is left, and rolled back
    when an exception leaves it. A block within a block is a savepoint: an exception undoes what
    was done in its own block only. Leaving a block does not close the connection: for that there
    is `contextlib.closing`.

    If the transaction is gone in the middle of a block, as after a missed deadline, all statements
    raise until the block is left.

    Example:
        ```python
        from contextlib import closing

        import onecross.sql

        with closing(onecross.sql.connect(":memory:")) as connection:
            with connection:
                connection.execute("create table seats (number integer primary key, row text)")
                connection.executemany("insert into seats (row) values (?)", [("A",), ("B",)])
            try:
                with connection:
                    connection.execute("delete from seats")
                    raise LookupError
            except LookupError:
                pass
            assert connection.execute("select count(*) from seats").fetchone() == (2,)
        ```
    """

    __slots__ = ()

    def __init__(
        self,
        database: str | os.PathLike[str],
        *,
        timeout: float = 5.0,
        deadline: float | None = None,
        profile: str | None = None,
        autocommit: bool = False,
        uri: bool = False,
        read_only: bool = False,
        cached_statements: int = 128,
    ) -> None:
        settings = profile_of(profile)
        if deadline is None:
            deadline = settings.deadline
        rules = _core.Rules(strict=True, deadline=deadline, read_only=read_only)
        with Opening() as opening:
            super().__init__(
                database, timeout, 0, _IMMEDIATE, False, cached_statements, uri, autocommit, rules
            )
            try:
                path = os.fsdecode(self._path)
                opening.warn_of_sharing(path)
                settings.set_up(self, path)
            except BaseException:
                super().close()
                raise

    if TYPE_CHECKING:
        # What its cursors are, and that statements may be template strings.

        @overload
        def cursor(self) -> _core.StrictCursor: ...
        @overload
        def cursor(self, factory: Callable[[Any], AnyCursor]) -> AnyCursor: ...
        def cursor(self, factory: Any = ...) -> Any: ...
        def execute(
            self, sql: str | Template, parameters: Parameters = ..., /
        ) -> _core.StrictCursor: ...
        def executemany(
            self, sql: str, parameters: Iterable[Parameters] | Mapping[str, Any], /
        ) -> _core.StrictCursor: ...
        def executescript(self, sql_script: str, /) -> _core.StrictCursor: ...

    @property
    def isolation_level(self) -> str:  # type: ignore[override]
        """The word that follows BEGIN: a transaction begins before the first statement that writes.

        `autocommit` tells whether transactions are begun at all.
        """
        return _IMMEDIATE

    @property
    def messages(self) -> list[Any]:
        """What the database has to say beside errors: nothing."""
        return []

    def prepare(self, sql: str) -> _core.Statement:
        """Keep a statement ready, to run it many times.

        Args:
            sql: The text of one statement.

        Returns:
            A statement to call, or to `execute`: each time it is run by a new cursor.

        Raises:
            OperationalError: There is an error in the text, and the message shows where.

        Example:
            ```python
            import onecross.sql

            connection = onecross.sql.connect(":memory:")
            double = connection.prepare("select 2 * :number")
            assert [double(number=number).fetchone() for number in (1, 2)] == [(2,), (4,)]
            ```
        """
        return _core.Statement(self, sql)

    def insert(
        self,
        table: str,
        data: Any,
        *,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        on_conflict: _storing.Conflict = "abort",
        schema: str | None = None,
        progress: _storing.Progress = False,
    ) -> int:
        """Store many rows in a table: all of them, or none.

        It is one transaction, or part of the one that is open. Rows are read as they are stored, so
        that a generator needs no more memory than some thousand of them. What values become is as
        for parameters; in arrays of floats, not-a-number is NULL.

        Args:
            table: The name of the table.
            data: Columns, as a mapping of names to NumPy arrays, lists, or whatever hands out Arrow
                data; anything that hands out a table of Arrow data, as data frames do; or an
                iterable of rows: tuples, mappings, or objects with attributes.
            columns: The columns to take, in any order, or a mapping of their names to those that
                the table has for them. Tuples have their values in this order; without it, in that
                of all columns of the table.
            on_conflict: What is done with a row that would violate a UNIQUE constraint. "abort"
                raises; "ignore" leaves it out; "replace" deletes the row that is there; "update"
                gives that row the other values. Names of columns do the same as "update" for rows
                that have equal values in these columns.
            schema: The database that the table is in, if it is not the first that has one.
            progress: Whether to show a bar, for which the extra `progress` is wanted; or a function
                that is told how many rows are stored, and how many there are, or None.

        Returns:
            How many rows were stored or changed.

        Raises:
            ColumnError: A value has no form in SQLite. It, as the error of a constraint, has the
                attributes `row`, counted from 0, `column` and `value`.
            IntegrityError: A constraint would be violated.
            OperationalError: There is no such table or column.
            ProgrammingError: The columns differ in length, or a row has not those of the others.

        Example:
            ```python
            import onecross.sql

            connection = onecross.sql.connect(":memory:")
            connection.execute("create table seat (number integer primary key, price real)")
            assert connection.insert("seat", {"number": [1, 2], "price": [9.5, 8.0]}) == 2
            assert connection.insert("seat", [(3, 7.5)]) == 1
            assert connection.insert("seat", [{"number": 3, "price": 7}], on_conflict="update") == 1
            assert connection.execute("select sum(price) from seat").fetchone() == (24.5,)
            ```
        """
        return _storing.insert(self, table, data, columns, on_conflict, schema, progress)

    def create(
        self,
        table: str,
        data: Any,
        *,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        types: Mapping[str, str | type] | None = None,
        primary_key: str | Sequence[str] | None = None,
        schema: str | None = None,
        progress: _storing.Progress = False,
    ) -> int:
        """Make a table for rows, and store them in it, as `insert` does: all of it, or nothing.

        Columns of Arrow data and of numbers tell their type; others have the type of their values,
        or of those in the first 1,000 rows, and what does not fit it later is an error. Where
        values of several types are mixed, a column has no type, and keeps each as it is.

        Args:
            table: The name of the table.
            data: As for `insert`.
            columns: As for `insert`. Tuples need it.
            types: The types of some columns, as CREATE TABLE has them, or by the classes of their
                values; `object`, as "", keeps each as it is.
            primary_key: The column, or the columns, of the primary key.
            schema: The database to make it in.
            progress: As for `insert`.

        Returns:
            How many rows were stored.

        Raises:
            ColumnError: As for `insert`; or a value does not fit the type that those of the first
                rows have: `types` tells another one.
            OperationalError: There is a table of that name.
            ProgrammingError: There is no such column, or nothing tells the names of the columns.

        Example:
            ```python
            import datetime

            import onecross.sql

            connection = onecross.sql.connect(":memory:")
            sold = [{"seat": 1, "on": datetime.date(2026, 11, 22)}]
            assert connection.create("sale", sold, primary_key="seat") == 1
            assert connection.execute("select * from sale").fetchone() == (1, "2026-11-22")
            ```
        """
        return _storing.create(self, table, data, columns, types, primary_key, schema, progress)

    def register(
        self, name: str, data: Any, *, columns: Sequence[str] | Mapping[str, str] | None = None
    ) -> None:
        """Have SQL read columns in memory as a table, which no database knows.

        Arrow data are read where they lie; NumPy arrays and all else as they are now, of which a
        copy is made. No transaction undoes it, and no other connection sees it. A table that is
        created in the database under the name later is read instead.

        Args:
            name: The name in SQL, instead of what is registered under it, if anything is.
            data: As for `insert`.
            columns: As for `insert`. Tuples need it.

        Raises:
            ColumnError: A value has no form in SQLite.
            OperationalError: There is a table, a view or a function of that name.

        Example:
            ```python
            import onecross.sql

            connection = onecross.sql.connect(":memory:")
            connection.create("seat", {"number": [1, 2, 3], "price": [9.5, 8.0, 7.5]})
            connection.register("wanted", {"number": [3, 1]})
            text = "select sum(price) from seat join wanted using (number)"
            assert connection.execute(text).fetchone() == (17.0,)
            connection.unregister("wanted")
            ```
        """

        def begin() -> tuple[_core.Intake, list[str], list[int]]:
            source = given(self, data, columns)
            if not source.names:
                raise errors.ProgrammingError("columns= tells the names of the columns")
            return source.intake, list(source.names), source.places

        _core.register_table(self, name, begin)

    def unregister(self, name: str) -> None:
        """Forget what was registered. Statements that run go on with it.

        Raises:
            ProgrammingError: Nothing is registered under the name.
        """
        if not _core.unregister_table(self, name):
            raise errors.ProgrammingError(f"nothing is registered under the name {name!r}")


def connect(
    database: str | os.PathLike[str],
    *,
    timeout: float = 5.0,
    deadline: float | None = None,
    profile: str | None = None,
    autocommit: bool = False,
    uri: bool = False,
    read_only: bool = False,
    cached_statements: int = 128,
) -> Connection:
    """Open a database; a file that is not there is created.

    A database that is created is kept in WAL mode, so that nobody who reads waits for who writes;
    one that is found stays as it is. Foreign keys are enforced, and what is committed is on the
    disk (`synchronous=FULL`). Before the first statement that writes, a transaction begins, with
    BEGIN IMMEDIATE; a SELECT needs none.

    Args:
        database: The path, or ":memory:" for a database of this connection alone.
        timeout: How many seconds to wait for a lock of another connection.
        deadline: How many seconds one call may take: a statement that takes longer is stopped, and
            a lock is not waited for any longer.
        profile: "secure" where the database or its statements are somebody else's: the database is
            checked as it is opened, its schema is not trusted, nothing can be attached, strings
            stand in single quotes only, limits are low, and the deadline is 5 seconds if no other
            is given.
        autocommit: Whether each statement is a transaction of its own, outside of `with` blocks.
        uri: Whether `database` may be a URI, as "file:data.db?mode=rw".
        read_only: Whether nothing is to be written. The file must be there then.
        cached_statements: How many statements are kept ready for when they come again.

    Returns:
        A connection that any thread may use.

    Raises:
        OperationalError: The file cannot be opened.
        ValueError: There is no such profile.

    Example:
        ```python
        import onecross.sql

        connection = onecross.sql.connect(":memory:", deadline=10)
        assert connection.execute("select 6 * ?", (7,)).fetchone() == (42,)
        connection.close()
        ```
    """
    return Connection(
        database,
        timeout=timeout,
        deadline=deadline,
        profile=profile,
        autocommit=autocommit,
        uri=uri,
        read_only=read_only,
        cached_statements=cached_statements,
    )
