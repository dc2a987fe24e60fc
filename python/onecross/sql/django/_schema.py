"""Literals of SQL in the statements that change a schema."""

from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import schema as django_sqlite3

from onecross.sql import sqlite3

__all__ = ["DatabaseSchemaEditor"]


class DatabaseSchemaEditor(django_sqlite3.DatabaseSchemaEditor):
    """The schema editor of Django's SQLite backend."""

    def quote_value(self, value: Any) -> str:
        """Write a value as SQL does, adapted as a parameter would be."""
        with suppress(sqlite3.ProgrammingError):
            value = sqlite3.adapt(value)
        quoted: str = super().quote_value(value)
        return quoted
