"""A database as the SQL text that makes it anew, as `sqlite3.dump` writes it."""

import sys
from collections.abc import Iterator
from typing import Any

from onecross import _core

_SCHEMA = 'SELECT "name", "sql" FROM "sqlite_master" WHERE "sql" NOT NULL AND '
_TABLES = _SCHEMA + '"type" == \'table\' {matching} ORDER BY "name"'
_OTHERS = _SCHEMA + "\"type\" IN ('index', 'trigger', 'view') {matching}"

_TELLS_VIOLATIONS = sys.version_info >= (3, 13)


def _iterdump(connection: _core.Connection, *, filter: str | None = None) -> Iterator[str]:  # noqa: A002 - sqlite3 calls it so
    """Yields the statements that make the database of a connection anew, with all its rows.

    Args:
        connection: The connection; the rows of its transaction are dumped, too.
        filter: A pattern of LIKE: only tables, views, indexes and triggers whose name matches.

    Raises:
        ProgrammingError: The connection is closed, or was never opened.
    """
    cursor = connection.cursor()
    cursor.row_factory = None
    return _dump(cursor, filter)


def _dump(cursor: _core.Cursor, pattern: str | None) -> Iterator[str]:
    if _TELLS_VIOLATIONS and cursor.execute("PRAGMA foreign_key_check").fetchall():
        yield "PRAGMA foreign_keys=OFF;"
    yield "BEGIN TRANSACTION;"

    matching = 'AND "name" LIKE ?' if pattern else ""
    parameters = (pattern,) if pattern else ()
    counters: list[str] = []
    has_virtual_tables = False
    for name, sql in cursor.execute(_TABLES.format(matching=matching), parameters).fetchall():
        if name == "sqlite_sequence":
            # The counters count up as rows are inserted, so that they are set behind all rows.
            counters = [f'DELETE FROM "{name}";', *_rows(cursor, name)]
            continue
        if name == "sqlite_stat1":
            yield 'ANALYZE "sqlite_master";'
        elif name.startswith("sqlite_"):
            continue
        elif sql.startswith("CREATE VIRTUAL TABLE"):
            if not has_virtual_tables:
                has_virtual_tables = True
                yield "PRAGMA writable_schema=ON;"
            yield _register(name, sql)
        else:
            yield f"{sql};"
        yield from _rows(cursor, name)

    for _, sql in cursor.execute(_OTHERS.format(matching=matching), parameters).fetchall():
        yield f"{sql};"
    if has_virtual_tables:
        yield "PRAGMA writable_schema=OFF;"
    yield from counters
    yield "COMMIT;"


def _register(name: str, sql: str) -> str:
    """The row of a virtual table in the schema: to create the table would make its shadows, too."""
    table = _text(name)
    columns = "type,name,tbl_name,rootpage,sql"
    values = f"'table',{table},{table},0,{_text(sql)}"
    return f"INSERT INTO sqlite_master({columns})VALUES({values});"


def _rows(cursor: _core.Cursor, name: str) -> Iterator[str]:
    """One INSERT for each row of a table; SQLite itself writes the values."""
    table = _identifier(name)
    columns: list[Any] = cursor.execute(f"PRAGMA table_info({table})").fetchall()
    values = "||','||".join(f"quote({_identifier(column[1])})" for column in columns)
    start = _text(f"INSERT INTO {table} VALUES(")
    for row in cursor.execute(f"SELECT {start}||{values}||');' FROM {table}"):
        yield row[0]


def _identifier(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _text(value: str) -> str:
    return "'{}'".format(value.replace("'", "''"))
