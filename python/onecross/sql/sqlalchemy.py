"""A dialect of SQLAlchemy 2.1: `create_engine("sqlite+onecross:///data.db")`."""

import importlib
from typing import TYPE_CHECKING, cast

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIModule

__all__ = ["OnecrossDialect"]


class OnecrossDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect of `sqlite3`, over the drop-in `onecross.sql.sqlite3`.

    SQLAlchemy finds it by the name `sqlite+onecross`. URLs, types, pools and levels of isolation
    are those of `sqlite+pysqlite`, whose documentation holds for it, too: an application changes
    the beginning of its URL.

    Example:
        ```python
        from sqlalchemy import create_engine, text

        engine = create_engine("sqlite+onecross://")
        with engine.connect() as connection:
            assert connection.scalar(text("select 6 * :n"), {"n": 7}) == 42
        engine.dispose()
        ```
    """

    driver = "onecross"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> "DBAPIModule":
        """Import the module of PEP 249 whose connections are used."""
        return cast("DBAPIModule", importlib.import_module("onecross.sql.sqlite3"))
