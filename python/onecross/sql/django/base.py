"""The connection of Django's SQLite backend, made of what onecross has instead of `sqlite3`."""

import datetime
import decimal
from typing import Any

from django.db.backends.sqlite3 import base as django_sqlite3
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from onecross.sql import sqlite3
from onecross.sql.django._creation import DatabaseCreation
from onecross.sql.django._cursor import Cursor
from onecross.sql.django._features import DatabaseFeatures
from onecross.sql.django._operations import DatabaseOperations
from onecross.sql.django._schema import DatabaseSchemaEditor

__all__ = ["DatabaseWrapper"]

# Those that Django gives `sqlite3`.
sqlite3.register_converter("bool", b"1".__eq__)
sqlite3.register_converter("date", django_sqlite3.decoder(parse_date))
sqlite3.register_converter("time", django_sqlite3.decoder(parse_time))
sqlite3.register_converter("datetime", django_sqlite3.decoder(parse_datetime))
sqlite3.register_converter("timestamp", django_sqlite3.decoder(parse_datetime))
sqlite3.register_adapter(decimal.Decimal, str)
sqlite3.register_adapter(datetime.date, django_sqlite3.adapt_date)
sqlite3.register_adapter(datetime.datetime, django_sqlite3.adapt_datetime)


class DatabaseWrapper(django_sqlite3.DatabaseWrapper):
    """Django's connection to SQLite, with its options, over one of `onecross.sql.sqlite3`."""

    Database = sqlite3
    SchemaEditorClass = DatabaseSchemaEditor
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    @async_unsafe  # type: ignore[untyped-decorator]
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the database, with Django's functions, foreign keys and the commands of OPTIONS."""
        connection: sqlite3.Connection = sqlite3.connect(**conn_params)
        register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        for command in filter(None, map(str.strip, self.init_commands)):
            connection.execute(command)
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:  # noqa: ARG002 - Django's
        """Make a cursor that takes Django's placeholders."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor
