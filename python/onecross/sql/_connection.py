"""Connections of `onecross.sql`, with the defaults that a new program should have."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from onecross import _core
from onecross.sql._exceptions import Exceptions
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
            self, sql: str, parameters: Iterable[Parameters], /
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
